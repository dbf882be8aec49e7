"""How is the log sealed by hand, and what does somebody get who wants proof?"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.output import AsJson, as_json, catch_up, say

if TYPE_CHECKING:
    from recovery.seal import Head
    from web.runtime import Runtime

seals = typer.Typer(no_args_is_help=True, help="The seal of the log: heads, and bundles as proof.")
Reference = Annotated[str, typer.Argument(help="Of a complaint, as printed.", metavar="REFERENCE")]
File = Annotated[Path, typer.Argument(help="Where to write it.", metavar="FILE")]


@seals.command()
def now(json: AsJson = False) -> None:
    """Take everything into the tree and sign its head at once, without waiting for the worker."""
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        head = _sealed(runtime)
    if json:
        as_json({"head": head})
    elif head:
        say(head.note.rstrip())
    else:
        say("There is nothing to seal.")


@seals.command()
def key(json: AsJson = False) -> None:
    """Tell the public key that heads are signed with: publish it where others find it."""
    from recovery.seal import Signer, name_of
    from web.keys import seal_key
    from web.settings import load

    public = Signer(seal_key(load())).key
    if json:
        as_json({"name": name_of(public), "key": public})
    else:
        say(f"{name_of(public)} {b64encode(public).decode()}")


@seals.command()
def bundle(reference: Reference, file: File, json: AsJson = False) -> None:
    """Write the events of a complaint with the proof that they are in the sealed log."""
    import msgspec

    from projections.bundle import bundle as bundle_of
    from recovery.reference import parse
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        catch_up(runtime)
        _sealed(runtime)
        with runtime.database.connection() as conn:
            found = bundle_of(conn, parse(reference))
    file.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    if json:
        as_json({"reference": found.reference, "events": len(found.events), "file": str(file)})
    else:
        say(f"{len(found.events)} events of {found.reference} are in {file}, each with its proof.")


def _sealed(runtime: Runtime) -> Head | None:
    """The newest head, after everything was taken in."""
    from projections import seal
    from recovery.seal import Signer
    from web.keys import seal_key

    with runtime.database.connection() as conn:
        signer = Signer(seal_key(runtime.settings))
        return seal.seal(conn, signer, datetime.now(UTC)) or seal.last_head(conn)
