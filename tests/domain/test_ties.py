"""How do two complaints belong together, and what may then be done with them?"""

from __future__ import annotations

import pytest

from recovery.complaint import Complaint
from recovery.events import GaveBack, Linked, Merged, TookIn, Unlinked, Unmerged
from tests.cast import ANA, HOUR, NINE
from tests.domain.story import (
    Given,
    acknowledged,
    closed,
    explained,
    received,
    reopened,
    state_after,
)  # fmt: skip

OTHER = "3C08ZK6WVT"
THIRD = "9D7XGZ2MNA"
AT = {"at": NINE + HOUR, "by": ANA}
MERGED = Merged(at=NINE + HOUR, by=ANA, complaint=OTHER)
UNMERGED = Unmerged(at=NINE + 2 * HOUR, by=ANA, complaint=OTHER)
TOOK_IN = TookIn(at=NINE + HOUR, by=ANA, complaint=OTHER)
LINKED = Linked(at=NINE + HOUR, by=ANA, complaint=OTHER)


@pytest.mark.parametrize(
    "act",
    [
        lambda c: c.acknowledge(acknowledged()),
        lambda c: c.explain(explained()),
        lambda c: c.close(closed()),
        lambda c: c.reopen(reopened()),
        lambda c: c.merge(Merged(at=NINE, by=ANA, complaint=THIRD)),
        lambda c: c.take_in(TookIn(at=NINE, by=ANA, complaint=THIRD)),
    ],
)
def test_a_merged_complaint_is_worked_on_under_the_other_one(act: object) -> None:
    assert callable(act)
    Given(received(), MERGED).then_refused(act, "answered under 3C08Z-K6WVT")


def test_merging_and_unmerging_leave_the_complaint_as_it_was() -> None:
    before = state_after(received(), acknowledged())

    assert state_after(received(), acknowledged(), MERGED, UNMERGED) == before
    assert not state_after(received(), MERGED).is_open


def test_a_complaint_that_holds_others_is_not_merged_itself() -> None:
    Given(received(), TOOK_IN).then_refused(
        lambda c: c.merge(Merged(at=NINE, by=ANA, complaint=THIRD)), "Unmerge them first"
    )
    given_back = GaveBack(at=NINE, by=ANA, complaint=OTHER)
    Given(received(), TOOK_IN, given_back).when(lambda c: c.merge(MERGED)).then(MERGED)


def test_only_what_is_merged_is_unmerged() -> None:
    Given(received()).then_refused(lambda c: c.unmerge(UNMERGED), "not merged")
    Given(received()).then_refused(
        lambda c: c.give_back(GaveBack(at=NINE, by=ANA, complaint=OTHER)), "not answered under"
    )


def test_two_complaints_are_linked_once() -> None:
    Given(received(), LINKED).then_refused(lambda c: c.link(LINKED), "linked already")
    unlinked = Unlinked(at=NINE, by=ANA, complaint=OTHER)
    Given(received()).then_refused(lambda c: c.unlink(unlinked), "not linked")
    Given(received(), LINKED, unlinked).when(lambda c: c.link(LINKED)).then(LINKED)


def test_a_closed_complaint_can_be_linked_but_not_merged() -> None:
    story = received(), explained(), closed()
    Given(*story).when(lambda c: c.link(LINKED)).then(LINKED)
    Given(*story).then_refused(lambda c: c.merge(MERGED), "is closed")
    assert isinstance(Given(*story).complaint, Complaint)
