"""Ana's program, and a complaint that it brought."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.api.calls import COMPLAINT, Program


@pytest.fixture
def ana(program: Program) -> TestClient:
    return program("ana")


@pytest.fixture
def reference(ana: TestClient) -> str:
    return str(ana.post("/api/v1/complaints", json=COMPLAINT).json()["reference"])
