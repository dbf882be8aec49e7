"""What of a page is known before anybody asks for it?

Its sentences, labels and icons: an environment speaks one language, so where a template calls for
one of these by name, it is answered while the template is compiled. A page says a hundred of them,
and asking Jinja for one takes as long as putting a row of the queue on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

Answer = Callable[..., str]
"""Gives the same text whenever it is called with the same words."""


class KnownEnvironment(Environment):
    """Templates whose calls of `known` functions are answered when they are compiled."""

    known: Mapping[str, Answer] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template may name: one mapping, which is copied quickly for each page."""
        return self.globals if d is None else {**self.globals, **d}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Answers(self.known).visit(template)
        return template


class _Answers(NodeTransformer):
    """Puts the answer in place of each call that has one; the others stay for the page."""

    def __init__(self, known: Mapping[str, Answer]) -> None:
        self._known = known

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja looks for it)
        self.generic_visit(call)
        answer = self._known.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        words = [each.value for each in call.args if isinstance(each, nodes.Const)]
        named = {n.key: n.value.value for n in call.kwargs if isinstance(n.value, nodes.Const)}
        given = len(call.args) + len(call.kwargs)
        if answer is None or len(words) + len(named) < given or call.dyn_args or call.dyn_kwargs:
            return call
        found = answer(*words, **named)
        return nodes.Const(found, lineno=call.lineno, environment=call.environment)
