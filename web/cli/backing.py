"""How is the desk carried away, and brought back on another machine?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from web.cli.output import AsJson, as_json, catch_up, progress, say

if TYPE_CHECKING:
    import psycopg

    from projections.ledger import Unbalanced
    from projections.sealcheck import Checked
    from recovery.backup.making import Progress
    from recovery.backup.restoring import Restored
    from recovery.database import Database
    from recovery.forgotten import Gone
    from web.settings import Settings

Keys = Annotated[
    Path | None, typer.Option("--keys", help="A folder elsewhere for the keys of the vault.")
]


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    keys: Keys = None,
    after: Annotated[
        Path | None, typer.Option("--after", help="An earlier backup: only what came since.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write the whole desk as it is at one instant into a new folder, while it works."""
    from recovery.backup import making, manifest
    from web.settings import load

    settings, began = load(), monotonic()
    passphrase = _passphrase(settings)
    base = manifest.read(after, passphrase)[0] if after else None
    with _database(settings) as database, _sentences(), progress("rows") as bar:
        database.migrate()
        made = making.make(
            database, folder, at=datetime.now(UTC), keys=keys, after=base, passphrase=passphrase,
            progress=bar,
        )  # fmt: skip
    if json:
        as_json({"backup": made, "seconds": round(monotonic() - began, 3)})
        return
    say(
        f"{made.rows:,} rows up to position {made.reached.position:,} are in {folder}"
        f" ({made.size / 1e6:,.1f} MB), the keys of the vault in {keys or folder / 'keys'}."
    )
    if made.lock is None:
        say("It is not encrypted: set RECOVERY_BACKUP_PASSPHRASE for that.")


def restore(
    folders: Annotated[list[Path], typer.Argument(help="A backup, then its increments in turn.")],
    keys: Keys = None,
    heads: Annotated[
        Path | None, typer.Option("--heads", help="A folder of heads that were handed out.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="A public key that heads may be signed with."),
    ] = None,
    gone: Annotated[
        Path | None, typer.Option("--forgotten", help="A newer list of who was forgotten.")
    ] = None,
    unsound: Annotated[
        bool, typer.Option("--unsound", help="Also restore what is not as it was sealed.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Bring a backup back into an empty database: all of it, checked, or nothing."""
    from recovery.backup import restoring
    from recovery.vault import Vault
    from web.keys import master_key
    from web.settings import load

    settings, began = load(), monotonic()
    found = restoring.look(folders, keys=keys, passphrase=_passphrase(settings))
    with _database(settings) as database, _sentences(), progress("rows") as bar:
        seal = _Seal(settings, heads, key or [], unsound=unsound, progress=bar)
        done = restoring.restore(
            database, Vault(master_key(settings)), found, check=seal.check,
            gone=_gone(gone, settings.forgotten_list), progress=bar,
        )  # fmt: skip
    wrong = _follow_up(settings)
    assert seal.checked
    sound = seal.checked.offence is None and not wrong
    if json:
        as_json({
            "restored": done, "seal": seal.checked, "unbalanced": wrong, "holds": sound,
            "seconds": round(monotonic() - began, 3),
        })  # fmt: skip
    else:
        _tell(done, seal.checked, wrong)
    if not sound:
        sys.exit(1)


class _Seal:
    """Looks at the log before it is believed."""

    def __init__(
        self, settings: Settings, heads: Path | None, keys: list[str], *, unsound: bool,
        progress: Progress,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._folder = heads or settings.seal_folder
        self._keys = keys
        self._unsound = unsound
        self._progress = progress
        self.checked: Checked | None = None

    def check(self, conn: psycopg.Connection[Any]) -> None:
        """Raises Refused where the log is not what was sealed."""
        from projections import seal, sealcheck
        from recovery.errors import Refused
        from recovery.seal import Signer, key_of
        from web.keys import seal_key
        from web.worker.handed import outside

        last = seal.last_head(conn)
        trusted = {key_of(text) for text in self._keys}
        if last and not trusted:
            trusted = {Signer(seal_key(self._settings)).key}
        # Heads that were signed after the backup say nothing of it.
        within = [h for h in outside(self._folder, trusted) if last and h.size <= last.size]
        self.checked = sealcheck.check(conn, trusted, elsewhere=within, progress=self._progress)
        if self.checked.offence and not self._unsound:
            raise Refused(
                f"{self.checked.offence.says} Nothing was restored; --unsound restores it as it is."
            )


def _gone(given: Path | None, usual: Path) -> list[Gone]:
    """Who was forgotten, by the list that was named or the desk's own."""
    from recovery import forgotten
    from recovery.errors import Refused

    if given and not given.exists():
        raise Refused(f"There is no {given}.")
    path = given or usual
    return list(forgotten.read(path)) if path.exists() else []


def _follow_up(settings: Settings) -> list[Unbalanced]:
    """Fold the log, and add up the ledger."""
    from projections import ledger
    from web.runtime import Runtime

    with Runtime.open(settings) as runtime:
        catch_up(runtime)
        with runtime.database.engine.connect() as conn:
            return ledger.unbalanced(conn)


def _tell(done: Restored, checked: Checked, wrong: list[Unbalanced]) -> None:
    say(f"{done.rows:,} rows up to position {done.position:,} are back, and were folded.")
    if done.unreadable:
        say(f"{done.unreadable:,} papers were left out: their keys are gone.")
    if done.forgotten:
        say(f"{done.forgotten:,} people who were forgotten since were forgotten again.")
    if checked.offence:
        say(checked.offence.says)
    else:
        say(f"{checked.sealed:,} of {checked.events:,} events are what they were when sealed.")
    if wrong:
        say(f"The entries of {len(wrong):,} payouts do not balance.")


@contextmanager
def _sentences() -> Iterator[None]:
    """What the disk refuses is a sentence too."""
    from recovery.errors import Refused

    try:
        yield
    except OSError as error:
        raise Refused(f"{error.strerror or error}: {error.filename or 'the disk'}.") from None


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """The database as it is, whatever is in it."""
    from recovery.database import Database
    from recovery.embedded import EmbeddedServer

    given = settings.database_url
    server = None if given else EmbeddedServer(settings.data / "postgresql")
    try:
        url = server.start() if server else given.get_secret_value() if given else ""
        database = Database(url, size=2).open()
        try:
            yield database
        finally:
            database.close()
    finally:
        if server:
            server.stop()


def _passphrase(settings: Settings) -> str:
    given = settings.backup_passphrase
    return given.get_secret_value() if given else ""
