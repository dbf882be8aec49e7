"""What programs send in these tests, and what they expect back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from web.api.examples import EXAMPLES

Program = Callable[..., TestClient]
COMPLAINT = EXAMPLES["NewComplaint"]
LITTLE = {"description": "No heating.", "complainant": {"email": "lee@example.org"}}


def act(client: TestClient, reference: str, what: str, body: Any = None, **headers: str) -> Any:
    """Do one act that is expected to work; returns the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.post(f"/api/v1/complaints/{reference}/{what}", json=body or {}, headers=named)
    assert answer.status_code == 200, answer.text
    return answer.json()


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem details of an answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    return body
