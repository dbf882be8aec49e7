"""How do people and programs get their keys to the desk?"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from projections import taking
from projections.taking import Abilities
from web.accounts import ROLES, Role, User
from web.cli.output import AsJson, as_json, say

users = typer.Typer(no_args_is_help=True, help="People who work at the desk.")
tokens = typer.Typer(no_args_is_help=True, help="Programs that use the API.")


@users.command("add")
def add_user(
    email: str,
    role: Annotated[Role, typer.Option(help="What they may do.")],
    name: Annotated[str, typer.Option(help="Default: the address up to the @.")] = "",
    language: Annotated[Literal["en", "zh"], typer.Option(help="Of the pages.")] = "en",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read it from standard input, not asking.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Add somebody to the desk."""
    from web.runtime import Runtime
    from web.settings import load

    password = _password(from_stdin=password_stdin)
    with Runtime.open(load()) as runtime:
        user = runtime.accounts.add_user(
            email=email, name=name or email.partition("@")[0], role=role, password=password,
            language=language,
        )  # fmt: skip
    if json:
        as_json(user)
    else:
        say(f"{user.name} ({user.email}) may sign in as {user.role}.")


@users.command("able")
def set_abilities(
    email: str,
    category: Annotated[
        list[str] | None, typer.Option(help='Categories that "next" may give; none: any.')
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Languages of complainants; none: any.")
    ] = None,
    capacity: Annotated[
        int | None, typer.Option(min=1, help="Open complaints at a time; none: no limit.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what "next" may give somebody."""
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        user = runtime.accounts.named(email)
        may = Abilities(tuple(category or ()), tuple(language or ()), capacity)
        with runtime.database.connection() as conn:
            taking.enable(conn, user.id, may)
    if json:
        as_json(may)
    else:
        say(f"{user.name} takes {_told(may)}.")


def _told(may: Abilities) -> str:
    what = f"complaints about {', '.join(may.categories)}" if may.categories else "any complaint"
    spoken = f" in {', '.join(may.languages)}" if may.languages else ""
    return what + spoken + (f", {may.capacity} at a time" if may.capacity else "")


@tokens.command("add")
def add_token(
    name: str,
    scope: Annotated[list[str], typer.Option(help="complaints:read, complaints:write, admin")],
    user: Annotated[
        str, typer.Option(help="For whom it acts: an address or user id; default: who may most.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Make a token for a program; it is shown this once."""
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        owner = runtime.accounts.named(user) if user else _who_may_most(runtime.accounts.users())
        token = runtime.tokens.add(name=name, user=owner, scopes=scope)
    if json:
        as_json({"name": name, "user": owner.id, "scopes": scope, "token": token})
    else:
        say(token)
        sys.stderr.write(f"It acts for {owner.name} ({owner.email}).\n")


def _who_may_most(people: Sequence[User]) -> User:
    """The first administrator, by name; else the first supervisor, else the first agent."""
    from recovery.errors import Refused

    if not people:
        raise Refused("Nobody is on this desk for whom it could act; run: recovery user add")
    return max(people, key=lambda each: ROLES.index(each.role))


@tokens.command("revoke")
def revoke_token(name: str) -> None:
    """End a token; processes that have just seen it take five seconds to notice."""
    from web.runtime import Runtime
    from web.settings import load

    with Runtime.open(load()) as runtime:
        runtime.tokens.revoke(name=name, now=datetime.now(UTC))
    say(f"The token {name} is of no more use.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Once more: "):
        raise typer.BadParameter("the two are not the same")
    return first
