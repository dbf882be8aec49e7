"""What does every answer of the server have in common?"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from fastapi import FastAPI
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from starlette.testclient import TestClient

from recovery.reference import draw
from tests.web.conftest import BASE
from web.runtime import Runtime


def test_every_answer_forbids_what_we_do_not_need(stranger: TestClient) -> None:
    for address in ("/healthz", "/sign-in", "/nothing", "/api/v1/nothing"):
        headers = stranger.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_the_process_is_alive_even_when_the_database_is_not(
    stranger: TestClient, runtime: Runtime
) -> None:
    runtime.database.engine.dispose()
    runtime.database.close()

    assert stranger.get("/healthz").text == "ok\n"


def test_ready_means_that_the_database_answers_and_says_how_far_each_projection_is(
    stranger: TestClient, runtime: Runtime
) -> None:
    body = stranger.get("/readyz").json()

    assert body["status"] == "ready"
    assert {p["name"] for p in body["projections"]} == {p.name for p in runtime.engine.projections}
    assert {p["lag"] for p in body["projections"]} == {1}  # the house policy, not yet folded
    runtime.engine.catch_up()
    assert {p["lag"] for p in stranger.get("/readyz").json()["projections"]} == {0}


def test_not_ready_without_a_database(
    stranger: TestClient, runtime: Runtime, server_url: str
) -> None:
    name = sql.Identifier(conninfo_to_dict(runtime.database.url)["dbname"])
    runtime.database.close()
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(sql.SQL("alter database {} allow_connections false").format(name))

    answer = stranger.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unready")


def test_a_stopped_projection_degrades_the_desk(stranger: TestClient, runtime: Runtime) -> None:
    with runtime.database.connection() as conn:
        conn.execute("update read.projections set stopped_reason = 'x' where name = 'queue'")

    body = stranger.get("/readyz").json()

    assert body["status"] == "degraded"
    assert [p["name"] for p in body["projections"] if p["stopped"]] == ["queue"]


def test_metrics_count_requests_by_route_and_not_by_reference(
    stranger: TestClient, program: Callable[..., TestClient]
) -> None:
    reference = draw()
    program("ana").get(f"/api/v1/complaints/{reference}")

    text = stranger.get("/metrics").text

    assert 'route="/api/v1/complaints/{reference}",status="404"' in text
    assert reference not in text
    assert 'recovery_projection_lag{projection="queue"}' in text
    assert "recovery_log_head" in text


def test_a_fault_is_told_without_its_details(app: FastAPI, people: object) -> None:
    @app.get("/api/v1/fault")
    def fault() -> None:
        raise RuntimeError("the password is hunter2")

    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/fault")

    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert len(answer.json()["incident"]) == 8


def test_the_api_describes_itself_with_examples(stranger: TestClient) -> None:
    body = stranger.get("/api/v1/openapi.json").json()

    assert body["openapi"].startswith("3.1")
    new = body["paths"]["/api/v1/complaints"]["post"]
    assert new["requestBody"]["content"]["application/json"]["examples"]
    for path in body["paths"].values():
        for operation in path.values():
            assert operation["description"]
            assert operation["responses"]["401"]
            if "requestBody" in operation:
                named = {p["name"] for p in operation["parameters"]}
                assert {"Idempotency-Key", "If-Match"} <= named
