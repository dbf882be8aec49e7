"""Is the log what was sealed, does everything follow from it, and do the books balance?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.output import AsJson, as_json, catch_up, progress, say

if TYPE_CHECKING:
    from projections.ledger import Unbalanced
    from projections.rebuild import Comparison
    from projections.sealcheck import Checked
    from web.runtime import Runtime


def verify(
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", help="A public key that heads may be signed with."),
    ] = None,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", help="Verify this bundle; needs no database.")
    ] = None,
    heads: Annotated[
        Path | None,
        typer.Option(
            "--heads", help="A folder of heads that were handed out, or of saved daily mails."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Hash the whole log again, fold it again, add up the ledger of payouts.

    Exit 1 where something is not what it was or does not follow.
    """
    if bundle:
        _bundle(bundle, keys or [], json)
        return
    from projections import ledger, rebuild
    from web.runtime import Runtime
    from web.settings import load

    compared: list[Comparison] = []
    wrong: list[Unbalanced] = []
    balances = None
    with Runtime.open(load()) as runtime:
        sealed = _sealed(runtime, keys or [], heads)
        if sealed.offence is None:
            catch_up(runtime)
            with progress("events") as bar:
                compared = rebuild.check(runtime.engine, progress=bar)
            with runtime.database.engine.connect() as conn:
                balances, wrong = ledger.balances(conn), ledger.unbalanced(conn)
    holds = sealed.offence is None and not wrong and all(each.identical for each in compared)
    if json:
        as_json({
            "holds": holds, "seal": sealed, "projections": compared, "balances": balances,
            "unbalanced": wrong,
        })  # fmt: skip
    else:
        _tell(sealed, compared, wrong)
    if not holds:
        sys.exit(1)


def _bundle(file: Path, keys: list[str], json: bool) -> None:
    """Exit 1 where it does not hold."""
    import msgspec

    from recovery.errors import Invalid
    from web.verifier.verify import Wrong, verify

    if len(keys) > 1:
        raise Invalid("A bundle has one head: give one key.", field="key")
    try:
        told, holds = verify(msgspec.json.decode(file.read_bytes()), *keys), True
    except (msgspec.DecodeError, Wrong) as error:
        told, holds = [str(error)], False
    if json:
        as_json({"holds": holds, "says": told})
    else:
        for sentence in told:
            say(sentence)
    if not holds:
        sys.exit(1)


def _sealed(runtime: Runtime, given: list[str], folder: Path | None) -> Checked:
    """The log against every head in the list and in the folder."""
    from projections import seal, sealcheck
    from recovery.seal import Signer, key_of
    from web.keys import seal_key
    from web.worker.handed import are_in, outside

    trusted = {key_of(text) for text in given}
    folder = folder or runtime.settings.seal_folder
    with progress("sealed events") as bar, runtime.database.dedicated() as conn:
        if not trusted and (are_in(folder) or seal.last_head(conn)):
            trusted = {Signer(seal_key(runtime.settings)).key}
        elsewhere = outside(folder, trusted)
        return sealcheck.check(conn, trusted, elsewhere=elsewhere, progress=bar)


def _tell(sealed: Checked, compared: list[Comparison], wrong: list[Unbalanced]) -> None:
    if sealed.offence:
        say(sealed.offence.says)
        say("The rows of the projections were not compared: what they follow from is not sound.")
        return
    for each in compared:
        if not each.identical:
            keys = ", ".join(each.first_differences)
            say(f"{each.name}: rows do not follow from the log ({keys})")
    for found in wrong:
        say(
            f"payout {found.payout}: its entries up to position {found.position}"
            " come to something else than its state"
        )
    rows = sum(each.live_rows for each in compared)
    if not wrong and all(each.identical for each in compared):
        say(f"{rows:,} rows follow from the log, and the ledger of payouts balances.")
    say(
        f"{sealed.sealed:,} of {sealed.events:,} events are what they were when they were sealed,"
        f" under {sealed.heads:,} signed heads."
    )
