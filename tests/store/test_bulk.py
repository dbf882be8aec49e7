"""Does a load keep to the keys of the people it writes about?"""

from __future__ import annotations

import pytest

from recovery.bulk import BulkLoader, NewStream
from recovery.errors import StoreUnavailable
from recovery.events import Received
from recovery.store import Store
from recovery.vault import SealedKey, SealedPaper, Vault, Words
from tests.cast import ANA, NINE

LEE = "lee"


def stream(guard: str, paper: SealedPaper, *keys: SealedKey) -> NewStream:
    received = Received(
        at=NINE, by=ANA, complainant=LEE, channel="phone", language="en", policy="none",
        policy_version="none", words=paper.ref,
    )  # fmt: skip
    return NewStream(
        guard=guard, reference=guard.rjust(10, "A"), events=[received], keys=keys, papers=[paper]
    )


def load(store: Store, *streams: NewStream) -> None:
    with BulkLoader(store, secret=b"s" * 32) as loader:
        for each in streams:
            loader.add(each)


def papers(store: Store) -> int:
    with store.database.connection() as conn:
        row = conn.execute("select count(*) from desk.papers").fetchone()
    assert row is not None
    return int(row[0])


def test_no_paper_is_written_under_a_key_that_was_deleted_meanwhile(
    store: Store, vault: Vault
) -> None:
    secret, key = vault.new_key(LEE)
    load(store, stream("1", vault.seal(secret, LEE, Words("Lost.")), key))
    again = stream("2", vault.seal(secret, LEE, Words("Lost again.")))
    with store.database.connection() as conn:
        vault.forget(conn, LEE)
    head = store.head()

    with pytest.raises(StoreUnavailable, match="repeating the load adds the rest"):
        load(store, again)

    assert papers(store) == 0
    assert store.head() == head


def test_papers_under_a_key_that_is_there_are_written(store: Store, vault: Vault) -> None:
    secret, key = vault.new_key(LEE)
    load(store, stream("1", vault.seal(secret, LEE, Words("Lost.")), key))

    load(store, stream("2", vault.seal(secret, LEE, Words("Lost again."))))

    assert papers(store) == 2


def test_a_second_key_of_the_same_person_is_a_sentence_and_writes_nothing(
    store: Store, vault: Vault
) -> None:
    secret, key = vault.new_key(LEE)
    load(store, stream("1", vault.seal(secret, LEE, Words("Lost.")), key))
    other_secret, other_key = vault.new_key(LEE)

    with pytest.raises(StoreUnavailable, match="0 complaints were added before"):
        load(store, stream("2", vault.seal(other_secret, LEE, Words("Lost again.")), other_key))

    assert papers(store) == 1
