"""Does forgetting change any count, clock, sum, audit or the seal?"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections import fairness_counts, fairness_names, sealcheck, sla
from projections.all import PROJECTIONS
from projections.seal import root, seal
from projections.search import PROJECTION as SEARCH
from recovery.errors import Refused
from recovery.fairness.records import Question
from recovery.forgetter import Forgetter
from recovery.forgetting import look
from tests.cast import ADA, ANA, BO, DAY, HOUR, NINE
from tests.desks import TestDesk
from tests.forgetting.people import LONG, OTTOLINE
from tests.seal.test_seal import SIGNER
from web.fairness.running import reckon

ACTS: dict[str, dict[str, Any]] = {
    "acknowledge": {}, "explain": {"outcome": "upheld", "message": "It was left next door."},
    "compensate": {"kind": "in_kind", "reason": "inconvenience", "message": "A voucher."},
    "close": {"outcome": "upheld"}, "reopen": {"reason": "new_facts"},
    "pause": {"reason": "waiting_for_part"}, "resume": {}, "assign": {"agent": BO},
    "classify": {"severity": "critical"}, "withdraw": {"words": "Never mind."},
    "add_note": {"text": "She rang."},
}  # fmt: skip
SCRUBBED = {"search", "payees", "claims"}
"""Read models that lose rows or words: whom to find, whom to pay, whose claims are alike."""


def figures(desk: TestDesk, size: int) -> dict[str, Any]:
    """Everything that is counted, summed and proved."""
    found: dict[str, Any] = {}
    with desk.store.database.connection() as conn:
        for projection in PROJECTIONS:
            if projection.name not in SCRUBBED:
                found[projection.name] = conn.execute(
                    "select count(*), md5(string_agg(t::text, '' order by t::text))"
                    f" from read.{projection.table.name} t"
                ).fetchone()
        found["seal"] = root(conn, size)
    until = NINE + 30 * DAY
    with desk.store.database.engine.connect() as conn:
        found["report"] = sla.report(conn, sla.Question(as_of=until, zone="UTC"))
        question = Question(measure="money_relief", group="channel", as_of=until, zone="UTC")
        resolved = fairness_counts.resolve(question, fairness_names.known(conn))
        found["audit"] = reckon(conn, question, resolved, desk.policies)
    return found


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1)), max_size=8))
def test_forgetting_changes_no_figure_and_not_the_seal(
    desk: TestDesk, acts: list[tuple[str, int]]
) -> None:
    at = NINE
    theirs = [desk.receive(contact=OTTOLINE), desk.receive(contact=LONG, language="zh")]
    for name, which in acts:
        at += 3 * HOUR
        try:
            getattr(desk.desk, name)(theirs[which], by=ANA, at=at, **ACTS[name])
        except Refused:
            continue
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        head = seal(conn, SIGNER, at)
    assert head is not None
    before = figures(desk, head.size)
    people = {desk.desk.state(reference)[0].received.complainant for reference in theirs}

    for person in people:
        Forgetter(desk.store, desk.vault).forget(person, by=ADA, at=at + HOUR, reason="asked")
    desk.engine.catch_up()

    assert figures(desk, head.size) == before
    with desk.store.database.connection() as conn:
        assert sealcheck.check(conn, {SIGNER.key}).offence is None
    assert all(look(desk.store, desk.vault, person).is_empty for person in people)


def test_of_the_projections_only_the_search_holds_words_of_people() -> None:
    """What else would, `projections.scrubbing` has to build anew too; areas are the desk's own."""
    assert {each.name for each in PROJECTIONS if each.reads_papers} == {SEARCH.name, "areas"}
