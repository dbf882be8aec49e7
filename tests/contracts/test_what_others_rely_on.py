"""Is everything there that other people's scripts call: commands, options, calls, fields?

Written down here a second time, on purpose: what is renamed or dropped breaks this test before it
breaks somebody's script. More may be added freely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from recovery.maillist import Outcome
from tests.contracts.test_commands_are_documented import commands
from web import api, health
from web.api.calls import _call
from web.exporting import complaints, events, payouts
from web.exporting.columns import Column
from web.exporting.formats import FORMATS
from web.exporting.run import What
from web.importing import mapping

COMMANDS: dict[str, set[str]] = {
    "serve": {"--host", "--port", "--workers", "--with-worker", "--no-worker"},
    "work": {"--only"},
    "demo": {"--complaints", "--days", "--seed", "--json"},
    "import": {"--mapping", "--limit", "--dry-run", "--json"},
    "export": {"--format", "--as-of", "--json"},
    "rebuild": {"--check", "--json"},
    "verify": {"--json"},
    "policy check": {"--json"},
    "policy test": {"--json"},
    "policy try": {"--json"},
    "policy adopt": {"--json"},
    "policy list": {"--json"},
    "policy simulate": {"--from", "--to", "--json"},
    "audit fairness": {
        "--measure", "--group", "--stratify", "--from", "--to", "--as-of", "--json"
    },
    "audit sla": {"--json"},
    "audit payouts": {"--json"},
    "mail receive": {"--json"},
    "forget": {"--reason", "--json"},
    "hold place": {"--reason", "--json"},
    "hold end": {"--json"},
    "hold list": {"--json"},
    "retention run": {"--json"},
    "backup": {"--json"},
    "restore": {"--json"},
    "doctor": {"--json"},
    "user add": {"--role", "--password-stdin", "--json"},
    "token add": {"--scope", "--json"},
}  # fmt: skip
COMPLAINT = "/api/v1/complaints/{reference}"
ACT = {"message", "at"}
CALLS: dict[tuple[str, str], set[str]] = {
    ("POST", "/api/v1/complaints"): {
        "channel", "subject", "description", "complainant", "category", "severity", "received_at",
        "desired_outcomes", "incident", "policy",
    },
    ("POST", f"{COMPLAINT}/acknowledgement"): ACT,
    ("POST", f"{COMPLAINT}/explanation"): {"outcome", "cause", *ACT},
    ("POST", f"{COMPLAINT}/compensation"): {"kind", "amount", "currency", "reason", *ACT},
    ("POST", f"{COMPLAINT}/closure"): {"outcome", *ACT},
    ("POST", f"{COMPLAINT}/assignment"): {"agent"},
    ("DELETE", f"{COMPLAINT}/assignment"): set(),
    ("POST", f"{COMPLAINT}/notes"): {"text"},
    ("POST", f"{COMPLAINT}/pause"): {"reason", "until"},
    ("POST", f"{COMPLAINT}/resumption"): set(),
    ("POST", f"{COMPLAINT}/extension"): {"reason", "days"},
    ("POST", f"{COMPLAINT}/reopening"): {"reason"},
    ("POST", f"{COMPLAINT}/escalation"): {"reason", "to"},
    ("POST", f"{COMPLAINT}/incident"): {"facts"},
    ("POST", f"{COMPLAINT}/milestones"): {"type", "at"},
    ("POST", f"{COMPLAINT}/messages"): {"text"},
    ("GET", COMPLAINT): {"as_of"},
    ("GET", f"{COMPLAINT}/events"): set(),
    ("GET", f"{COMPLAINT}/clocks"): set(),
    ("GET", f"{COMPLAINT}/payouts"): set(),
    ("GET", "/api/v1/queue"): {"view", "limit", "cursor"},
    ("GET", "/api/v1/payouts"): {"state", "limit", "cursor"},
    **{
        ("POST", f"/api/v1/payouts/{{payout}}/{act}"): set()
        for act in (
            "approval", "refusal", "instruction", "confirmation", "failure", "reversal"
        )
    },
    ("GET", "/api/v1/reports/sla"): set(),
    ("GET", "/api/v1/reports/payouts"): set(),
    ("POST", "/api/v1/audits/fairness"): {"measure", "group", "stratify"},
    ("GET", "/api/v1/audits/{id}"): set(),
}  # fmt: skip
"""Of each call the fields of its body, or the parameters of its address."""
EXPORTED: dict[str, set[str]] = {
    "complaints": {
        "reference", "received_at", "channel", "category", "stage", "outcome", "closed_at",
        "amount", "currency", "clocks", "payouts", "subject", "description", "name", "email",
    },
    "events": {
        "position", "stream", "version", "type", "at", "recorded_at", "by", "payload"
    },
    "payouts": {
        "id", "complaint", "guarantee", "amount", "currency", "state", "due_at", "pay_by", "paid"
    },
}  # fmt: skip
EXPORTING = (Path(__file__).parents[2] / "docs" / "exporting.md").read_text()
OUTSIDE = ("/healthz", "/readyz", "/metrics")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_there_with_its_options(name: str) -> None:
    assert commands()[name] >= COMMANDS[name]


def test_what_comes_after_a_command_is_there() -> None:
    assert {"cfpb", "nyc311", "generic"} <= set(mapping.presets())
    assert set(get_args(What)) == {"complaints", "events", "payouts"}
    assert set(FORMATS) == {"csv", "jsonl", "parquet"}
    assert set(get_args(Outcome)) >= {
        "complaint", "appended", "proposed", "third_party", "bounce", "delayed", "auto_reply",
        "abuse_report", "receipt", "duplicate", "held",
    }  # fmt: skip


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The API in OpenAPI's words."""
    found: dict[str, Any] = api._document()
    return found


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_call_is_there_with_its_fields(call: tuple[str, str], described: dict[str, Any]) -> None:
    method, path = call
    operation = described["paths"][path][method.lower()]
    named = {each["name"] for each in operation.get("parameters", ())}
    if body := operation.get("requestBody"):
        reference = body["content"]["application/json"]["schema"]["$ref"]
        schema = described["components"]["schemas"][reference.rpartition("/")[2]]
        named |= schema["properties"].keys()

    assert named >= CALLS[call]


@pytest.mark.parametrize("what", get_args(What))
def test_the_columns_of_an_export_are_as_documented(what: What) -> None:
    tables: dict[What, Sequence[Column[Any]]] = {
        "complaints": (*complaints.COLUMNS, *complaints.WORDS),
        "events": events.COLUMNS, "payouts": payouts.COLUMNS,
    }  # fmt: skip
    columns = {column.name for column in tables[what]}
    named = set(re.findall(r"`([a-z_]+)`", EXPORTING))

    assert columns <= named
    assert columns >= EXPORTED[what]


def test_what_watches_over_the_desk_finds_it() -> None:
    assert {context.path for context in iter_route_contexts(health.router.routes)} >= {*OUTSIDE}


def test_every_post_can_be_sent_again() -> None:
    """It reads the `Idempotency-Key`."""
    app = FastAPI()
    app.include_router(api.router)
    posts = [each for each in iter_route_contexts(app.routes) if "POST" in (each.methods or ())]

    assert len(posts) > 25
    assert [each.path for each in posts if not _calls(each.dependant)] == []


def _calls(dependant: Dependant) -> bool:
    return any(each.call is _call or _calls(each) for each in dependant.dependencies)
