"""Does every process know which policy is in force, whoever adopted it?"""

from __future__ import annotations

import pytest

from recovery import policybook
from recovery.desk import Desk, reference_of
from recovery.errors import NotFound, Refused
from recovery.policy.adopt import house_policy
from recovery.policy.library import Policies
from tests.cast import ANA, DAY, NINE, SUE
from tests.desks import MR_LEE, TestDesk

SECOND = house_policy() + "\n# second"
THIRD = house_policy() + "\n# third"


def adopt(desk: TestDesk, text: str, **more: str) -> str:
    event = policybook.adopt(
        desk.store, desk.policies, text, by=SUE, at=NINE, reason="Because.", **more  # type: ignore[arg-type]
    )  # fmt: skip
    return event.version


def test_a_complaint_is_received_under_what_another_process_adopted(desk: TestDesk) -> None:
    elsewhere = Policies()
    policybook.learn(desk.store.database, elsewhere)
    other = Desk(desk.store, desk.vault, elsewhere, salt=b"salt")

    version = adopt(desk, SECOND)

    done = other.receive(by=ANA, at=NINE, description="Late.", contact=MR_LEE)
    assert other.state(reference_of(done))[0].received.policy_version == version


def test_the_same_text_is_not_adopted_twice_in_a_row(desk: TestDesk) -> None:
    with pytest.raises(Refused, match="in force already"):
        adopt(desk, house_policy())


def test_who_wrote_from_an_earlier_version_is_told_and_nothing_is_adopted(desk: TestDesk) -> None:
    first = desk.policies.latest("house")
    second = adopt(desk, SECOND, seen=first)

    with pytest.raises(Refused, match="Somebody else changed this policy"):
        adopt(desk, THIRD, seen=first)

    assert desk.policies.latest("house") == second
    assert adopt(desk, THIRD, seen=second)


def test_two_who_write_a_new_policy_do_not_overwrite_each_other(desk: TestDesk) -> None:
    text = house_policy().replace('id = "house"', 'id = "gold"')
    adopt(desk, text, seen="")

    with pytest.raises(Refused, match="Somebody else"):
        adopt(desk, text + "# mine", seen="")


def test_the_acts_on_all_policies_are_told_in_their_order(desk: TestDesk) -> None:
    adopt(desk, SECOND, open_complaints="follow")
    policybook.retire(desk.store, desk.policies, "house", by=SUE, at=NINE, reason="Replaced.")

    acts = policybook.acts(desk.store.database)

    assert [type(act).__name__ for _, act in acts] == ["Adopted", "Adopted", "Applied", "Retired"]
    assert policybook.acts(desk.store.database, after=acts[2][0]) == acts[3:]


def test_an_adoption_moves_no_open_complaint_unless_it_says_so(desk: TestDesk) -> None:
    adopt(desk, SECOND)

    assert desk.policies.applied() == {}


def test_open_complaints_leave_the_versions_before_the_one_applied(desk: TestDesk) -> None:
    first = desk.policies.latest("house")
    second = adopt(desk, SECOND, open_complaints="follow")
    third = adopt(desk, THIRD)

    assert desk.policies.applied() == {"house": (second, frozenset({first}), NINE)}

    policybook.apply(desk.store, desk.policies, "house", by=SUE, at=NINE + DAY, reason="All.")

    assert desk.policies.applied() == {"house": (third, frozenset({first, second}), NINE + DAY)}


def test_reading_old_events_again_does_not_bring_old_versions_back(desk: TestDesk) -> None:
    version = adopt(desk, SECOND)

    with desk.store.database.dedicated() as conn:
        desk.engine.read(conn, 0, 100)

    assert desk.policies.latest("house") == version


def test_a_retired_policy_takes_no_complaint_until_it_is_adopted_again(desk: TestDesk) -> None:
    policybook.retire(desk.store, desk.policies, "house", by=SUE, at=NINE, reason="Replaced.")

    with pytest.raises(NotFound, match="in force"):
        desk.receive()

    adopt(desk, house_policy())
    assert desk.receive()
