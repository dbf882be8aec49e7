"""Is somebody forgotten when the rules say so, never earlier, and with a proof?"""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from projections import retention as due_people
from recovery import retention
from recovery.errors import Invalid, Refused
from recovery.events import Keeping, Outcome
from recovery.forgetter import Forgetter
from recovery.forgetting import look
from recovery.forgotten import Gone, since
from recovery.money import Money
from recovery.payout import Payout, payout_id
from recovery.policy.guarantees.trace import Entitled, Step
from recovery.store import Conflict
from tests.cast import ANA, DAY, HOUR, NINE, SUE
from tests.desks import TestDesk
from tests.forgetting.people import LONG, OTTOLINE, complainant_of, letter
from tests.mail.intake.conftest import MailDesk

RULES = """
[[rule]]
name = "billing that was upheld"
keep = "6 years"
categories = ["billing"]
outcomes = ["upheld", "partly_upheld"]

[[rule]]
name = "the others"
keep = "30 days"
outcomes = ["upheld", "not_upheld", "withdrawn"]
"""


def closed(desk: TestDesk, outcome: Outcome = "not_upheld", **more: Any) -> str:
    reference = desk.receive(**more)
    desk.desk.explain(
        reference, by=ANA, at=NINE + HOUR, outcome=outcome, message="This is what happened."
    )
    desk.desk.close(reference, by=ANA, at=NINE + 2 * HOUR, outcome=outcome)
    return reference


def due(desk: TestDesk, at: datetime) -> list[tuple[str, ...]]:
    """The complaints of everybody who is due."""
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        rules = retention.parse(RULES)
        found = due_people.due(conn, rules, now=at, limit=10)
        assert due_people.counts(conn, rules, now=at)[""] == len(found)
    return [each.complaints for each in found]


@pytest.mark.parametrize("seen", [0, 2, 99])
def test_rules_that_were_not_the_latest_when_they_were_seen_are_not_replaced(
    desk: TestDesk, seen: int
) -> None:
    retention.adopt(desk.store, retention.parse(RULES), by=SUE, at=NINE)

    with pytest.raises(Conflict):
        retention.adopt(desk.store, (), by=SUE, at=NINE, seen=seen)


def test_the_first_rule_that_fits_counts_to_the_instant(desk: TestDesk) -> None:
    other = closed(desk, contact=OTTOLINE)
    billing = closed(desk, "upheld", contact=LONG, category="billing")
    end = NINE + 2 * HOUR

    assert due(desk, end + 30 * DAY - HOUR) == []
    assert due(desk, end + 30 * DAY) == [(other,)]
    six_years = end.replace(year=end.year + 6)
    assert due(desk, six_years - HOUR) == [(other,)]
    assert due(desk, six_years) == [(other,), (billing,)]


def test_nobody_is_due_while_one_of_their_complaints_is_open_or_fits_no_rule(
    desk: TestDesk,
) -> None:
    closed(desk, contact=OTTOLINE)
    desk.receive(contact=OTTOLINE)
    closed(desk, contact=LONG)
    closed(desk, "out_of_scope", contact=LONG)

    assert due(desk, NINE + 10_000 * DAY) == []


def test_somebody_who_was_forgotten_is_not_due_again(desk: TestDesk) -> None:
    reference = closed(desk)
    person = desk.desk.state(reference)[0].received.complainant
    Forgetter(desk.store, desk.vault).forget(person, by=SUE, at=NINE + DAY, reason="asked")

    assert due(desk, NINE + 40 * DAY) == []


def test_whoever_is_at_work_again_stops_the_rule(desk: TestDesk) -> None:
    reference = closed(desk)
    person = desk.desk.state(reference)[0].received.complainant
    desk.desk.reopen(reference, by=ANA, at=NINE + DAY, reason="new_facts")

    with pytest.raises(Refused, match="is open"):
        Forgetter(desk.store, desk.vault).by_rule(
            person, rules=("the others",), complaints=(reference,), by=SUE, at=NINE + 40 * DAY
        )


