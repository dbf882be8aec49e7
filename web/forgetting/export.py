"""What do we hand to somebody who asks what we keep of them?

One zip: `person.json` with every event of their complaints and every word that is theirs or was
said to them, the same as a document to read, and their files and messages as they came. Colleagues
are called agents, and what others said in their complaints is left out. It is made in memory:
nothing of it ever lies on a disk of ours.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg
import sqlalchemy as sa

from projections import case, payouts
from projections.case import Entry
from recovery import readings
from recovery.belongings import Belongings
from recovery.events import FilesAdded, MailFiled, Queued, Recorded, payee_stream, payout_stream
from recovery.forgetting import contacts
from recovery.maillist import Mail
from recovery.readings import Reading
from recovery.reference import show
from recovery.vault import Contact, Files
from web.forgetting import sheet
from web.pages.attached import listing_of
from web.pages.reading import raw, reader
from web.pages.saving import file_name
from web.pages.viewer import Viewer
from web.runtime import Runtime

FORMAT = "recovery-person/1"
AGENT = "agent"
LEFT_OUT = frozenset({"cause", "signs"})
"""Fields of events: who pressed what, and in which complaints of others the like was seen."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one person, opened."""

    complainant: str
    contacts: tuple[Contact, ...]
    complaints: dict[str, list[Entry]]
    money: dict[str, list[Recorded]]
    """Where it goes, and what became of it."""
    papers: dict[str, bytes]
    """Those that are theirs, or were said to them."""
    elsewhere: dict[str, list[str]]
    """Papers of theirs in complaints of others, by reference."""
    mail: tuple[Mail, ...]
    looked_at: tuple[Reading, ...]
    """Who opened their complaints, as far back as that is kept."""
    at: datetime


def take(desk: Runtime, found: Belongings, *, at: datetime) -> Taken:
    """Open everything that is somebody's."""
    with reader(desk) as conn:
        driver = raw(conn)
        stories = {
            reference: _without_others(case.timeline(conn, reference), found.complainant)
            for reference in found.complaints
        }
        own = [paper for (paper,) in driver.execute(
            "select paper from desk.papers where owner = any(%s)", (list(found.owners),)
        )]  # fmt: skip
        papers, _ = desk.vault.open_readable(driver, [*own, *found.papers_elsewhere])
        return Taken(
            complainant=found.complainant, complaints=stories, papers=papers, at=at,
            contacts=tuple(contacts(driver, desk.vault, found)),
            money={each: _money(desk, conn, each) for each in found.complaints},
            elsewhere={show(each.complaint): list(each.papers) for each in found.elsewhere},
            mail=tuple(_mail(desk, driver, found)),
            looked_at=tuple(readings.of_complaints(driver, found.complaints)),
        )  # fmt: skip


def written(taken: Taken, viewer: Viewer) -> bytes:
    """The zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        files = _Files(archive)
        told = _person(taken, files)
        archive.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=1))
        for name, content in sheet.documents(taken, viewer).items():
            archive.writestr(name, content)
    return packed.getvalue()


class _Files:
    """Puts files into the zip, each once, under names that are safe to unpack."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names: set[str] = set()

    def add(self, folder: str, name: str, content: bytes) -> str:
        """Where it lies in the zip."""
        plain = file_name(name)
        path, number = f"{folder}/{plain}", 1
        while path in self._names:
            number += 1
            path = f"{folder}/{number} {plain}"
        self._names.add(path)
        self._archive.writestr(path, content)
        return path


def _person(taken: Taken, files: _Files) -> dict[str, Any]:
    paths = _attachments(taken, files)
    return {
        "format": FORMAT,
        "made_at": taken.at.isoformat(),
        "complainant": taken.complainant,
        "contacts": [msgspec.to_builtins(each) for each in taken.contacts],
        "complaints": [
            {
                "reference": show(reference),
                "events": [
                    _event(e.topic, e.recorded_at, e.event, taken, paths) for e in entries
                ],
                "money": [
                    _event(r.event.topic, r.recorded_at, r.event, taken, paths)
                    for r in taken.money[reference]
                ],
                "looked_at": [  # by colleagues, whose names are not the complainant's to have
                    {"at": seen.at.isoformat(), "what": seen.kind}
                    for seen in taken.looked_at
                    if seen.complaint == reference
                ],
            }
            for reference, entries in taken.complaints.items()
        ],
        "said_in_complaints_of_others": [
            {"reference": reference, "said": [
                said for paper in papers if (said := _content(paper, taken, paths)) is not None
            ]}
            for reference, papers in taken.elsewhere.items()
        ],
        "messages": [_message(each, taken, files) for each in taken.mail],
    }  # fmt: skip


