"""What do people hear while the database is away or full, and is all well when it is back?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from recovery.desk import reference_of
from recovery.errors import StoreUnavailable
from recovery.events import complaint_stream
from recovery.store import Command, Done
from recovery.vault import Contact
from tests.cast import ANA, NINE
from tests.journeys.machines import Machine, machine, until

PASSWORD = "put right what went wrong"


class Visitor:
    """Ana's browser and Ana's program."""

    def __init__(self, desk: Machine, address: str) -> None:
        self._address = address
        ana = desk.runtime.accounts.add_user(
            id="ana", email="ana@desk.test", name="Ana", role="agent", password=PASSWORD
        )
        session, _ = desk.runtime.accounts.sign_in(
            email=ana.email, password=PASSWORD, now=datetime.now(UTC), lasts=timedelta(hours=1)
        )
        token = desk.runtime.tokens.add(
            name="program", user=ana, scopes=("complaints:read", "complaints:write")
        )
        self._known = {"Cookie": f"recovery={session}", "Authorization": f"Bearer {token}"}

    def ask(self, path: str, *, sends: dict[str, object] | None = None) -> tuple[int, str]:
        """The status and what was answered."""
        body = None if sends is None else json.dumps(sends).encode()
        headers = self._known | {"Content-Type": "application/json"}
        request = urllib.request.Request(self._address + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def test_while_the_database_is_away_every_door_says_so_and_then_the_desk_goes_on() -> None:
    note = {"text": "She called again."}
    with machine() as desk:
        visitor = Visitor(desk, desk.serve("--no-worker"))
        reference = receive(desk)
        desk.runtime.engine.catch_up()
        notes = f"/api/v1/complaints/{reference}/notes"
        assert visitor.ask(f"/complaints/{reference}")[0] == 200
        assert visitor.ask("/readyz")[0] == 200

        desk.kill_database()

        assert visitor.ask("/healthz") == (200, "ok\n")  # the process is well
        status, ready = visitor.ask("/readyz")
        assert (status, json.loads(ready)["database"]) == (503, "unreachable")
        with ThreadPoolExecutor() as at_once:
            sent = at_once.submit(visitor.ask, notes, sends=note)
            pages = at_once.map(visitor.ask, ["/queue", f"/complaints/{reference}"])
        for status, page in pages:
            assert status == 503
            assert "The desk cannot work right now" in page
        status, problem = sent.result()
        assert (status, json.loads(problem)["title"]) == (503, "The desk cannot work right now")

        desk.start_database()

        assert visitor.ask("/readyz")[0] == 200
        assert visitor.ask(f"/complaints/{reference}")[0] == 200  # at once, after any outage
        assert visitor.ask(notes, sends=note)[0] == 200
        assert len(desk.runtime.store.records(complaint_stream(reference))) == 2


@pytest.mark.soak
def test_a_desk_on_one_machine_brings_its_own_database_back() -> None:
    with machine() as desk:
        visitor = Visitor(desk, desk.serve())
        reference = receive(desk)
        until(lambda: reference in visitor.ask("/api/v1/queue")[1])

        desk.kill_database()

        until(lambda: visitor.ask("/readyz")[0] == 200)
        assert visitor.ask(f"/complaints/{reference}")[0] == 200
        another = receive(desk)
        until(lambda: another in visitor.ask("/api/v1/queue")[1])


def receive(desk: Machine) -> str:
    return reference_of(
        desk.runtime.desk.receive(
            by=ANA, at=NINE, description="No heating.", contact=Contact(email="lee@example.org")
        )
    )


# ---------------------------------------------------------------- a full disk


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 16 MB; only root can have one."""
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=0777", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(mount, capture_output=True).returncode == 0
    if not mounted:
        folder.rmdir()
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def test_on_a_full_disk_nothing_is_half_done_and_room_is_all_it_takes(small_disk: Path) -> None:
    with machine() as desk:
        reference = receive(desk)
        move_the_papers_to(small_disk, desk)
        fill_it_up(desk)
        store, stream = desk.runtime.store, complaint_stream(reference)

        def note(number: int) -> Done:
            return desk.runtime.desk.add_note(
                reference, by=ANA, at=NINE, text=LONG, command=Command(f"c-{number}")
            )

        refused = first_refused(note)
        written = len(store.records(stream))

        with pytest.raises(StoreUnavailable, match="cannot write; nothing was recorded"):
            note(refused)
        assert store.done(Command(f"c-{refused}")) is None
        assert len(store.records(stream)) == written
        with desk.runtime.database.dedicated() as conn:
            conn.execute("drop table ballast")
        assert note(refused).version == written + 1


LONG = "She called again. " * 900
"""More than fits beside another on a page of the disk."""


def move_the_papers_to(disk: Path, desk: Machine) -> None:
    owner = (desk.folder / "postgresql").stat()
    os.chown(disk, owner.st_uid, owner.st_gid)
    with desk.runtime.database.dedicated() as conn:
        conn.execute(sql.SQL("create tablespace small location {}").format(sql.Literal(str(disk))))
        conn.execute("alter table desk.papers set tablespace small")


def fill_it_up(desk: Machine) -> None:
    """Lay something heavy beside the papers until nothing more goes in."""
    with desk.runtime.database.dedicated() as conn:
        conn.execute("create table ballast (stone text) tablespace small")
        conn.execute("alter table ballast alter stone set storage external")
        for size in (1_000_000, 100_000, 8_000):
            with suppress(psycopg.errors.DiskFull):
                for _ in range(1_000):
                    conn.execute("insert into ballast values (repeat('x', %s))", (size,))


def first_refused(note: Callable[[int], Done]) -> int:
    """Write until the desk says that it cannot; what was half free takes a few."""
    for number in range(100):
        try:
            note(number)
        except StoreUnavailable:
            return number
    pytest.fail("the disk is not full")
