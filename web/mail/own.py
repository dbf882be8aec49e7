"""Can a letter be written from the organisation's own words, and what does it say then?

The words are a template of few means: the declared fields, `if` and `for`. Anything else is
refused with its line before it is used, so that a letter never fails on its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from recovery.errors import Invalid
from recovery.events import LetterKind
from web.mail.letters import CONTEXT, TEMPLATES
from web.mail.wording import Tongue

FIELDS: dict[LetterKind, tuple[str, ...]] = {
    kind: tuple(sorted(known - {"language", "subject"})) for kind, known in CONTEXT.items()
}
"""What the words of each kind may use."""
_OF_PROMISES = ("by", "what")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.For, nodes.Not,
    nodes.And, nodes.Or, nodes.Getattr,
)  # fmt: skip


class BrokenTemplate(Invalid):
    """The words cannot be used; `line` is where."""

    def __init__(self, sentence: str, line: int, *, field: str) -> None:
        super().__init__(sentence, field=field)
        self.line = line


def shipped(kind: LetterKind, tongue: Tongue) -> tuple[str, str]:
    """Subject and text of version 0, as they would be typed."""
    folder = TEMPLATES / "letters" / tongue
    text = (folder / f"{kind}.txt").read_text()
    include = f'{{% include "letters/{tongue}/promises.txt" %}}\n'
    text = text.replace(include, (folder / "promises.txt").read_text())
    return (folder / f"{kind}.subject.txt").read_text().strip(), text.strip()


def checked(kind: LetterKind, source: str, *, field: str) -> None:
    """Raises BrokenTemplate for words that use what there is not."""
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        sentence = f"Line {error.lineno}: this is not closed or not complete ({error.message})."
        raise BrokenTemplate(sentence, error.lineno, field=field) from None
    loops = {
        each.target.name: each for each in tree.find_all(nodes.For)
        if isinstance(each.target, nodes.Name)
    }  # fmt: skip
    for node in (tree, *tree.find_all(nodes.Node)):
        if not isinstance(node, _ALLOWED) or not _is_usable(node, kind, loops):
            sentence = f"Line {node.lineno}: {_named(node)} cannot be used here."
            raise BrokenTemplate(sentence, node.lineno, field=field)


def fill(source: str, values: Mapping[str, Any]) -> str:
    """The words with the values; raises BrokenTemplate for those that were never checked."""
    try:
        return _ENVIRONMENT.from_string(source).render(values)
    except TemplateError as error:
        raise BrokenTemplate(f"{error.message}", 1, field="text") from None


def _is_usable(node: nodes.Node, kind: LetterKind, loops: Mapping[str, nodes.For]) -> bool:
    match node:
        case nodes.Name():
            return node.name in FIELDS[kind] or node.name in loops
        case nodes.Getattr():
            of_loop = isinstance(node.node, nodes.Name) and node.node.name in loops
            return of_loop and node.attr in _OF_PROMISES
        case nodes.For():
            return (
                isinstance(node.iter, nodes.Name) and node.iter.name == "promises"
                and isinstance(node.target, nodes.Name) and not node.recursive and node.test is None
            )  # fmt: skip
        case _:
            return True


def _named(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return f"“{node.name}”"
        case nodes.Getattr():
            return f"“.{node.attr}”"
        case _:
            return f"“{type(node).__name__.lower()}”"


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()
    environment.filters.clear()
    return environment


_ENVIRONMENT = _environment()
