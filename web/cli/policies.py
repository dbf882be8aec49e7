"""How does an operator look at policies, try them, and put them in force?"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer

from recovery.errors import Invalid
from web.cli.acting import OPERATOR, operator_or
from web.cli.given import text_of
from web.cli.output import AsJson, as_json, say

if TYPE_CHECKING:
    from recovery.policy.examples import Result
    from recovery.policy.guarantees.design import Answers

policies = typer.Typer(no_args_is_help=True, help="What is promised: check, try out, adopt.")
Files = Annotated[list[Path], typer.Argument(help="Policy files (TOML).")]
Open = Literal["keep", "follow"]


@policies.command("check")
def check(files: Files, json: AsJson = False) -> None:
    """Say of each file whether it can be adopted, and if not, what would be right."""
    from recovery.policy.adopt import adoption
    from recovery.policy.lines import line_of
    from recovery.policy.sentences import PolicyError

    found: list[dict[str, Any]] = []
    for file in files:
        text = text_of(file)
        try:
            event = adoption(
                text, by=OPERATOR, at=datetime.now(UTC), reason="A check.", file=file.name
            )
        except PolicyError as error:
            line = line_of(text, error)
            found.append({"file": str(file), "ok": False, "error": str(error), "line": line})
        else:
            found.append({
                "file": str(file), "ok": True, "policy": event.policy, "remarks": _remarks(text),
            })  # fmt: skip
    if json:
        as_json(found)
    else:
        for each in found:
            where = f"{each['file']}:{each['line']}" if each.get("line") else each["file"]
            say(f"{where}: {each.get('error') or 'can be adopted'}")
            for remark in each.get("remarks", ()):
                say(f"{where}: {remark}")
    _fail_unless(all(each["ok"] for each in found))


def _remarks(text: str) -> list[str]:
    """What speaks against the design of its guarantees, each said once."""
    from recovery.policy.guarantees.design import remarks
    from recovery.policy.schema import parse

    found = (each for version in parse(text).versions for each in remarks(version.guarantees))
    return list(dict.fromkeys(f'guarantee "{each.guarantee}": {each.sentence}' for each in found))


@policies.command("test")
def run_examples(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Default: all that come along.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Run the examples that stand in policy files."""
    from recovery.policy.adopt import draft
    from recovery.policy.examples import try_example
    from recovery.policy.packs import packs

    now = datetime.now(UTC)
    texts = {file.name: text_of(file) for file in files} if files else packs()
    results: list[Result] = []
    for name, text in texts.items():
        found = draft(text, at=now, file=name)
        for example in found.policy.examples:
            result = try_example(found.version, example, now)
            results.append(msgspec.structs.replace(result, id=f"{found.policy.id}/{example.id}"))
    _tell(results, json)


@policies.command("try")
def try_(
    examples: Annotated[Path, typer.Argument(help="A JSON list of examples.")],
    json: AsJson = False,
) -> None:
    """Try examples on the policies that come with the desk; needs no database."""
    from recovery.policy.packs import try_all
    from recovery.policy.records import Example

    try:
        found = msgspec.json.decode(examples.read_bytes(), type=list[Example])
    except OSError as error:
        raise Invalid(f"{examples} cannot be read: {error.strerror}.") from None
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Invalid(f"{examples} is no list of examples: {error}.") from None
    _tell(list(try_all(found, datetime.now(UTC))), json)


@policies.command("list")
def list_(json: AsJson = False) -> None:
    """Tell which policies were adopted here, and which others come along."""
    from recovery.events import Adopted, Retired
    from recovery.policy.packs import packs
    from recovery.policybook import acts
    from web.runtime import Runtime
    from web.settings import load

    rows: dict[str, dict[str, Any]] = {}
    with Runtime.open(load()) as runtime:
        for _, act in acts(runtime.database):
            if isinstance(act, Adopted):
                rows[act.policy] = {
                    "policy": act.policy, "state": "in force", "version": act.version,
                    "at": act.at, "by": act.by, "reason": act.reason, **_heading(act.text),
                }  # fmt: skip
            elif isinstance(act, Retired):
                rows[act.policy] |= {"state": "retired", "at": act.at, "by": act.by}
    for policy, text in packs().items():
        rows.setdefault(policy, {"policy": policy, "state": "not adopted", **_heading(text)})
    if json:
        as_json(list(rows.values()))
        return
    for row in rows.values():
        hint = "" if row["status"] == "confirmed" else " (check before relying on it)"
        place = f"{row['policy']:34} {row['state']:12} {row.get('version', ''):17}"
        say(f"{place} {row['title']}{hint}")


