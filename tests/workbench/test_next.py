"""Does everybody get the most urgent complaint that they may take, and nobody one twice?"""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from projections.taking import Abilities, abilities, enable
from recovery.database import Database
from recovery.desk import reference_of
from recovery.errors import Refused
from recovery.taking import Taker
from tests.cast import ANA, HOUR, NINE
from tests.desks import TestDesk
from web.accounts import User
from web.workbench.next import take_next

AGENT = User("ana", "ana@desk.test", "Ana", "agent")


@pytest.fixture
def taker(desk: TestDesk) -> Taker:
    return Taker(desk.store, desk.vault)


def allow(desk: TestDesk, may: Abilities) -> None:
    """An account for Ana, and what she may take."""
    with desk.store.database.connection() as conn:
        conn.execute(
            "insert into desk.users (id, email, name, role, password_hash)"
            " values ('ana', 'ana@desk.test', 'Ana', 'agent', '')"
        )
        enable(conn, "ana", may)
        assert abilities(conn, "ana") == may


def taken(desk: TestDesk, taker: Taker) -> str | None:
    done = take_next(desk.store.database, taker, agent=AGENT, at=NINE + HOUR)
    return reference_of(done) if done else None


def test_the_most_urgent_comes_first_and_none_twice(desk: TestDesk, taker: Taker) -> None:
    later, first = desk.receive(at=NINE + HOUR), desk.receive(at=NINE)
    desk.engine.catch_up()

    assert [taken(desk, taker) for _ in range(3)] == [first, later, None]
    assert desk.desk.state(first)[0].assignee == ANA


def test_an_agent_gets_what_they_know_and_speak(desk: TestDesk, taker: Taker) -> None:
    allow(desk, Abilities(categories=("billing",), languages=("zh",)))
    desk.receive(category="billing")
    desk.receive(language="zh")
    fits = desk.receive(category="billing", language="zh", at=NINE + HOUR)
    desk.engine.catch_up()

    assert [taken(desk, taker), taken(desk, taker)] == [fits, None]


def test_an_agent_with_full_hands_is_told_so(desk: TestDesk, taker: Taker) -> None:
    allow(desk, Abilities(capacity=1))
    desk.receive()
    desk.receive()
    desk.engine.catch_up()
    taken(desk, taker)
    desk.engine.catch_up()

    with pytest.raises(Refused, match="as many open complaints"):
        taken(desk, taker)


def test_what_was_taken_or_closed_behind_the_projections_is_passed_over(
    desk: TestDesk, taker: Taker
) -> None:
    gone, withdrawn, free = (desk.receive(at=NINE + n * HOUR) for n in range(3))
    desk.engine.catch_up()
    desk.desk.assign(gone, by=ANA, at=NINE + HOUR, agent="user:bo")
    desk.desk.withdraw(withdrawn, by=ANA, at=NINE + 2 * HOUR)

    done = take_next(desk.store.database, taker, agent=AGENT, at=NINE + 3 * HOUR)

    assert done
    assert reference_of(done) == free


@pytest.mark.parametrize(
    ("agents", "complaints"), [(6, 40), pytest.param(20, 1000, marks=pytest.mark.soak)]
)
def test_agents_who_ask_at_once_get_different_complaints(
    desk: TestDesk, database_url: str, agents: int, complaints: int
) -> None:
    everything = {desk.receive() for _ in range(complaints)}
    desk.engine.catch_up()
    found: list[str] = []

    def work(number: int) -> None:
        user = User(f"a{number}", f"a{number}@desk.test", f"A{number}", "agent")
        taker = Taker(desk.store, desk.vault)
        while done := take_next(database, taker, agent=user, at=NINE + HOUR):
            found.append(reference_of(done))

    stopping = threading.Event()
    worker = threading.Thread(target=desk.engine.follow, args=(stopping,))
    worker.start()
    database = Database(database_url, size=agents).open()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(agents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    stopping.set()
    worker.join()

    assert Counter(found) == Counter(everything)