def _event(
    topic: str, recorded_at: datetime | None, event: msgspec.Struct, taken: Taken,
    paths: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    told = {n: value for n, value in msgspec.to_builtins(event).items() if n not in LEFT_OUT}
    return {
        "what": topic, "recorded_at": recorded_at and recorded_at.isoformat(),
        **_opened(_nameless(told), taken, paths),
    }  # fmt: skip


def _nameless(value: Any) -> Any:
    """What an event says, with every colleague called an agent."""
    match value:
        case dict():
            return {name: _nameless(each) for name, each in value.items()}
        case list() | tuple():
            return [_nameless(each) for each in value]
        case str() if value.startswith("user:"):
            return AGENT
        case _:
            return value


def _opened(value: Any, taken: Taken, paths: Mapping[str, str]) -> Any:
    """The value with each reference to a paper replaced by what stands on it."""
    match value:
        case {"paper": str(paper), "digest": str()}:
            return paths.get(paper) or _content(paper, taken, paths)
        case dict():
            return {name: _opened(each, taken, paths) for name, each in value.items()}
        case list() | tuple():
            return [_opened(each, taken, paths) for each in value]
        case _:
            return value


def _content(paper: str, taken: Taken, paths: Mapping[str, str]) -> Any:
    """What stands on a paper that is a record; None for files, and for what is not theirs."""
    try:
        return _opened(json.loads(taken.papers.get(paper, b"")), taken, paths)
    except ValueError:
        return None


def _attachments(taken: Taken, files: _Files) -> dict[str, str]:
    """Put every file into the zip; where each lies, by its paper."""
    listings = [
        (show(reference), ref.paper)
        for reference, entries in taken.complaints.items()
        for entry in entries
        if (ref := listing_of(entry.event))
    ] + [(r, paper) for r, papers in taken.elsewhere.items() for paper in papers]
    paths: dict[str, str] = {}
    for reference, paper in listings:
        for kept in _listed(taken.papers.get(paper)):
            content = taken.papers.get(kept.content.paper)
            if content is not None and kept.content.paper not in paths:
                paths[kept.content.paper] = files.add(f"files/{reference}", kept.name, content)
    return paths


def _listed(content: bytes | None) -> Sequence[Any]:
    try:
        return msgspec.json.decode(content, type=Files).files if content else ()
    except msgspec.MsgspecError:
        return ()


def _message(mail: Mail, taken: Taken, files: _Files) -> dict[str, Any]:
    """A message of theirs as it came."""
    _, _, content = taken.papers.get(mail.paper, b"").partition(b"\n")
    path = files.add("mail", f"{mail.received_at:%Y-%m-%d %H%M}.eml", content) if content else None
    return {"received_at": mail.received_at.isoformat(), "file": path,
            "complaint": show(mail.reference) if mail.reference else None}  # fmt: skip


def _mail(desk: Runtime, conn: psycopg.Connection[Any], found: Belongings) -> Iterable[Mail]:
    rows = conn.execute(
        "select mail from desk.mail where sender = %s order by received_at, mail",
        (found.complainant,),
    ).fetchall()
    return (desk.mailbox.find(mail) for (mail,) in rows)


def _money(desk: Runtime, conn: sa.Connection, complaint: str) -> list[Recorded]:
    owed = [payout_stream(row.payout) for row in payouts.of_complaint(conn, complaint)]
    return desk.store.together([payee_stream(complaint), *owed])


def _without_others(entries: Sequence[Entry], complainant: str) -> list[Entry]:
    """The history without what others wrote into it, and without notices to colleagues."""
    strange = {
        entry.event.cause
        for entry in entries
        if isinstance(entry.event, MailFiled) and entry.event.sender not in ("", complainant)
    }
    return [
        entry
        for entry in entries
        if not (isinstance(entry.event, MailFiled | FilesAdded) and entry.event.cause in strange)
        and not (isinstance(entry.event, Queued) and entry.event.kind == "notice")
    ]
