"""How does a JSON body become a record, and what do we say when it cannot?

The fast path is one typed decode. Only when that fails is the body looked at field by field, so
that every mistake is named at once, in a sentence.
"""

from __future__ import annotations

import re
import types
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec
from fastapi import Request
from starlette.exceptions import HTTPException

from web.errors import BadBody, FieldError

T = TypeVar("T", bound=msgspec.Struct)
NOT_JSON = "The body is not JSON"
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_CHOICE = re.compile(r"Invalid enum value (.+?)(?: - at .*)?$")
_WHERE = re.compile(r" - at `\$(.*)`$")
_NAMES = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false",
    "null": "null", "array": "a list", "object": "an object",
}  # fmt: skip


class Reads(Generic[T]):
    """A dependency that gives the body as one kind of record; raises BadBody."""

    def __init__(self, kind: type[T]) -> None:
        self.kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    async def __call__(self, request: Request) -> T:
        kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
        if kind.lower() != "application/json" and not kind.lower().endswith("+json"):
            raise HTTPException(415, "Send JSON (Content-Type: application/json).")
        return self.read(await request.body() or b"{}")

    def read(self, raw: bytes) -> T:
        try:
            return self._decoder.decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise BadBody(_mistakes(raw, self.kind)) from None


def _mistakes(raw: bytes, kind: type[msgspec.Struct]) -> tuple[FieldError, ...]:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError) as error:
        return (FieldError("", f"{NOT_JSON}: {str(error).removeprefix('JSON is malformed: ')}."),)
    except RecursionError:
        return (FieldError("", f"{NOT_JSON} that can be read: it is nested too deeply."),)
    return tuple(_in_object(found, kind, "")) or (FieldError("", f"{NOT_JSON} we can use."),)


def _in_object(value: Any, kind: type[msgspec.Struct], path: str) -> list[FieldError]:
    if not isinstance(value, dict):
        return [FieldError(path, f"Give an object, not {_name_of(value)}.")]
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    wrong = [
        FieldError(_join(path, name), f"There is no such field (there are: {', '.join(fields)}).")
        for name in value
        if name not in fields
    ]
    for name, field in fields.items():
        if name in value:
            wrong += _in_value(value[name], field.type, _join(path, name))
        elif field.required:
            wrong.append(FieldError(_join(path, name), "This is required."))
    return wrong


def _in_value(value: Any, kind: Any, path: str) -> list[FieldError]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _in_object(value, kind, path)
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        where = _WHERE.search(str(error))
        return [FieldError(path + (where[1] if where else ""), _sentence(str(error), kind))]
    return []


def _sentence(message: str, kind: Any) -> str:
    if expected := _EXPECTED.search(message):
        wanted = " or ".join(
            _NAMES.get(n, f"a {n}") for n in expected[1].split(" | ") if n != "null"
        )
        return f"Give {wanted or 'null'}, not {_NAMES.get(expected[2], expected[2])}."
    if chosen := _CHOICE.search(message):
        return f"{chosen[1]} is not one of: {', '.join(_choices(kind))}."
    if "datetime" in message:
        return "Give a time with its zone, like 2026-03-02T09:00:00Z."
    return _WHERE.sub("", message).rstrip(".") + "."


def _choices(kind: Any) -> list[str]:
    """The values of the Literal within a type."""
    if get_origin(kind) in (Union, types.UnionType, tuple, dict):
        return [choice for part in get_args(kind) for choice in _choices(part)]
    return [choice for choice in get_args(kind) if isinstance(choice, str)]


def _name_of(value: Any) -> str:
    names = {type(None): "null", str: "text", int: "a number", float: "a number",
             bool: "true or false", list: "a list"}  # fmt: skip
    return names.get(type(value), "this")


def _join(path: str, name: str) -> str:
    return f"{path}.{name[:100]}" if path else name[:100]
