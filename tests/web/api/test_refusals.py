"""Is a program told clearly what cannot be?"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recovery.events import complaint_stream
from tests.web.api.calls import LITTLE, act, problem
from web.api.bodies import Closure
from web.api.examples import EXAMPLES
from web.api.reading import Reads
from web.errors import BadBody
from web.runtime import Runtime

# ---------------------------------------------------------------- what cannot be


def test_an_unknown_reference_is_not_found(ana: TestClient) -> None:
    body = problem(ana.get("/api/v1/complaints/0000000000"), 404)

    assert body["detail"] == "There is no complaint 00000-00000."


def test_a_mistyped_reference_is_not_found_and_noticed(ana: TestClient, reference: str) -> None:
    wrong = reference[:-1] + ("0" if reference[-1] != "0" else "1")

    assert "typing error" in problem(ana.get(f"/api/v1/complaints/{wrong}"), 404)["detail"]


def test_what_the_domain_declines_is_said_in_its_own_sentence(
    ana: TestClient, reference: str
) -> None:
    act(ana, reference, "acknowledgement")

    answer = ana.post(f"/api/v1/complaints/{reference}/acknowledgement", json={})

    assert problem(answer, 422)["detail"] == "This complaint has already been acknowledged."


def test_a_wish_that_there_is_not_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadBody, match="'gold' is not one of: taken_seriously, respect"):
        Reads(Closure).read(b'{"outcome": "upheld", "wishes": {"gold": true}}')


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"description": ""}, "description", "Write down what the complaint is about."),
        ({"description": " \u0000\u0007 "}, "description", "Write down"),
        ({"description": 7}, "description", "Give text, not a whole number."),
        ({"description": None}, "description", "Give text, not null."),
        ({"description": "x" * 60_000}, "description", "the most we can take is 50,000"),
        ({"complainant": {}}, "email", "Give one way to reach the complainant"),
        ({"complainant": "Lee"}, "complainant", "Give an object, not text."),
        ({"complainant": {"email": "lee"}}, "email", "is not an email address"),
        ({"complainant": {"email": "l@e.org", "age": 7}}, "complainant.age", "no such field"),
        ({"channel": "pigeon"}, "channel", "'pigeon' is not one of: email, phone"),
        ({"severity": "huge"}, "severity", "is not one of: low"),
        ({"desired_outcomes": ["gold"]}, "desired_outcomes[0]", "is not one of"),
        ({"desired_outcomes": "respect"}, "desired_outcomes", "Give a list, not text."),
        ({"received_at": "2026-02-30T09:00:00Z"}, "received_at", "Give a time with its zone"),
        ({"received_at": "2026-02-03T09:00:00"}, "received_at", "with its zone"),
        ({"received_at": "0001-01-01T00:00:00Z"}, "received_at", "The year 1 cannot be right."),
        ({"received_at": "2190-01-01T00:00:00Z"}, "received_at", "lies in the future"),
        ({"received_at": 1e400}, "", "not JSON"),
        ({"incident": {"lost": 1.5}}, "incident", "not a number"),
        ({"policy": "nowhere"}, "", 'No policy "nowhere"'),
        ({"colour": "blue"}, "colour", "There is no such field (there are: description"),
    ],
)
def test_each_wrong_value_is_named_and_explained(
    ana: TestClient, changes: dict[str, Any], field: str, sentence: str, runtime: Runtime
) -> None:
    before = runtime.store.head()
    answer = ana.post("/api/v1/complaints", content=as_json({**LITTLE, **changes}))

    body = answer.json()
    assert answer.status_code in (404, 422), answer.text
    errors = body.get("errors", [{"field": "", "message": body["detail"]}])
    told = [e["message"] for e in errors if e["field"].startswith(field)]
    assert any(sentence in message for message in told), errors
    assert runtime.store.head() == before


def as_json(value: Any) -> bytes:
    """JSON as careless programs write it: Infinity and NaN included."""
    import json

    return json.dumps(value).encode()


def test_every_mistake_is_named_at_once(ana: TestClient) -> None:
    answer = ana.post(
        "/api/v1/complaints",
        json={"channel": 7, "severity": "huge", "complainant": {"email": []}, "colour": 1},
    )

    named = {e["field"] for e in problem(answer, 422)["errors"]}
    assert named == {"channel", "severity", "complainant.email", "colour", "description"}


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b'"text"', b"null", b"NaN", b"\xff\xfe", b"[" * 100_000,
        b'{"description": "\\ud800", "complainant": {"email": "l@e.org"}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_object_is_refused(ana: TestClient, raw: bytes) -> None:
    assert problem(ana.post("/api/v1/complaints", content=raw), 422)


def test_another_content_type_is_refused(ana: TestClient) -> None:
    assert problem(ana.post("/api/v1/complaints", data={"description": "x"}), 415)


def test_a_body_over_the_limit_is_refused_unread(ana: TestClient, runtime: Runtime) -> None:
    content = b" " * (runtime.settings.body_limit + 1)

    assert problem(ana.post("/api/v1/complaints", content=content), 413)


@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [
        (30.5, "GBP", "amount"), ("-5", "GBP", "amount"), ("NaN", "GBP", "amount"),
        ("1e99", "GBP", "amount"), ("1.005", "GBP", "amount"), ("a lot", "GBP", "amount"),
        ("5", "QUID", "currency"), ("5", None, "currency"), (None, "GBP", "amount"),
    ],
)  # fmt: skip
def test_money_is_exact_or_refused(
    ana: TestClient, reference: str, amount: Any, currency: str | None, field: str
) -> None:
    body = {"kind": "goodwill", "amount": amount, "currency": currency}

    answer = ana.post(f"/api/v1/complaints/{reference}/compensation", json=body)

    assert [e["field"] for e in problem(answer, 422)["errors"]] == [field]


@pytest.mark.parametrize("value", ["", "three", '"-1"', '"3", "4"', '"99999999999"'])
def test_a_version_that_is_none_is_refused(ana: TestClient, reference: str, value: str) -> None:
    answer = ana.post(
        f"/api/v1/complaints/{reference}/notes", json=EXAMPLES["Note"], headers={"If-Match": value}
    )

    assert problem(answer, 422)["errors"][0]["field"] == "If-Match"


@pytest.mark.parametrize("value", ["", " ", "two words", "k" * 201])
def test_a_key_that_is_none_is_refused(ana: TestClient, reference: str, value: str) -> None:
    answer = ana.post(
        f"/api/v1/complaints/{reference}/notes", json=EXAMPLES["Note"],
        headers={"Idempotency-Key": value},
    )  # fmt: skip

    assert problem(answer, 422)["errors"][0]["field"] == "Idempotency-Key"


def test_a_complaint_cannot_be_given_to_nobody(ana: TestClient, reference: str) -> None:
    answer = ana.post(f"/api/v1/complaints/{reference}/assignment", json={"agent": "mallory"})

    assert "Nobody here is 'mallory'" in problem(answer, 422)["detail"]


def test_an_act_cannot_lie_before_the_complaint(ana: TestClient, reference: str) -> None:
    answer = ana.post(
        f"/api/v1/complaints/{reference}/notes", json={"text": "x", "at": "1999-01-01T00:00:00Z"}
    )

    assert problem(answer, 422)["errors"][0]["field"] == "at"


def test_hostile_words_are_kept_as_words(ana: TestClient, runtime: Runtime) -> None:
    words = "<script>alert(1)</script> '; drop table desk.events; --"
    sent = {**LITTLE, "description": words, "subject": words}

    found = ana.post("/api/v1/complaints", json=sent).json()["links"]["self"]

    assert ana.get(found).json()["description"] == words
    assert runtime.store.records(complaint_stream(found.rpartition("/")[2]))


def test_unknown_addresses_and_methods_are_problems_too(ana: TestClient) -> None:
    assert problem(ana.get("/api/v1/nothing"), 404)
    assert problem(ana.put("/api/v1/complaints", json={}), 405)


def test_without_a_database_the_program_is_told_to_come_back(
    app: FastAPI, ana: TestClient, runtime: Runtime, reference: str
) -> None:
    runtime.database.close()

    answer = ana.post(f"/api/v1/complaints/{reference}/notes", json=EXAMPLES["Note"])

    assert "nothing was recorded" in problem(answer, 503)["detail"]
    assert answer.headers["retry-after"] == "5"
