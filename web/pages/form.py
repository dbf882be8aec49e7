"""What was typed into a form, and what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from recovery.errors import Invalid, RecoveryError
from web.pages.sentences import translated
from web.pages.viewer import Viewer

LONGEST = 60_000
"""Characters of one value that are given back; the domain refuses fewer."""


async def sent(request: Request) -> FormData:
    """The form that a browser sent, with its files."""
    return await request.form()


Sent = Annotated[FormData, Depends(sent)]


class Several(Invalid):
    """More than one thing is wrong with a form; says all of it at once."""

    def __init__(self, errors: Sequence[Invalid]) -> None:
        super().__init__(str(errors[0]), field=errors[0].field)
        self.errors = tuple(errors)


def check(*checks: Callable[[], object]) -> None:
    """Ask everything; raises what is wrong, all of it."""
    errors = []
    for each in checks:
        try:
            each()
        except Invalid as wrong:
            errors.append(wrong)
    if errors:
        raise Several(errors)


class Form:
    """One form on a page: `name` keeps its ids apart from those of its neighbours."""

    def __init__(
        self, name: str, values: Mapping[str, str | Sequence[str]] | None = None, *,
        errors: Mapping[str, str] | None = None, refusal: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self._values = values or {}
        self._errors = errors or {}
        self.refusal = refusal
        """Why the whole was declined, where no single field is at fault."""

    @classmethod
    def sent(cls, name: str, data: FormData) -> Form:
        """What a browser sent; files and the hidden fields are left out."""
        values: dict[str, str | Sequence[str]] = {}
        for key in data:
            given = [text[:LONGEST] for text in data.getlist(key) if isinstance(text, str)]
            if key not in ("csrf", "command") and given:
                values[key] = given[0] if len(given) == 1 else given
        return cls(name, values)

    def with_values(self, values: Mapping[str, str]) -> Form:
        """The same with other values in some fields."""
        both = {**self._values, **values}
        return Form(self.name, both, errors=self._errors, refusal=self.refusal)

    def with_errors(self, errors: Mapping[str, str], refusal: str = "") -> Form:
        return Form(self.name, self._values, errors=errors, refusal=refusal)

    @property
    def content(self) -> dict[str, str | Sequence[str]]:
        """Everything that was typed, by field."""
        return dict(self._values)

    def refused(self, wrong: RecoveryError, viewer: Viewer) -> Form:
        """With the sentence where it belongs: beside its field, or above the whole."""
        sentence = translated(str(wrong), viewer)
        field = wrong.field if isinstance(wrong, Invalid) else ""
        return self.with_errors({field: sentence}) if field else self.with_errors({}, sentence)

    # ------------------------------------------------------------ for templates

    def id(self, field: str) -> str:
        return f"{self.name}-{field}"

    def value(self, field: str) -> str:
        found = self._values.get(field, "")
        return found if isinstance(found, str) else next(iter(found), "")

    def values(self, field: str) -> list[str]:
        found = self._values.get(field, "")
        return ([found] if found else []) if isinstance(found, str) else list(found)

    def has(self, field: str, value: str) -> bool:
        return value in self.values(field)

    def wrong(self, field: str) -> str:
        return self._errors.get(field, "")

    @property
    def failed(self) -> bool:
        return bool(self._errors or self.refusal)
