"""Is anything of a forgotten person left in the files of the database?

Every byte of PostgreSQL's own folder is read: tables, indexes, TOAST, the log it writes ahead, its
diary of errors, what it knows of columns. Before the scrubbing the same search finds them there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from projections.rebuild import check
from projections.scrubbing import scrub, waits_since
from projections.seal import seal
from recovery.database import Database
from recovery.embedded import EmbeddedServer
from recovery.forgetter import Forgetter
from recovery.paying.account import Iban, Party
from recovery.paying.payees import Payees
from recovery.vault import Contact
from tests import templates
from tests.cast import ADA, ANA, HOUR
from tests.forgetting.people import CHINESE, LONG, NEEDLES, OTTOLINE, complainant_of, letter
from tests.mail.intake.conftest import MailDesk
from tests.seal.test_seal import SIGNER
from web.mail import caught
from web.workbench import drafts, saved

TABLES = (
    "select format('%I.%I', schemaname, tablename) from pg_tables"
    " where schemaname in ('desk', 'read')"
)
ANYBODYS = "Anybody's"
"""A view that asks for nobody."""


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """A server that no other test leaves words on."""
    with tempfile.TemporaryDirectory(prefix="recovery-bytes-") as folder:
        Path(folder).chmod(0o755)  # the server's own user has to get in
        found = EmbeddedServer(Path(folder) / "pg")
        yield found
        found.stop()


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[Database]:
    found = Database(server.start(), size=4).open()
    found.migrate()
    templates.staff(found)
    yield found
    found.close()


def found_in(folder: Path, needles: dict[str, bytes]) -> dict[str, str]:
    """Which needle stands in which file."""
    found: dict[str, str] = {}
    for path in folder.rglob("*"):
        with suppress(OSError):
            data = path.read_bytes().lower() if path.is_file() else b""
            found |= {n: str(path.relative_to(folder)) for n, b in needles.items() if b in data}
    return found


def everything(mail: MailDesk) -> dict[str, str]:
    """A digest of each table that forgetting must leave as it was."""
    same = {}
    with mail.desk.store.database.connection() as conn:
        for name in ("clocks", "cycles", "payouts", "ledger", "deliveries", "fairness", "queue"):
            row = conn.execute(
                f"select count(*), md5(string_agg(t::text, '' order by t::text)) from read.{name} t"
            ).fetchone()
            same[name] = str(row)
    return same


class Lives(NamedTuple):
    """Two people with words in every place that the desk has."""

    people: set[str]
    keys: dict[str, bytes]
    """Their wrapped keys, and those of mail, by owner."""


def lived(mail: MailDesk) -> Lives:
    """They complained, wrote, were written to, were noted, looked for and paid."""
    desk, database = mail.desk, mail.desk.store.database
    own = desk.receive(contact=OTTOLINE, description="My marmoset came without a crate.")
    also = mail.take(letter("Subject: Krummholz")).reference
    others = desk.receive(
        subject="Something else", contact=LONG, description=CHINESE, language="zh"
    )
    mail.send_letters()
    third = mail.take(
        letter("Subject: Hello", body="I am an ombudsperson."), to=(mail.token_address(others),)
    )
    proposed = mail.take(letter(f"Subject: About {others}"))
    waiting = mail.take(letter("List-Id: <list.quillfeather.example>"))
    assert (third.outcome, proposed.outcome, waiting.state) == (
        "third_party", "proposed", "waiting"
    )  # fmt: skip
    assert complainant_of(mail, also) == complainant_of(mail, own)
    desk.desk.acknowledge(own, by=ANA, at=mail.now, message="Dear Ottoline Quillfeather")
    desk.desk.explain(others, by=ANA, at=mail.now, outcome="upheld", message="龘靐齉，对不起。")
    desk.desk.add_note(own, by=ANA, at=mail.now, text="Mrs Quillfeather rang.")
    Payees(desk.store, desk.vault, key=b"p" * 32).give(
        own, by=ANA, at=mail.now,
        party=Party("Ottoline Quillfeather", Iban.parse("GB33BUKB20201555555555")),
    )  # fmt: skip
    begun(mail, {own: OTTOLINE, others: LONG})
    mail.send_letters()
    people = {complainant_of(mail, own), complainant_of(mail, others)}
    with database.connection() as conn:
        keys = dict(conn.execute("select owner, wrapped from desk.vault_keys").fetchall())
    theirs = {o: bytes(k) for o, k in keys.items() if o in people or o.startswith("mail-")}
    return Lives(people, theirs)


def begun(mail: MailDesk, about: dict[str, Contact]) -> None:
    """What colleagues had begun to write, and asked of the queue; and somebody's wrong password."""
    with mail.desk.store.database.connection() as conn:
        for reference, person in about.items():
            drafts.keep(
                conn, mail.desk.vault, complaint=reference, user="ana", act="notes",
                complainant=complainant_of(mail, reference), text=f"About {person.name}",
                at=mail.now,
            )  # fmt: skip
        for name, asked in (
            ("Hers", "view=all&q=Ottoline+Quillfeather"), ("By number", "q=%2B44+20+7946+0937"),
            ("龘靐齉的", "view=all"), (ANYBODYS, "view=all&q=otto"),
        ):  # fmt: skip
            saved.save(conn, "ana", name=name, asked=asked, at=mail.now)
        conn.execute("insert into desk.sign_in_failures values (%s)", (OTTOLINE.email,))


def told_by(database: Database) -> str:
    """Every row of every table."""
    with database.connection() as conn:
        names = [name for (name,) in conn.execute(TABLES)]
        return " ".join(str(conn.execute(f"select t::text from {n} t").fetchall()) for n in names)


def test_nothing_of_a_forgotten_person_is_left_in_any_file(
    server: EmbeddedServer, mail: MailDesk
) -> None:
    desk, database = mail.desk, mail.desk.store.database
    lives = lived(mail)
    with database.connection() as conn:
        conn.execute("checkpoint")
        assert seal(conn, SIGNER, mail.now) is not None
    needles = {needle: needle.encode() for needle in NEEDLES}
    before, figures = found_in(server.folder, needles), everything(mail)

    for person in lives.people:
        Forgetter(desk.store, desk.vault).forget(person, by=ADA, at=mail.now + HOUR, reason="asked")
    desk.engine.catch_up()
    done = scrub(desk.engine)

    gone = {f"key {owner}": wrapped.lower() for owner, wrapped in lives.keys.items()}
    assert {"quillfeather", "zymurgist", "龘靐", "麤鱻"} <= set(before)
    assert len(gone) == 4
    assert found_in(server.folder, needles | gone) == {}
    assert "checkpoint" not in done.remains
    told = told_by(database)
    assert [needle for needle in NEEDLES if needle in told.lower()] == []
    with database.connection() as conn:
        assert waits_since(conn) is None
        assert conn.execute("select name from desk.saved_views").fetchall() == [(ANYBODYS,)]
    with database.engine.connect() as conn:
        assert all(each.letter is None for each in caught.page(conn, desk.vault).letters)
    assert everything(mail) == figures
    assert all(found.identical for found in check(desk.engine, ("search", "payees", "queue")))