@policies.command("adopt")
def adopt(
    file: Annotated[str, typer.Argument(help="A policy file, or the id of one that comes along.")],
    reason: Annotated[str, typer.Option(help="Why; it is recorded.")],
    by: Annotated[str, typer.Option(help="The address of the supervisor who adopts it.")] = "",
    open_complaints: Annotated[
        Open, typer.Option(help="Whether open complaints keep their version, or follow.")
    ] = "keep",
    answers: Annotated[
        Path | None, typer.Option(help="A TOML file with the six answers, where it has guarantees.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Put a policy in force: its whole text, with its holidays written out.

    A policy with guarantees says why each of the six situations in which not to offer one does not
    stand against it: poor_quality, does_not_fit, outside_control, open_to_cheating, costs_more and
    no_risk_seen. A terminal asks for what the file leaves out.
    """
    from recovery.policybook import adopt as put_in_force
    from web.runtime import Runtime
    from web.settings import load

    text = policy_text(file)
    given = answered(text, answers)
    with Runtime.open(load()) as runtime:
        event = put_in_force(
            runtime.store, runtime.policies, text, by=operator_or(runtime.accounts, by),
            at=datetime.now(UTC), reason=reason, open_complaints=open_complaints,
            answers=given, vault=runtime.vault,
        )  # fmt: skip
    if json:
        as_json({"policy": event.policy, "version": event.version, "at": event.at})
    else:
        say(f"{event.policy} is in force as version {event.version}.")


def answered(text: str, file: Path | None) -> Answers:
    """Why the guarantees of a text are offered; raises Invalid where nobody says it."""
    from recovery.policy.guarantees.design import QUESTIONS, Answers
    from recovery.policybook import answers_to

    try:
        told = tomllib.loads(text_of(file)) if file else {}
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{file} is not TOML: {error}.") from None
    unknown = [name for name in told if name not in QUESTIONS]
    if unknown:
        raise Invalid(f"{unknown[0]!r} is none of the six (there are: {', '.join(QUESTIONS)}).")
    found = {name: str(answer) for name, answer in told.items()}
    try:
        return answers_to(text, Answers(**found))
    except Invalid as wrong:
        if not sys.stdin.isatty():
            ways = f"Write {', '.join(QUESTIONS)} into a TOML file and give it with --answers."
            asked = QUESTIONS.get(wrong.field, "")  # type: ignore[call-overload]
            raise Invalid(f"{wrong.field}: {asked} {wrong} {ways}") from None
        for name in QUESTIONS:
            found[name] = found.get(name) or typer.prompt(QUESTIONS[name])
    return answers_to(text, Answers(**found))


def policy_text(file: str) -> str:
    """Of a file, or of a policy that comes along; raises Invalid and NotFound."""
    from recovery.policy.packs import pack_text

    path = Path(file)
    return text_of(path) if path.suffix == ".toml" or path.exists() else pack_text(file)


def _heading(text: str) -> dict[str, str]:
    from recovery.policy.schema import parse

    policy = parse(text)
    return {"title": policy.title, "status": policy.status, "source": policy.source}


def _tell(results: list[Result], json: bool) -> None:
    """One line for each example; exit 1 when one differs."""
    for line in _lines(results, json):
        say(line)
    _fail_unless(all(result.ok for result in results))


def _lines(results: list[Result], json: bool) -> Iterator[str]:
    for result in results:
        if json:
            yield msgspec.json.encode(result).decode()
        elif result.ok:
            yield f"{result.id}: as it says"
        else:
            got, expect = (msgspec.json.encode(x).decode() for x in (result.got, result.expect))
            yield f"{result.id}: comes out as {got}, not as {expect}"
    if not json:
        wrong = sum(1 for result in results if not result.ok)
        yield f"{len(results)} examples, {wrong} of them wrong"


def _fail_unless(good: bool) -> None:
    if not good:
        raise typer.Exit(1)
