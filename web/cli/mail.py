"""How does a mail server hand a message over on a pipe?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from recovery.errors import Invalid
from web.cli.output import as_json

mail = typer.Typer(no_args_is_help=True, help="Mail that comes in.")
TRY_AGAIN = 75
"""What mail servers take for "keep it and come back" (EX_TEMPFAIL)."""


@mail.command()
def receive(
    sender: Annotated[
        str | None, typer.Option(help="The envelope's sender; empty for the null sender.")
    ] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(help="The envelope's recipient; repeat it for several.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Nothing else: it prints JSON in any case.")
    ] = True,
) -> None:
    """Take one raw message from standard input and print what became of it, as JSON.

    Exit 0 once the message is stored, 75 when it could not be.
    """
    from recovery.mailbox import Brought
    from web.mail.receiving import pipe
    from web.runtime import Runtime
    from web.settings import load

    answer = pipe.NOT_YET
    stored = False
    try:
        settings = load()
        raw = _read(settings.mail_limit)
        with Runtime.open(settings) as runtime:
            brought = Brought(sender=sender, recipients=tuple(recipient or ()))
            message, _ = pipe.store(runtime, raw, brought=brought, at=datetime.now(UTC))
            stored = True
            answer = pipe.settle(runtime, message, clock=lambda: datetime.now(UTC))
    except Exception as error:
        sys.stderr.write(f"{error or type(error).__name__}\n")
        if not stored:
            sys.exit(TRY_AGAIN)
    as_json(answer)


def _read(limit: int) -> bytes:
    raw = sys.stdin.buffer.read(limit + 1)
    if len(raw) > limit:
        raise Invalid(f"The message is larger than {limit:,} bytes.")
    return raw
