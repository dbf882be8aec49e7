"""How does an operator say what must be kept, and for how long?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from web.cli.acting import supervisor
from web.cli.given import day, text_of
from web.cli.output import AsJson, as_json, say

holds = typer.Typer(no_args_is_help=True, help="Legal holds: what may not be forgotten.")
retention = typer.Typer(no_args_is_help=True, help="How long complaints are kept.")
By = Annotated[str, typer.Option(help="The supervisor's address.")]


@holds.command("place")
def place(
    kind: Annotated[str, typer.Argument(help="complaint, person or matter.")],
    subject: Annotated[str, typer.Argument(help="A reference, an id, or a matter's name.")],
    reason: Annotated[str, typer.Option(help="Why it must be kept.")],
    by: By,
    until: Annotated[str, typer.Option(help="The last day; without it, until ended.")] = "",
    json: AsJson = False,
) -> None:
    """Forbid forgetting of a complaint, a person or a matter."""
    from recovery.errors import Invalid
    from recovery.holds import KINDS, Holds
    from web.runtime import Runtime
    from web.settings import load

    chosen = next((each for each in KINDS if each == kind), None)
    if chosen is None:
        raise Invalid(f"There is no {kind[:30]!r} (there are {', '.join(KINDS)}).")
    with Runtime.open(load()) as runtime:
        done = Holds(runtime.store, runtime.vault).place(
            kind=chosen, subject=subject, reason=reason, until=day(until),
            by=supervisor(runtime.accounts, by), at=datetime.now(UTC),
            zone=runtime.settings.time_zone,
        )  # fmt: skip
    hold = done.stream.partition("-")[2]
    if json:
        as_json({"hold": hold, "position": done.position})
    else:
        say(f"Nothing of it is forgotten from now on: hold {hold}.")


@holds.command("end")
def end(
    hold: Annotated[str, typer.Argument(help="As `hold list` tells it.")], by: By,
    json: AsJson = False,
) -> None:  # fmt: skip
    """End a hold."""
    from recovery.holds import Holds
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        user = supervisor(runtime.accounts, by)
        done = Holds(runtime.store, runtime.vault).end(hold, by=user, at=datetime.now(UTC))
    if json:
        as_json({"hold": hold, "position": done.position})
    else:
        say("The hold is ended.")


@holds.command("list")
def listed(json: AsJson = False) -> None:
    """Tell every hold there was, and which are in force."""
    from recovery import holds as every
    from web.runtime import Runtime
    from web.settings import load

    now = datetime.now(UTC)
    with Runtime.open(load()) as runtime, runtime.database.connection() as conn:
        found = every.holds(conn)
        why = every.reasons(conn, runtime.vault, found)
    told: list[dict[str, Any]] = [
        {"hold": h.hold, "kind": h.kind, "subject": h.subject, "reason": why.get(h.hold, ""),
         "until": h.until, "by": h.by, "in_force": h.in_force(now)}
        for h in found
    ]  # fmt: skip
    if json:
        as_json({"holds": told})
        return
    for each in told:
        state = "in force" if each["in_force"] else "over"
        say(f"{each['hold']}  {state}  {each['kind']} {each['subject']}  {each['reason']}")


@retention.command("preview")
def preview(
    file: Annotated[
        Path | None, typer.Argument(help="Rules to try; without it, those in force.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Tell how many people the rules would have forgotten by now, and change nothing."""
    from projections import retention as due_people
    from recovery import retention as ruling
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        with runtime.database.connection() as conn:
            rules = ruling.parse(text_of(file)) if file else ruling.rules_in_force(conn)
        with runtime.database.engine.connect() as read:
            counts = due_people.counts(read, rules, now=datetime.now(UTC)) if rules else {"": 0}
    if json:
        as_json({"due": counts.pop("", 0), "by_rule": counts, "rules": rules})
        return
    for rule in rules:
        say(f"{counts.get(rule.name, 0):>8,}  {rule.name}: {rule.count} {rule.unit}")
    say(f"{counts.get('', 0):,} people are due." if rules else "No rules: everything is kept.")


@retention.command("adopt")
def adopt(
    file: Annotated[Path, typer.Argument(help="The rules (docs/forgetting.md).")], by: By,
    json: AsJson = False,
) -> None:  # fmt: skip
    """Put rules in force: the worker forgets whoever is due, within the hour."""
    from recovery import retention as ruling
    from web.runtime import Runtime
    from web.settings import load

    rules = ruling.parse(text_of(file))
    with Runtime.open(load()) as runtime:
        user = supervisor(runtime.accounts, by)
        done = ruling.adopt(runtime.store, rules, by=user, at=datetime.now(UTC))
    if json:
        as_json({"rules": rules, "position": done.position})
    else:
        say(f"{len(rules)} rules are in force.")


@retention.command("run")
def run(json: AsJson = False) -> None:
    """Forget whoever is due now, without waiting for the worker."""
    from web.runtime import Runtime
    from web.settings import load
    from web.worker.forgetting import hand_out, rule

    with Runtime.open(load()) as runtime:
        done = rule(runtime, now=datetime.now(UTC))
        hand_out(runtime)
    if json:
        as_json(done)
    else:
        say(f"{done.forgotten:,} people were forgotten; {done.kept:,} are kept by holds or work.")
