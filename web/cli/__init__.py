"""What can an operator do? `recovery …`: each command in the module named for its kind."""

from __future__ import annotations

import sys
import warnings

import typer

from recovery.errors import RecoveryError
from recovery.vault import VaultError
from web.cli import (
    accounts,
    audits,
    backing,
    demo,
    doctor,
    exporting,
    fairness,
    importing,
    incidents,
    keeping,
    mail,
    people,
    policies,
    rebuilding,
    sealing,
    serving,
    simulating,
    verifying,
)

app = typer.Typer(
    name="recovery", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="The desk where complaints are put right.", rich_markup_mode=None,
)  # fmt: skip
app.command()(serving.serve)
app.command()(serving.work)
app.command()(demo.demo)
app.command(name="import")(importing.import_file)
app.command()(exporting.export)
app.command()(rebuilding.rebuild)
app.command()(verifying.verify)
app.command()(backing.backup)
app.command()(backing.restore)
app.command()(doctor.doctor)
app.command()(people.scrub)
app.command()(people.forget)
app.add_typer(people.people, name="person")
app.add_typer(keeping.holds, name="hold")
app.add_typer(keeping.retention, name="retention")
audits.audits.command("fairness")(fairness.fairness)
audits.audits.command("repeat")(fairness.repeat)
audits.audits.command("areas")(fairness.upload_areas)
app.add_typer(audits.audits, name="audit")
app.add_typer(incidents.incidents, name="incident")
policies.policies.command()(simulating.simulate)
app.add_typer(policies.policies, name="policy")
app.add_typer(mail.mail, name="mail")
app.add_typer(sealing.seals, name="seal")
app.add_typer(accounts.users, name="user")
app.add_typer(accounts.tokens, name="token")


def main() -> None:
    """Run a command; what an operator can mend is one sentence on standard error, and exit 1."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # they are for developers: python -W default shows them
    try:
        app()
    except (RecoveryError, VaultError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except OSError as error:
        if not error.filename:
            raise
        sys.stderr.write(f"{error.filename}: {error.strerror}.\n")
        sys.exit(1)
