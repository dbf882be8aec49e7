"""How does an operator show, hand over and forget what is kept of a person?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.output import AsJson, as_json, progress, say

if TYPE_CHECKING:
    from web.pages.viewer import Viewer
    from web.runtime import Runtime

people = typer.Typer(no_args_is_help=True, help="What is kept of a person.")
Id = Annotated[str, typer.Argument(help="Of a person, as `person find` tells it.", metavar="ID")]


@people.command()
def find(
    text: Annotated[str, typer.Argument(help="An address, number, name or reference.")],
    json: AsJson = False,
) -> None:
    """Tell who may be meant."""
    from recovery.reference import show
    from web.forgetting import finding
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        found = finding.find(runtime, text, _viewer(runtime))
    if json:
        as_json({"people": found})
        return
    for each in found:
        contact = each.contact
        named = (contact.name or contact.email or contact.phone) if contact else "without a name"
        say(f"{each.complainant}  {named}  {' '.join(map(show, each.complaints))}")
    if not found:
        say("Nobody was found.")


@people.command("export")
def hand_over(
    person: Id, file: Annotated[Path, typer.Argument(help="Where to write the zip.")],
    json: AsJson = False,
) -> None:  # fmt: skip
    """Write everything that is kept of somebody into one zip, for them."""
    from recovery.errors import NotFound
    from recovery.forgetting import look
    from web.forgetting import export
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        found = look(runtime.store, runtime.vault, person)
        if found.is_empty:
            raise NotFound("We know nobody by this id.")
        taken = export.take(runtime, found, at=datetime.now(UTC))
        content = export.written(taken, _viewer(runtime))
    file.write_bytes(content)
    if json:
        as_json({"file": str(file), "size": len(content), "counts": found.counts})
    else:
        say(f"{len(content):,} bytes are in {file}. Delete it once it has been handed over.")


@people.command()
def forget(
    person: Id,
    by: Annotated[str, typer.Option(help="The supervisor's address.")],
    reason: Annotated[str, typer.Option(help="A code, such as asked.")] = "asked",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only tell.")] = False,
    json: AsJson = False,
) -> None:
    """Tell what would be forgotten of somebody; with --yes, forget it for good."""
    from recovery import holds
    from recovery.errors import Forbidden, NotFound
    from recovery.forgetter import Forgetter
    from recovery.forgetting import look
    from web.runtime import Runtime
    from web.settings import load
    from web.worker.forgetting import hand_out

    now = datetime.now(UTC)
    with Runtime.open(load()) as runtime:
        user = runtime.accounts.named(by)
        if not user.may("supervisor"):
            raise Forbidden("Only a supervisor may do this.")
        found = look(runtime.store, runtime.vault, person)
        if found.is_empty:
            raise NotFound("We know nobody by this id.")
        if yes:
            Forgetter(runtime.store, runtime.vault).forget(
                person, by=user.by, at=now, reason=reason
            )
            hand_out(runtime)
        with runtime.database.connection() as conn:
            held = holds.covering(conn, found, on=now.date())
            why = list(holds.reasons(conn, runtime.vault, held).values())
    if json:
        as_json({"forgotten": yes, "counts": found.counts, "held": why})
        return
    for name, count in found.counts.items():
        say(f"{count:>8,} {name}")
    for each in why:
        say(f"A legal hold forbids to forget this: {each}")
    say("Forgotten." if yes else "Nothing was forgotten: say --yes for that.")


def forget_whom(
    whom: Annotated[str, typer.Argument(metavar="REFERENCE_OR_ADDRESS")],
    reason: Annotated[str, typer.Option(help="A code, such as asked.")],
    json: AsJson = False,
) -> None:
    """Forget for good whoever a complaint or an address belongs to: one person, or nobody."""
    from recovery.errors import Invalid, NotFound
    from recovery.forgetter import Forgetter
    from web.forgetting import finding
    from web.runtime import Runtime
    from web.settings import load
    from web.worker.forgetting import hand_out

    with Runtime.open(load()) as runtime:
        found = {each.complainant for each in finding.find(runtime, whom, _viewer(runtime))}
        if not found:
            raise NotFound("Nobody was found.")
        if len(found) > 1:
            raise Invalid(
                "This may be several people. Find theirs with: recovery person find, and say whom"
                " with: recovery person forget."
            )
        [person] = found
        Forgetter(runtime.store, runtime.vault).forget(
            person, by="system:operator", at=datetime.now(UTC), reason=reason
        )
        hand_out(runtime)
    if json:
        as_json({"forgotten": True, "complainant": person})
    else:
        say("Forgotten.")


@people.command()
def again(
    file: Annotated[Path, typer.Argument(help="A list of who was forgotten.")],
    json: AsJson = False,
) -> None:
    """Forget again whoever a list names: after the database was brought back to an instant."""
    from recovery import forgotten
    from recovery.errors import NotFound
    from web.runtime import Runtime
    from web.settings import load

    if not file.exists():
        raise NotFound(f"There is no {file}.")
    gone = list(forgotten.read(file))
    with Runtime.open(load()) as runtime:
        count = forgotten.carry_out(runtime.store, runtime.vault, gone)
    if json:
        as_json({"listed": len(gone), "forgotten": count})
    else:
        say(f"{count:,} of {len(gone):,} people were here again and are forgotten again.")


def scrub(json: AsJson = False) -> None:
    """Take whoever was forgotten out of the files of the database now, and out of its log."""
    from projections import scrubbing
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime, progress("events") as bar:
        done = scrubbing.scrub(runtime.engine, progress=bar)
    if json:
        as_json({"position": done.position, "seconds": done.took, "remains": done.remains})
        return
    say(f"Whoever was forgotten up to position {done.position:,} has left the files.")
    if done.remains:
        say(f"The server may keep older parts of its log: {', '.join(done.remains)}.")


def _viewer(runtime: Runtime) -> Viewer:
    from web.pages.viewer import Viewer

    settings = runtime.settings
    return Viewer(
        language=settings.language, zone=settings.time_zone, scheme="auto", now=datetime.now(UTC)
    )
