"""How does an operator ask how fairly complaints were treated, and say what is known of areas?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recovery.errors import Invalid
from web.cli.acting import OPERATOR
from web.cli.given import pair
from web.cli.output import AsJson, as_json, say

if TYPE_CHECKING:
    from recovery.fairness.records import Question
    from web.settings import Settings


def fairness(
    measure: Annotated[str, typer.Option(help="What to compare: money_relief, …")],
    group: Annotated[str, typer.Option(help="Which groups: channel, income_tercile, …")],
    stratify: Annotated[
        list[str] | None, typer.Option(help="Compare like with like: product, …")
    ] = None,
    since: Annotated[str, typer.Option("--from", help="First day of receipt.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day of receipt, included.")] = "",
    period: Annotated[str, typer.Option(help="2026, 2026-Q1, 2026-03 or 2026-W14.")] = "",
    where: Annotated[list[str] | None, typer.Option(help="Only some: channel=email.")] = None,
    reference: Annotated[str, typer.Option(help="The group to compare with.")] = "",
    currency: Annotated[str, typer.Option(help="Of amounts: GBP, …")] = "",
    limit: Annotated[str, typer.Option(help="Hours up to which times are compared.")] = "",
    zone: Annotated[str, typer.Option(help="Whose days these are; default: the desk's.")] = "",
    as_of: Annotated[str, typer.Option(help="An instant; default: now.")] = "",
    json: AsJson = False,
) -> None:
    """Compare how groups of complaints were treated, and put the answer on record."""
    from recovery import auditrun
    from web.cli.output import catch_up
    from web.fairness import running, stored, telling
    from web.runtime import Runtime
    from web.settings import load

    settings, now = load(), datetime.now(UTC)
    given = {
        "measure": measure, "group": group, "stratify": ",".join(stratify or ()), "from": since,
        "to": until, "period": period, "reference": reference, "currency": currency,
        "limit": limit, "zone": zone, "as_of": as_of,
        **dict(pair(each) for each in where or ()),
    }  # fmt: skip
    question = _question(given, settings, now)
    with Runtime.open(settings) as runtime:
        catch_up(runtime)
        done = running.run(runtime, question, by=OPERATOR, at=now)
        found = stored.audit(runtime.store, auditrun.id_of(done))
    if json:
        as_json(telling.as_json(found))
    else:
        from web.fairness.terminal import show

        show(found)


def repeat(
    run: Annotated[str, typer.Argument(help="The id of an audit.")],
    as_known: Annotated[
        bool, typer.Option("--as-known", help="Of what was known then: folds the log up to it.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Run an audit again and compare the digests; exit 1 where it says something else."""
    from web.cli.output import catch_up, progress
    from web.fairness import repeating, stored
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        found = stored.audit(runtime.store, run)
        catch_up(runtime)
        if as_known:
            with progress("events") as bar:
                told = repeating.repeat_as_known(runtime, found, progress=bar)
        else:
            told = repeating.repeat(runtime, found)
    if json:
        as_json(told)
    else:
        say("The same, byte for byte." if told.same else "It says something else now.")
        say(f"Digest {told.digest}" + ("" if told.same else f", recorded {told.recorded}"))
        for why in repeating.why(told, str):
            say(f"- {why}")
    if not told.same:
        raise typer.Exit(1)


def upload_areas(
    file: Annotated[Path, typer.Argument(help="A table: a column of codes, and what is known.")],
    key: Annotated[str, typer.Option(help="The column of codes; default: the first.")] = "",
    attribute: Annotated[
        str,
        typer.Option(
            help="The attribute of complaints that names their area; agent: a table of agents."
        ),
    ] = "zip",
    pad: Annotated[int, typer.Option(help="Digits to which codes are filled with zeros.")] = 0,
    json: AsJson = False,
) -> None:
    """Upload what is known of areas, such as the income per head by postcode."""
    from recovery import areas
    from web.cli.output import catch_up
    from web.fairness.areas import of_agents, read
    from web.runtime import Runtime
    from web.settings import load

    table = read(file, key=key, pad=pad)
    with Runtime.open(load()) as runtime:
        if attribute == "agent":
            table = of_agents(table, runtime.accounts)
        done = areas.upload(
            runtime.store, runtime.vault, table.content, attribute=attribute, by=OPERATOR,
            at=datetime.now(UTC),
        )  # fmt: skip
        catch_up(runtime)
    told: dict[str, Any] = {
        "attribute": attribute, "version": done.version, "areas": len(table.content.rows),
        "columns": table.content.columns, "refused": table.refused,
    }  # fmt: skip
    if json:
        as_json(told)
        return
    say(f"{len(table.content.rows):,} areas, version {done.version} of the table of {attribute}:")
    say(", ".join(table.content.columns))
    for row, why in table.refused[:20]:
        say(f"row {row} is left out: {why}")


def _question(given: dict[str, str], settings: Settings, now: datetime) -> Question:
    """The question; raises Invalid with everything that is wrong, by option."""
    from web.errors import BadBody
    from web.fairness.asking import NAMES, asked

    try:
        return asked(given, now=now, zone=settings.time_zone)
    except BadBody as wrong:
        options = {name: f"--{name.replace('_', '-')}" for name in NAMES}
        raise Invalid(
            "\n".join(f"{options.get(e.field, '--where')}: {e.message}" for e in wrong.errors)
        ) from None
