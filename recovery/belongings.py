"""What does the desk keep of a person, in their own complaints and in those of others?

The log and the desk's own tables are asked, never a read model: what is forgotten must not depend
on how far a projection has come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import psycopg

from recovery.complaint_state import State, evolve
from recovery.events import (
    Event,
    FilesAdded,
    PaperRef,
    Received,
    Recorded,
    complaint_stream,
)  # fmt: skip
from recovery.mapper import decode
from recovery.vault import Files, Vault, read

_MAIL = (
    "select m.mail, m.paper, m.reference, coalesce(p.owner = 'mail-' || m.mail, false),"
    " m.state in ('new', 'waiting') from desk.mail m left join desk.papers p using (paper)"
    " where m.sender = %s order by m.received_at, m.mail"
)
_RECORDS = (
    "select originator_id, originator_version, topic, state, notification_id, recorded_at"
    " from desk.events where originator_id = any(%s) order by notification_id"
)


class Elsewhere(msgspec.Struct, frozen=True):
    """What somebody said in a complaint of somebody else's: as a third party, or after a merge."""

    complaint: str
    whose: str
    """The complainant under whose key it lies."""
    papers: tuple[str, ...]


class Belongings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is somebody's."""

    complainant: str
    complaints: tuple[str, ...] = ()
    """Theirs, oldest first."""
    papers: int = 0
    """Under their own key: letters, notes, contact details, accounts, files, drafts."""
    drafts: int = 0
    elsewhere: tuple[Elsewhere, ...] = ()
    messages: tuple[str, ...] = ()
    """Mail of theirs that is on no complaint."""
    waiting: int = 0
    """Mail of theirs that waits for an agent."""

    @property
    def papers_elsewhere(self) -> tuple[str, ...]:
        return tuple(paper for each in self.elsewhere for paper in each.papers)

    @property
    def owners(self) -> tuple[str, ...]:
        """Of the keys that are theirs alone."""
        return (self.complainant, *(f"mail-{mail}" for mail in self.messages))

    @property
    def counts(self) -> dict[str, int]:
        return {
            "complaints": len(self.complaints), "papers": self.papers, "drafts": self.drafts,
            "elsewhere": len(self.papers_elsewhere), "messages": len(self.messages),
        }  # fmt: skip

    @property
    def is_empty(self) -> bool:
        """Whether nothing of theirs can be read: they were forgotten, or never here."""
        return not (self.papers or self.elsewhere or self.messages)


def belongings(
    conn: psycopg.Connection[Any], vault: Vault, complainant: str, complaints: tuple[str, ...]
) -> Belongings:
    """What is somebody's, who brought these complaints."""
    mail = conn.execute(_MAIL, (complainant,)).fetchall()
    there = [each[:3] for each in mail if each[2] not in ("", *complaints) and not each[3]]
    papers, drafts = _counted(conn, complainant, complaints)
    return Belongings(
        complainant=complainant, complaints=complaints, papers=papers, drafts=drafts,
        elsewhere=_elsewhere(conn, vault, complainant, there),
        messages=tuple(each[0] for each in mail if each[3]),
        waiting=sum(each[4] for each in mail),
    )  # fmt: skip


def proof(
    conn: psycopg.Connection[Any], owners: Iterable[str], papers: Iterable[str]
) -> tuple[str, int]:
    """SHA-256 over the papers of these owners and these others, and how many there are.

    One line for each, in the order of the ids: the id, a space, the SHA-256 of the sealed paper,
    both as the events of the log name them. Whoever has the log can so show which papers went.
    """
    rows = conn.execute(
        "select paper, encode(sha256(sealed), 'hex') from desk.papers"
        " where owner = any(%s) or paper = any(%s) order by paper",
        (list(owners), list(papers)),
    ).fetchall()
    lines = "".join(f"{paper} {digest}\n" for paper, digest in rows)
    return hashlib.sha256(lines.encode()).hexdigest(), len(rows)


def states(conn: psycopg.Connection[Any], complaints: Iterable[str]) -> dict[str, State]:
    """Where each of these complaints stands, from the log."""
    found: dict[str, State] = {}
    for reference, records in _streams(conn, complaints).items():
        state: State | None = None
        for record in records:
            state = evolve(state, record.event)
        assert state is not None
        found[reference] = state
    return found


def streams(conn: psycopg.Connection[Any], names: Sequence[str]) -> dict[str, list[Recorded]]:
    """The records of each stream, oldest first: on the connection of whoever forgets.

    With another one, as many at once as there are connections would wait for each other.
    """
    found: dict[str, list[Recorded]] = {}
    for stream, version, topic, state, position, at in conn.execute(_RECORDS, (list(names),)):
        record = Recorded(stream, version, decode(topic, state), position, at)
        found.setdefault(stream, []).append(record)
    return found


def papers_of(event: Event) -> list[PaperRef]:
    """Every paper that an event names, wherever it stands in it."""
    return list(_references(event))


def _references(value: Any) -> Iterable[PaperRef]:
    if isinstance(value, PaperRef):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _references(getattr(value, name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, Mapping):
        yield from _references(tuple(value.values()))


def _counted(
    conn: psycopg.Connection[Any], complainant: str, complaints: tuple[str, ...]
) -> tuple[int, int]:
    row = conn.execute(
        "select (select count(*) from desk.papers where owner = %s),"
        " (select count(*) from desk.drafts where complaint = any(%s))",
        (complainant, list(complaints)),
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _elsewhere(
    conn: psycopg.Connection[Any], vault: Vault, complainant: str, mail: list[tuple[str, str, str]]
) -> tuple[Elsewhere, ...]:
    """What their mail said in complaints of others, with its files and the message itself."""
    if not mail:
        return ()
    streams = _streams(conn, {reference for _, _, reference in mail})
    found = []
    for reference, records in streams.items():
        received = records[0].event
        if not isinstance(received, Received) or received.complainant == complainant:
            continue
        here = [each for each in mail if each[2] == reference]
        causes = {f"mail:{each[0][:32]}" for each in here}
        theirs = [record.event for record in records if record.event.cause in causes]
        papers = {each[1] for each in here} | _said(conn, vault, theirs)
        left = conn.execute(
            "select paper from desk.papers where paper = any(%s) order by paper", (list(papers),)
        ).fetchall()
        if left:
            kept = tuple(row[0] for row in left)
            found.append(Elsewhere(reference, received.complainant, kept))
    return tuple(found)


def _said(conn: psycopg.Connection[Any], vault: Vault, events: list[Event]) -> set[str]:
    """The papers of these events, and of the files that their listings name."""
    papers = {ref.paper for event in events for ref in papers_of(event)}
    listings = [event.listing for event in events if isinstance(event, FilesAdded)]
    opened, _ = vault.open_readable(conn, [ref.paper for ref in listings])
    for ref in listings:
        files = read(opened, ref, Files)
        papers |= {each.content.paper for each in files.files} if files else set()
    return papers


def _streams(conn: psycopg.Connection[Any], references: Iterable[str]) -> dict[str, list[Recorded]]:
    wanted = {complaint_stream(reference): reference for reference in references}
    return {wanted[stream]: found for stream, found in streams(conn, list(wanted)).items()}
