"""How do fields get onto a page that has thirty of them, within a millisecond?

A field as it is suggested is the same for everybody, so it is drawn once for each language. A form
that was refused holds what somebody typed: its fields are drawn afresh and never remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from web.pages.form import Form

FIELDS = ("line", "area", "choose", "pills")
"""The macros of parts/fields.html that draw one field of a form."""
REMEMBERED = 512
"""Of each kind and language."""


def fields(environment: Environment) -> dict[str, Callable[..., Markup]]:
    """What templates call to draw a field, by name."""
    drawn = environment.get_template("parts/fields.html").module
    return {name: _remembering(getattr(drawn, name)) for name in FIELDS}


def _remembering(draw: Callable[..., Markup]) -> Callable[..., Markup]:
    @lru_cache(REMEMBERED)
    def suggested(
        form: str, name: str, values: tuple[str, ...], words: tuple[Any, ...],
        options: tuple[tuple[str, Any], ...],
    ) -> Markup:  # fmt: skip
        return draw(Form(form, {name: values}), name, *words, **dict(options))

    def field(form: Form, name: str, *words: Any, **options: Any) -> Markup:
        fixed = tuple(_fixed(each) for each in words)
        if form.failed:
            return draw(form, name, *fixed, **options)
        values = tuple(form.values(name))
        return suggested(form.name, name, values, fixed, tuple(options.items()))

    return field


def _fixed(value: Any) -> Any:
    """A list of choices as a tuple, so that it can be part of a cache's key."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return tuple(tuple(choice) for choice in value)
