"""How does an operator show, hand over and forget what is kept of a person?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.acting import operator_or
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
    from recovery.forgetting import known
    from web.forgetting import export
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        found = known(runtime.store, runtime.vault, person)
        taken = export.take(runtime, found, at=datetime.now(UTC))
        content = export.written(taken, _viewer(runtime))
    file.write_bytes(content)
    if json:
        as_json({"file": str(file), "size": len(content), "counts": found.counts})
    else:
        say(f"{len(content):,} bytes are in {file}. Delete it once it has been handed over.")


def forget(
    whom: Annotated[str, typer.Argument(
        metavar="WHOM", help="A reference, an address, or an id, as `person find` tells it.",
    )],
    reason: Annotated[str, typer.Option(help="A code, such as asked.")],
    by: Annotated[str, typer.Option(help="The address of the supervisor who does it.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; forget nothing.")
    ] = False,
    json: AsJson = False,
) -> None:  # fmt: skip
    """Forget for good whoever a complaint, an address or an id belongs to: one, or nobody."""
    from recovery import holds
    from recovery.forgetter import Forgetter
    from recovery.forgetting import known
    from web.runtime import Runtime
    from web.settings import load
    from web.worker.forgetting import hand_out

    now = datetime.now(UTC)
    with Runtime.open(load()) as runtime:
        name = operator_or(runtime.accounts, by)
        found = known(runtime.store, runtime.vault, _meant(runtime, whom))
        if not dry_run:
            Forgetter(runtime.store, runtime.vault).forget(
                found.complainant, by=name, at=now, reason=reason
            )
            hand_out(runtime)
        with runtime.database.connection() as conn:
            held = holds.covering(conn, found, at=now)
            why = list(holds.reasons(conn, runtime.vault, held).values())
    if json:
        as_json({
            "complainant": found.complainant, "forgotten": not dry_run, "counts": found.counts,
            "held": why,
        })  # fmt: skip
        return
    for count_of, count in found.counts.items():
        say(f"{count:>8,} {count_of}")
    for each in why:
        say(f"A legal hold forbids to forget this: {each}")
    say("Nothing was forgotten." if dry_run else "Forgotten.")


def _meant(runtime: Runtime, whom: str) -> str:
    """The id of the one person who is meant; raises NotFound, and Invalid for several."""
    from recovery.complainant import is_id
    from recovery.errors import Invalid, NotFound
    from web.forgetting import finding

    if is_id(whom):
        return whom
    found = finding.exactly(runtime, whom, _viewer(runtime))
    if not found:
        raise NotFound("Nobody was found.")
    if len(found) > 1:
        raise Invalid(
            "This may be several people. See who they are with: recovery person find, and name"
            " one by the id that it tells."
        )
    return found.pop()


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
