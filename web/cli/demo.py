"""How does a new desk come to have something on it?"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.output import AsJson, as_json, catch_up, progress, say

if TYPE_CHECKING:
    from web.demo.load import DemoReport
    from web.runtime import Runtime

PASSWORD_FILE = "demo.password"  # noqa: S105 (a file's name)
DAYS, SEED = 180, 1
INTRODUCED = ("ana", "sue", "ada")
"""Who is introduced to a newcomer: one of each role."""


def demo(
    complaints: Annotated[int, typer.Option(min=1, max=10_000_000)] = 2_000,
    days: Annotated[int, typer.Option(min=1, max=3_650, help="Of history.")] = DAYS,
    seed: Annotated[int, typer.Option(help="The same seed tells the same stories.")] = SEED,
    until: Annotated[
        datetime | None, typer.Option(help="When the stories end (UTC); default: now.")
    ] = None,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Only where nobody has complained yet.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Fill the desk with the believable complaints of a firm that does not exist."""
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        if if_empty and has_complaints(runtime):
            report = None
        else:
            report = load_stories(
                runtime, complaints=complaints, days=days, seed=seed, until=_utc(until)
            )
        password = people(runtime)
    if json:
        as_json(report)
        return
    if report:
        tell(report)
    introduce(password)


def on_an_empty_desk(runtime: Runtime, complaints: int) -> None:
    """What a newcomer finds: stories where there are none, and how to sign in.

    A desk that has complaints and people of its own gets neither.
    """
    empty = not has_complaints(runtime)
    if empty or not runtime.accounts.users():
        people(runtime)
    if empty:
        tell(load_stories(runtime, complaints=complaints, until=datetime.now(UTC)))
    introduce(_kept_password(runtime))


def load_stories(
    runtime: Runtime, *, complaints: int, until: datetime, days: int = DAYS, seed: int = SEED
) -> DemoReport:
    """Write the stories, with a bar."""
    from web.demo.load import load_demo

    with progress("complaints") as bar:
        report = load_demo(
            runtime.store, runtime.vault, runtime.policies, complaints=complaints, days=days,
            seed=seed, until=until, secret=runtime.reference_key,
            progress=lambda done: bar(done, complaints),
        )  # fmt: skip
    catch_up(runtime)
    return report


def _utc(until: datetime | None) -> datetime:
    return until.replace(tzinfo=UTC) if until else datetime.now(UTC)


def has_complaints(runtime: Runtime) -> bool:
    with runtime.database.connection() as conn:
        row = conn.execute(
            "select exists (select from desk.events where topic = 'complaint.received' limit 1)"
        ).fetchone()
    return bool(row and row[0])


def people(runtime: Runtime) -> str | None:
    """Make sure of the demonstration's accounts; returns their password if it is still known."""
    from recovery.errors import Refused
    from web.demo.people import DEMO_USERS

    password = _kept_password(runtime) or _draw()
    made = 0
    for user in DEMO_USERS:
        try:
            runtime.accounts.add_user(
                id=user.id, email=user.email, name=user.name, role=user.role,
                language=user.language, password=password,
            )  # fmt: skip
            made += 1
        except Refused:  # they have an account already
            continue
    if made and not _kept_password(runtime):
        _keep(runtime.settings.data / PASSWORD_FILE, password)
    return _kept_password(runtime)


def _kept_password(runtime: Runtime) -> str | None:
    kept = runtime.settings.data / PASSWORD_FILE
    return kept.read_text().strip() if kept.exists() else None


def _draw() -> str:
    """Easy to type, and different on each machine."""
    return "-".join(
        "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))
        for _ in range(3)
    )


def _keep(file: Path, password: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as written:
        written.write(password + "\n")


def tell(report: DemoReport) -> None:
    say(
        f"{report.added:,} complaints told in {report.events:,} events "
        f"({report.rate:,.0f} a second), {report.already_there:,} were there already."
    )


def introduce(password: str | None) -> None:
    """Say how to sign in, as far as we know it."""
    from web.demo.people import DEMO_USERS

    if password is None:
        return
    say()
    say("Sign in to the demonstration as")
    for user in DEMO_USERS:
        if user.id in INTRODUCED:
            say(f"  {user.email:<18} {user.role}")
    say(f"with the password  {password}")
    say()
