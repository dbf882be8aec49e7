"""How is the API described? OpenAPI 3.1, made from the same records that read the bodies."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from web.api import bodies
from web.api.examples import ANSWERS, EXAMPLES

_REFS = "#/components/schemas/{name}"
_BODIES = tuple(
    kind
    for kind in vars(bodies).values()
    if isinstance(kind, type) and issubclass(kind, bodies.Body) and kind is not bodies.Body
)
DESCRIPTION = """\
The same commands and queries as the pages. Send `Authorization: Bearer …` with a token from
`recovery token add`. Send an `Idempotency-Key` with every POST: a repeat gets the first answer
again. Send `If-Match` with the version you saw, and somebody who was quicker is not overwritten.
Instants are RFC 3339, amounts decimal text with an ISO 4217 currency, languages BCP 47, failures
problem details (RFC 9457).
"""
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence for a person"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "current_version": {"type": "integer"},
        "since": {"type": "array", "items": {"type": "object"}},
        "incident": {"type": "string", "description": "To find the fault in the log"},
    },
}
_PROBLEMS = {
    "401": "No token, or not one of ours",
    "403": "The token does not have the scope",
    "404": "No such complaint",
    "409": "Somebody was quicker: `current_version` and `since` say how far the complaint is",
    "413": "The body is too large",
    "422": "The desk declines, or fields are not right: `errors` names each",
    "503": "The database does not answer: send it again with the same `Idempotency-Key`; without"
    " one, look first whether it was recorded",
}


def asks(kind: type[bodies.Body], *, status: int = 200) -> dict[str, Any]:
    """The description of a route that takes one of our records as its body."""
    content: dict[str, Any] = {"schema": {"$ref": _REFS.format(name=kind.__name__)}}
    if kind.__name__ in EXAMPLES:
        content["examples"] = {"usual": {"value": EXAMPLES[kind.__name__]}}
    required = any(field.required for field in msgspec.structs.fields(kind))
    return {
        "requestBody": {"required": required, "content": {"application/json": content}},
        "responses": {str(status): _answer(kind)},
    }


def document(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The whole description."""
    found = get_openapi(
        title="Recovery", version="1", description=DESCRIPTION, routes=routes,
        openapi_version="3.1.0",
    )  # fmt: skip
    _, schemas = msgspec.json.schema_components(_BODIES, ref_template=_REFS)
    found.setdefault("components", {})["schemas"] = {**schemas, "Problem": _PROBLEM}
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    for path in found["paths"].values():
        for operation in path.values():
            _finish(operation)
    return found


def _finish(operation: dict[str, Any]) -> None:
    """Say of each operation how it fails, and which headers it understands."""
    answers = operation["responses"]
    answers.pop("422", None)
    for status, said in _PROBLEMS.items():
        answers[status] = {
            "description": said,
            "content": {
                "application/problem+json": {"schema": {"$ref": _REFS.format(name="Problem")}}
            },
        }
    if "requestBody" in operation:
        operation.setdefault("parameters", []).extend(copy.deepcopy(_HEADERS))


_HEADERS = [
    {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}},
    {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "example": '"3"'},
]


def _answer(kind: type[bodies.Body]) -> dict[str, Any]:
    example = ANSWERS["received" if kind is bodies.NewComplaint else "changed"]
    return {"description": "Done", "content": {"application/json": {"example": example}}}
