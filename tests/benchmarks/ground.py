"""Where are the benchmarks run?

On a PostgreSQL of their own in a temporary folder, with a database for each desk. The server is the
embedded one as it comes, so every commit is durable. A folder that is kept keeps its histories too:
a million complaints are then loaded once and measured as often as one likes.
"""

from __future__ import annotations

import base64
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import msgspec
import psycopg
import sqlalchemy
from pydantic import SecretStr

from recovery.embedded import EmbeddedServer
from web.demo.load import load_demo
from web.runtime import Runtime
from web.settings import Settings
from web.worker.catching_up import catch_up

UNTIL = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAYS, SEED = 180, 1


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured."""

    complaints: int
    """In the history that is loaded and rebuilt."""
    queue_complaints: int
    """On the desk whose pages are asked for."""
    repetitions: int
    commands: int
    """By each client, in each repetition."""
    seconds: float
    """During which commands come in at a steady pace."""
    pages: int
    """Of each kind, in each repetition."""

    @property
    def loads(self) -> int:
        """Repetitions of what takes minutes: one is enough for a long history."""
        return self.repetitions if self.complaints <= 50_000 else 1


FULL = Sizes(
    complaints=20_000, queue_complaints=100_000, repetitions=3, commands=600, seconds=20,
    pages=200,
)  # fmt: skip
QUICK = Sizes(
    complaints=2_000, queue_complaints=5_000, repetitions=3, commands=100, seconds=5, pages=50
)


class Loaded(msgspec.Struct, frozen=True):
    """How long a desk took to get its history."""

    events: int
    written: float
    """Seconds until the log had it."""
    caught_up: float
    """Seconds from then until every projection had it."""


class Ground:
    """The server and the desks on it; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = EmbeddedServer(folder / "postgresql")
        self._desks: dict[str, Runtime] = {}
        self._with_history: dict[int, Runtime] = {}

    def __enter__(self) -> Ground:
        self.url = self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for runtime in self._desks.values():
            runtime.close()
        self.server.stop()

    def database(self) -> str:
        """The URL of a fresh, empty database."""
        return self._make(f"bench_{secrets.token_hex(4)}")

    def desk(self) -> Runtime:
        """An open desk on a fresh database."""
        return self.open(self.database())

    def fill(self, runtime: Runtime, complaints: int) -> Loaded:
        """Put a history on the desk, the way `recovery demo` does; it can then be had by size."""
        report = load_demo(
            runtime.store, runtime.vault, runtime.policies, complaints=complaints, days=DAYS,
            seed=SEED, until=UNTIL, secret=runtime.reference_key,
        )  # fmt: skip
        began = time.perf_counter()
        catch_up(runtime)
        caught_up = time.perf_counter() - began
        self._with_history[complaints] = runtime
        return Loaded(report.events, report.seconds, caught_up)

    def desk_with(self, complaints: int) -> Runtime:
        """A desk with so many complaints: one that is there, one that was kept, or a new one."""
        if complaints not in self._with_history:
            name = f"history_{complaints}"
            loaded = self.folder / f"{name}.loaded"
            if loaded.exists():
                self._with_history[complaints] = self.open(self._at(name))
            else:
                self.fill(self.open(self._make(name)), complaints)
                loaded.touch()
        return self._with_history[complaints]

    def _make(self, name: str) -> str:
        """The URL of an empty database, in place of one of that name whose loading was stopped."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(f"drop database if exists {name} with (force)")
            conn.execute(
                f"create database {name} template template0 encoding 'UTF8'"
                " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
            )
        return self._at(name)

    def _at(self, name: str) -> str:
        url = sqlalchemy.make_url(self.url).set(database=name)
        return url.render_as_string(hide_password=False)

    def open(self, url: str) -> Runtime:
        secret, master = self._keys()
        runtime = Runtime.open(
            Settings(
                _env_file=None,  # type: ignore[call-arg]
                data=self.folder / "data",
                database_url=SecretStr(url),
                secret_key=SecretStr(secret),
                master_key=SecretStr(master),
            )
        )
        self._desks[url] = runtime
        return runtime

    def _keys(self) -> tuple[str, str]:
        """Of every desk here: the secret and the master key of the vault."""
        file = self.folder / "keys.json"
        if not file.exists():
            master = base64.b64encode(secrets.token_bytes(32)).decode()
            file.write_bytes(msgspec.json.encode((secrets.token_hex(32), master)))
        return msgspec.json.decode(file.read_bytes(), type=tuple[str, str])

    def drop(self, runtime: Runtime) -> None:
        """Close a desk and delete its database."""
        self._with_history = {n: r for n, r in self._with_history.items() if r is not runtime}
        del self._desks[runtime.database.url]
        runtime.close()
        name = sqlalchemy.make_url(runtime.database.url).database
        (self.folder / f"{name}.loaded").unlink(missing_ok=True)
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(f"drop database {name} with (force)")
