"""Can one ask, ask again, look behind the answer and sign it, and may only those who may?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from recovery import areas, auditrun
from recovery.areas import Content
from recovery.errors import Invalid
from recovery.events import LookedInto, SignedOff, audit_stream
from recovery.fairness.records import NumberAnswer, Question, ShareAnswer, TimeAnswer
from tests.cast import ANA, DAY, NINE, SUE
from tests.desks import MR_LEE
from tests.fairness.conftest import AS_OF
from tests.web.pages.hands import Hands
from web.errors import BadBody
from web.fairness import repeating, running
from web.fairness.asking import asked
from web.fairness.stored import Audit, audit
from web.runtime import Runtime

SitDown = Callable[..., Hands]
pytestmark = pytest.mark.usefixtures("compared")


def ask(runtime: Runtime, **more: Any) -> Audit:
    given = {"measure": "money_relief", "group": "channel", "as_of": AS_OF, **more}
    done = running.run(runtime, Question(**given), by=SUE, at=AS_OF)
    return audit(runtime.store, auditrun.id_of(done))


def shares(found: Audit) -> dict[str, tuple[int | None, int | None]]:
    assert isinstance(found.answer, ShareAnswer)
    return {g.group: (g.yes, g.n) for g in found.answer.groups}


def test_what_was_planted_is_found(runtime: Runtime) -> None:
    found = ask(runtime, strata=("product",))

    assert shares(found) == {"email": (42, 120), "phone": (45, 120)}
    assert found.answer.left_out.open == 4
    assert found.holds


def test_postcodes_are_padded_and_masked_ones_are_in_no_area(runtime: Runtime) -> None:
    found = ask(runtime, group="income_tercile", measure="attribute.zip=606XX")

    assert isinstance(found.answer, ShareAnswer)
    assert {g.group: g.n for g in found.answer.groups} == {"low": 80, "middle": 80, "high": 80}
    assert found.answer.left_out.no_group == 4
    assert found.ran.areas == ("zip@1",)


def test_a_repeat_with_the_same_as_of_gives_the_same_digest(runtime: Runtime) -> None:
    first = ask(runtime, strata=("product",))
    runtime.desk.receive(by=ANA, at=AS_OF + DAY, description="Late.", contact=MR_LEE)
    runtime.engine.catch_up()
    again = ask(runtime, strata=("product",))

    assert (first.id, first.ran.log_position) != (again.id, again.ran.log_position)
    assert (first.ran.digest, first.ran.result) == (again.ran.digest, again.ran.result)


def test_a_repeat_looks_up_the_table_that_was_used_then(runtime: Runtime) -> None:
    first = ask(runtime, group="income_tercile")
    turned = Content(("income",), tuple((f"00{601 + n}", (str(-n),)) for n in range(12)))
    areas.upload(runtime.store, runtime.vault, turned, attribute="zip", by=SUE, at=NINE)
    runtime.engine.catch_up()

    assert repeating.repeat(runtime, first).same
    assert ask(runtime, group="income_tercile").ran.digest != first.ran.digest


def test_what_was_recorded_late_is_told_and_what_was_known_then_is_the_same(
    runtime: Runtime,
) -> None:
    first = ask(runtime, measure="time_to_close")
    runtime.desk.receive(by=ANA, at=NINE, description="Late.", channel="phone", contact=MR_LEE)
    runtime.engine.catch_up()
    again = repeating.repeat(runtime, first)

    assert not again.same
    assert "tell of what had happened before" in repeating.why(again, str)[0]
    assert repeating.repeat_as_known(runtime, first).same


def test_what_happened_later_has_not_happened_yet(runtime: Runtime) -> None:
    before = ask(runtime, as_of=NINE + DAY / 2)

    assert before.answer.complaints == 0
    assert before.answer.left_out.open == 244


def test_before_the_first_event_there_is_a_sentence(runtime: Runtime) -> None:
    found = ask(runtime, as_of=NINE - 400 * DAY)

    assert [each.code for each in found.answer.remarks] == ["nobody"]


def test_times_count_those_who_wait(runtime: Runtime) -> None:
    found = ask(runtime, measure="time_to_close")

    assert isinstance(found.answer, TimeAnswer)
    assert {g.group: g.n for g in found.answer.groups} == {"email": 124, "phone": 120}


def test_amounts_of_another_currency_are_not_added(runtime: Runtime) -> None:
    pounds, euros = (ask(runtime, measure="amount", currency=c) for c in ("GBP", "EUR"))

    assert isinstance(pounds.answer, NumberAnswer)
    assert {g.group: g.median for g in pounds.answer.groups} == {"email": 25.0, "phone": 25.0}
    assert (euros.answer.complaints, euros.answer.left_out.not_known) == (0, 87)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"measure": "happiness"}, "There is no measure 'happiness'"),
        ({"group": "star_sign"}, "There is no 'star_sign'"),
        ({"strata": ("channel",)}, "strata of something else"),
        ({"measure": "amount"}, "amounts in several are never added"),
        ({"filters": {"income_tercile": "low"}}, "Only a whole column"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    runtime: Runtime, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        ask(runtime, **more)


def test_a_question_without_a_measure_says_what_is_missing() -> None:
    with pytest.raises(BadBody) as wrong:
        asked({"as_of": "2026-01-01T00:00Z"}, now=AS_OF, zone="UTC")

    assert [each.field for each in wrong.value.errors] == ["measure", "group"]


# ---------------------------------------------------------------- on the page


def test_a_supervisor_asks_reads_looks_behind_and_signs(
    sit_down: SitDown, runtime: Runtime
) -> None:
    sue = sit_down("sue")
    sue.open("/audits")
    answer = sue.send(
        "/audits", measure="money_relief", group="channel", stratify="product",
        as_of=AS_OF.isoformat(),
    )  # fmt: skip
    assert "got money back in 35.0% of cases" in answer.text
    assert "<svg" in answer.html
    id = answer.address.rpartition("/")[2]

    behind = sue.send(f"/audits/{id}/complaints", group="email", stratum="loan")
    words = {"comment": "The mix of products.", "follow_up": "Look at loans."}
    form = sue.open(answer.address).forms[f"/audits/{id}/signature"] | words
    assert behind.text.count(" yes") == 12
    signed = sue.send(f"/audits/{id}/signature", **words)
    assert "Look at loans." in signed.text
    assert sue.client.post(f"/audits/{id}/signature", data=form).status_code == 200, (
        "a second click"
    )
    events = [each.event for each in runtime.store.records(audit_stream(id))]
    looked, last = events[1:]
    assert isinstance(looked, LookedInto)
    assert (looked.by, looked.group, looked.stratum, looked.complaints) == (
        SUE,
        "email",
        "loan",
        60,
    )
    assert isinstance(last, SignedOff)
    assert last.digest == audit(runtime.store, id).ran.digest


def test_audits_are_for_supervisors(sit_down: SitDown, runtime: Runtime) -> None:
    ana, id = sit_down("ana"), ask(runtime).id

    assert ana.open("/audits").status == 403
    assert ana.open(f"/audits/{id}").status == 403
    assert ana.open(f"/audits/{id}/result.json").status == 403


def test_files_say_what_the_page_says(sit_down: SitDown, runtime: Runtime) -> None:
    sue, id = sit_down("sue"), ask(runtime, strata=("product",)).id
    text = sue.open(f"/audits/{id}/table.csv?name=groups").html
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert [(row["group"], row["yes"], row["complaints"]) for row in rows] == [
        ("email", "42", "120"), ("phone", "45", "120"),
    ]  # fmt: skip
    whole = msgspec.json.decode(sue.open(f"/audits/{id}/result.json").html)
    assert whole["result"]["groups"][0]["yes"] == 42


def test_whoever_is_not_among_the_readers_sees_no_complaints(
    sit_down: SitDown, runtime: Runtime
) -> None:
    runtime.settings = runtime.settings.model_copy(update={"audit_readers": "ada@desk.test"})
    sue, id = sit_down("sue"), ask(runtime).id
    page = sue.open(f"/audits/{id}")

    assert f"/audits/{id}/complaints" not in page.forms
    page.forms[f"/audits/{id}/complaints"] = page.forms[f"/audits/{id}/signature"]
    refused = sue.send(f"/audits/{id}/complaints", group="email")
    assert refused.status == 403
    assert len(runtime.store.records(audit_stream(id))) == 1


# ---------------------------------------------------------------- for programs


def test_a_program_asks_once_and_reads_again(program: Callable[..., TestClient]) -> None:
    sue = program("sue")
    body = {"measure": "money_relief", "group": "channel", "as_of": AS_OF.isoformat()}
    first, again = (
        sue.post("/api/v1/audits/fairness", json=body, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    )

    assert (first.status_code, again.json()) == (201, first.json())
    read = sue.get(f"/api/v1/audits/{first.json()['id']}").json()
    assert read["digest"] == first.json()["digest"]
    assert read["result"]["groups"][1] == first.json()["result"]["groups"][1]


def test_a_program_of_an_agents_runs_no_audit(program: Callable[..., TestClient]) -> None:
    body = {"measure": "money_relief", "group": "channel"}

    assert program("ana").post("/api/v1/audits/fairness", json=body).status_code == 403
    assert program("sue").get("/api/v1/audits/none").status_code == 404
