"""What do the reports say, on a terminal or for a script?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from recovery.errors import Invalid
from web.cli.given import pair
from web.cli.output import AsJson, as_json, progress

if TYPE_CHECKING:
    from projections.past import Cut
    from projections.sla import Question
    from web.settings import Settings

audits = typer.Typer(no_args_is_help=True, help="What supervisors look at, the same figures.")


@audits.command("sla")
def sla_report(
    since: Annotated[str, typer.Option("--from", help="First day of receipt.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day of receipt, included.")] = "",
    period: Annotated[str, typer.Option(help="2026, 2026-Q1, 2026-03 or 2026-W14.")] = "",
    by: Annotated[str, typer.Option(help="What to divide by: month, channel, …")] = "",
    where: Annotated[list[str] | None, typer.Option(help="Only some: channel=email.")] = None,
    zone: Annotated[str, typer.Option(help="Whose days these are; default: the desk's.")] = "",
    as_of: Annotated[str, typer.Option(help="An instant; default: now.")] = "",
    known_at: Annotated[
        str, typer.Option(help="Only what was recorded by this instant, as was known then.")
    ] = "",
    csv: Annotated[str, typer.Option(help="One table: promises, times or open.")] = "",
    json: AsJson = False,
) -> None:
    """Tell how promises of time were kept, how long steps took and how old the open are."""
    from projections import sla
    from web.reports import knowing, telling
    from web.runtime import Runtime
    from web.settings import load

    settings = load()
    given = {
        "from": since, "to": until, "period": period, "by": by, "zone": zone,
        "as_of": as_of or known_at,
        **dict(pair(each) for each in where or ()),
    }  # fmt: skip
    question = _question(given, settings)
    with Runtime.open(settings) as runtime, runtime.database.engine.connect() as conn:
        if known_at:
            known = _question({**given, "as_of": known_at}, settings).as_of
            with progress("events") as bar:
                report = knowing.as_known(runtime, conn, question, known, progress=bar)
        else:
            report = sla.report(conn, question)
    if json:
        as_json(telling.as_json(report))
    elif csv:
        sys.stdout.write(telling.as_csv(report, csv))
    else:
        from web.reports.terminal import show

        show(report)


@audits.command("payouts")
def payout_report(
    as_of: Annotated[str, typer.Option(help="An instant; default: now.")] = "",
    known_at: Annotated[
        str, typer.Option(help="Only what was recorded by this instant, as was known then.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Tell what guarantees cost, where the money is and how much of it is late."""
    from projections.payout_position import position
    from web.reports import knowing
    from web.reports.money import show
    from web.runtime import Runtime
    from web.settings import load

    settings, now = load(), datetime.now(UTC)
    zone = settings.time_zone
    cut = cut_asked({"as_of": as_of, "known_at": known_at}, now, zone)
    with Runtime.open(settings) as runtime:
        if cut is None:
            found = knowing.money(runtime, as_of="", known_at="", now=now, zone=zone)
        else:
            with (
                progress("events") as bar,
                knowing.books_then(runtime, cut, now=now, progress=bar) as conn,
            ):
                found = position(conn, runtime.policies, now=cut.instant, zone=zone)
    if json:
        as_json(found)
    else:
        show(found)


def _question(given: dict[str, str], settings: Settings) -> Question:
    """The question; raises Invalid with everything that is wrong, by option."""
    from web.reports.asking import asked

    with _by_option():
        return asked(given, now=datetime.now(UTC), zone=settings.time_zone)


def cut_asked(given: dict[str, str], now: datetime, zone: str) -> Cut | None:
    """Where the past ends, if it is asked for; raises Invalid likewise."""
    from web.reports.knowing import cut_of

    with _by_option():
        return cut_of(given, now, zone)


@contextmanager
def _by_option() -> Iterator[None]:
    """Say what is wrong by the options it was given with."""
    from web.errors import BadBody
    from web.reports.asking import NAMES

    try:
        yield
    except BadBody as wrong:
        options = {name: f"--{name.replace('_', '-')}" for name in NAMES}
        raise Invalid(
            "\n".join(f"{options.get(e.field, '--where')}: {e.message}" for e in wrong.errors)
        ) from None
