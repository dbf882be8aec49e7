"""Does a restored database forget again whoever was forgotten since?"""

from __future__ import annotations

from pathlib import Path

import pytest

from recovery import forgotten
from recovery.errors import Invalid
from recovery.events import Forgotten, complainant_stream
from recovery.forgetter import Forgetter
from tests.cast import ADA, DAY, SUE
from tests.forgetting.people import LONG, OTTOLINE, complainant_of, letter
from tests.mail.intake.conftest import MailDesk

KEPT = ("desk.events", "desk.vault_keys", "desk.papers", "desk.mail")


def backed_up(mail: MailDesk) -> dict[str, list[tuple[object, ...]]]:
    with mail.desk.store.database.connection() as conn:
        return {t: conn.execute(f"select * from {t}").fetchall() for t in KEPT}


def restored(mail: MailDesk, kept: dict[str, list[tuple[object, ...]]]) -> None:
    """As a backup has it: the log, the keys and the papers of an earlier day."""
    with mail.desk.store.database.connection() as conn, conn.transaction():
        for table, rows in kept.items():
            conn.execute(f"delete from {table}")
            for row in rows:
                conn.execute(f"insert into {table} values ({', '.join(['%s'] * len(row))})", row)


def test_whoever_was_forgotten_is_forgotten_again_in_a_restored_database(
    mail: MailDesk, tmp_path: Path
) -> None:
    store, vault, path = mail.desk.store, mail.desk.vault, tmp_path / "kept" / forgotten.FILE
    own = mail.desk.receive(contact=OTTOLINE)
    others = mail.desk.receive(contact=LONG)
    mail.send_letters()
    third = mail.take(letter(), to=(mail.token_address(others),))
    waiting = mail.take(letter("List-Id: <list.quillfeather.example>"))
    hers = complainant_of(mail, own)
    kept = backed_up(mail)
    Forgetter(mail.desk.store, mail.desk.vault).forget(
        hers, by=SUE, at=mail.now + DAY, reason="asked"
    )
    first = store.records(complainant_stream(hers))[-1].event
    path.parent.mkdir()
    path.write_bytes(b'{"position":1,"compl')  # where an earlier worker died
    with store.database.connection() as conn:
        assert (forgotten.write(conn, path), forgotten.write(conn, path)) == (1, 0)
    restored(mail, kept)
    before = store.head()

    again = forgotten.carry_out(store, vault, forgotten.read(path))

    second = store.records(complainant_stream(hers))[-1].event
    assert again == 1
    assert isinstance(first, Forgotten)
    assert second == first
    assert store.head() == before + 1
    with store.database.connection() as conn:
        left = conn.execute(
            "select paper from desk.papers where paper = any(%s) or owner = any(%s)",
            ([third.paper, waiting.paper], [hers, f"mail-{waiting.mail}"]),
        ).fetchall()
        keys = conn.execute("select owner from desk.vault_keys").fetchall()
    assert left == []
    assert (hers,) not in keys
    assert (complainant_of(mail, others),) in keys
    assert forgotten.carry_out(store, vault, forgotten.read(path)) == 0


def test_a_list_that_was_cut_off_is_read_and_one_that_was_changed_is_not(tmp_path: Path) -> None:
    path = tmp_path / forgotten.FILE
    line = b'{"position":1,"complainant":"a","at":null,"by":"user:sue","reason":"asked"}\n'
    path.write_bytes(line + b'{"posi')
    assert [gone.complainant for gone in forgotten.read(path)] == ["a"]

    path.write_bytes(b"nonsense\n" + line)
    with pytest.raises(Invalid, match=r"forgotten\.jsonl, line 1"):
        list(forgotten.read(path))


def test_whoever_comes_back_to_a_database_that_never_knew_them_is_not_forgotten(
    mail: MailDesk,
) -> None:
    """A backup from before their first complaint was restored, with the list of today."""
    store, vault = mail.desk.store, mail.desk.vault
    before = mail.complainant(OTTOLINE.email)
    gone = forgotten.Gone(position=7, complainant=before, at=mail.now, by=ADA, reason="asked")

    assert forgotten.carry_out(store, vault, [gone]) == 0
    hers = complainant_of(mail, mail.desk.receive(contact=OTTOLINE))
    assert forgotten.carry_out(store, vault, [gone]) == 0

    assert hers != before
    with store.database.connection() as conn:
        assert vault.key_of(conn, hers)
