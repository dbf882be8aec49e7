"""Can a supervisor say on pages what must be kept, and for how long?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from recovery import retention
from tests.cast import ANA, SUE
from tests.web.pages.hands import Hands
from web.runtime import Runtime

RULES = '[[rule]]\nname = "a day"\nkeep = "1 day"\n'


@pytest.fixture
def sue(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down("sue")


def test_a_hold_is_placed_listed_and_ended(sue: Hands, complaint: str) -> None:
    sue.open("/holds")
    placed = sue.send(
        "/holds", kind="complaint", subject=complaint, reason="Claim <4711>", until="2999-12-31"
    )
    assert "Nothing of it is forgotten from now on." in placed.text
    assert "Claim <4711>" in placed.text
    [action] = [action for action in placed.forms if action.endswith("/end")]

    ended = sue.send(action)

    assert "The hold is ended." in ended.text
    assert not [action for action in ended.forms if action.endswith("/end")]
    again = sue.client.post(action, data={"csrf": ended.forms["/holds"]["csrf"]})
    assert again.status_code == 422
    assert "This hold has been ended already." in again.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("kind", "planet", "Choose what it is about."),
        ("subject", "7GQ2M-4XK9T", "typing error"),
        ("reason", " ", "Say why it must be kept."),
        ("until", "soon", "This is not a day"),
        ("until", "1999-01-01", "This day has passed."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    sue: Hands, complaint: str, field: str, value: str, said: str
) -> None:
    sue.open("/holds")
    given = {"kind": "complaint", "subject": complaint, "reason": "4711", "until": ""}

    page = sue.send("/holds", **(given | {field: value}))

    assert page.status == 422
    assert said in page.text


def test_rules_are_shown_with_whom_they_forget_before_they_are_in_force(
    sue: Hands, complaint: str, runtime: Runtime
) -> None:
    reference = complaint.replace("-", "")
    at = runtime.desk.state(reference)[0].received.at
    assert at is not None
    runtime.desk.explain(reference, by=ANA, at=at, outcome="not_upheld", message="Snow.")
    runtime.desk.close(reference, by=ANA, at=at, outcome="not_upheld")
    runtime.engine.catch_up()
    assert "No rules are in force" in sue.open("/retention").text

    tried = sue.send("/retention", rules=RULES)
    assert "1 person is due to be forgotten." in tried.text
    assert complaint in tried.text
    assert runtime.store.records(retention.STREAM) == []
    forms = sue.client.post("/retention", data={
        "csrf": tried.forms["/retention"]["csrf"], "rules": RULES, "sure": "1", "seen": "0",
    }, follow_redirects=True)  # fmt: skip

    assert "The rules are in force." in forms.text
    assert len(runtime.store.records(retention.STREAM)) == 1


def test_rules_that_somebody_changed_meanwhile_are_looked_at_again(
    sue: Hands, runtime: Runtime
) -> None:
    token = sue.open("/retention").forms["/retention"]["csrf"]
    rules = retention.parse(RULES)
    retention.adopt(runtime.store, rules, by=SUE, at=datetime.now(UTC))

    late = sue.client.post(
        "/retention", data={"csrf": token, "rules": RULES, "sure": "1", "seen": "0"}
    )
    wrong = sue.client.post("/retention", data={"csrf": token, "rules": "keep it all"})

    assert late.status_code == 422
    assert "Somebody changed the rules meanwhile." in late.text
    assert wrong.status_code == 422
    assert "This is not TOML" in wrong.text


def test_agents_have_no_business_here(ana: Hands) -> None:
    assert ana.open("/holds").status == 403
    assert ana.open("/retention").status == 403