def test_money_on_its_way_stops_the_rule_though_no_list_knows_of_it(desk: TestDesk) -> None:
    reference = closed(desk)
    person = desk.desk.state(reference)[0].received.complainant
    desk.engine.catch_up()
    ten = Money(Decimal(10), "GBP")
    found = Payout(reference, payout_id(reference, "late_explanation", "explain/1"))
    found.owe(
        Entitled("late_explanation", "explain/1", ten, None, "", (Step("fixed", ten.amount),)),
        policy="house", policy_version="1", by="system:clock", at=NINE,
    )  # fmt: skip
    desk.store.append(found.pending)

    with pytest.raises(Refused, match="Money is on its way"):
        Forgetter(desk.store, desk.vault).by_rule(
            person, rules=("the others",), complaints=(reference,), by=SUE, at=NINE + 40 * DAY
        )
    assert look(desk.store, desk.vault, person).papers > 0


def test_mail_that_waits_for_an_agent_stops_the_rule(mail: MailDesk) -> None:
    reference = closed(mail.desk, contact=OTTOLINE)
    assert mail.take(letter("List-Id: <list.quillfeather.example>")).state == "waiting"

    with pytest.raises(Refused, match="waits for an agent"):
        Forgetter(mail.desk.store, mail.desk.vault).by_rule(
            complainant_of(mail, reference), rules=("the others",), complaints=(reference,),
            by=SUE, at=NINE + 40 * DAY,
        )  # fmt: skip


def test_the_proof_can_be_worked_out_again_from_a_copy_of_the_papers(desk: TestDesk) -> None:
    reference = closed(desk)
    person = desk.desk.state(reference)[0].received.complainant
    with desk.store.database.connection() as conn:
        papers = conn.execute("select paper, sealed from desk.papers order by paper").fetchall()
    told = "".join(
        f"{paper} {hashlib.sha256(sealed).hexdigest()}\n"
        for paper, sealed in papers
        if paper in _papers_of(desk, person)
    )

    Forgetter(desk.store, desk.vault).by_rule(
        person, rules=("the others",), complaints=(reference,), by="system:retention",
        at=NINE + 40 * DAY,
    )  # fmt: skip

    [gone] = _gone(desk)
    assert gone.proof == hashlib.sha256(told.encode()).hexdigest()
    assert (gone.rule, gone.by) == ("the others", "system:retention")


def _papers_of(desk: TestDesk, person: str) -> set[str]:
    with desk.store.database.connection() as conn:
        rows = conn.execute("select paper from desk.papers where owner = %s", (person,)).fetchall()
    return {paper for (paper,) in rows}


def _gone(desk: TestDesk) -> list[Gone]:
    with desk.store.database.connection() as conn:
        return since(conn, 0)


def test_rules_are_written_as_they_were_read() -> None:
    rules = retention.parse(RULES)

    assert rules[1] == Keeping(
        "the others", 30, "days", outcomes=("upheld", "not_upheld", "withdrawn")
    )
    assert retention.parse(retention.write(rules)) == rules


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[rule]\n", "not TOML"),
        ('[[rule]]\nname = "a"\n', "keep"),
        ('[[rule]]\nname = "a"\nkeep = "0 years"\n', '"a": keep = "0 years"'),
        ('[[rule]]\nname = "a"\nkeep = "6 fortnights"\n', "write it like"),
        ('[[rule]]\nname = "a"\nkeep = "900 years"\n', "200 years"),
        ('[[rule]]\nname = "a"\nkeep = "6 years"\ncategories = ["\\u0000"]\n', "is not a code"),
        ('[[rule]]\nname = " "\nkeep = "6 years"\n', "needs a name"),
        ('[[rule]]\nname = "a"\nkeep = "6 years"\noutcomes = ["lost"]\n', "lost"),
        ('[[rule]]\nname = "a"\nkeep = "6 years"\nfor = "ever"\n', "for"),
        ('[[rule]]\nname = "a"\nkeep = "1 day"\n' * 2, "same name"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_would_be_right(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        retention.parse(text)
