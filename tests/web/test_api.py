"""Can a program do what an agent can, and is it told clearly when it cannot?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recovery.events import complaint_stream
from recovery.forgetter import Forgetter
from web.api.examples import EXAMPLES
from web.runtime import Runtime

Program = Callable[..., TestClient]
COMPLAINT = EXAMPLES["NewComplaint"]
LITTLE = {"description": "No heating.", "complainant": {"email": "lee@example.org"}}


@pytest.fixture
def ana(program: Program) -> TestClient:
    return program("ana")


@pytest.fixture
def reference(ana: TestClient) -> str:
    return str(ana.post("/api/v1/complaints", json=COMPLAINT).json()["reference"])


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


# ---------------------------------------------------------------- a complaint arrives


def test_a_complaint_needs_only_words_and_one_way_to_answer(ana: TestClient) -> None:
    answer = ana.post("/api/v1/complaints", json=LITTLE)

    assert answer.status_code == 201
    body = answer.json()
    assert body["version"] == 1
    assert body["stage"] == "received"
    assert {clock["name"] for clock in body["clocks"]} == {"acknowledge", "explain", "resolve"}
    assert all(clock["state"] == "running" and clock["due"] for clock in body["clocks"])
    assert answer.headers["etag"] == '"1"'
    assert ana.get(body["links"]["self"]).json()["description"] == "No heating."


def test_what_was_sent_is_told_again(ana: TestClient, reference: str) -> None:
    body = ana.get(f"/api/v1/complaints/{reference}").json()

    for field in ("subject", "description", "channel", "category", "product", "severity",
                  "desired_outcomes"):  # fmt: skip
        assert body[field] == COMPLAINT[field], field
    assert body["complainant"]["name"] == "Lee Ming"
    assert body["language"] == "zh"
    assert body["attributes"] == {"region": "north"}
    assert body["facts"] == {"appointment_on": "2026-03-06", "missed": "1"}


def test_no_event_holds_a_name_an_address_or_a_word(
    ana: TestClient, reference: str, runtime: Runtime
) -> None:
    with runtime.database.connection() as conn:
        states = conn.execute("select convert_from(state, 'UTF8') from desk.events").fetchall()

    stored = "\n".join(state for (state,) in states)
    for secret in ("Lee Ming", "lee@example.org", "engineer", "hot water"):
        assert secret not in stored


def test_the_reference_may_be_typed_without_its_hyphen(ana: TestClient, reference: str) -> None:
    typed = reference.replace("-", "").lower()

    assert ana.get(f"/api/v1/complaints/{typed}").json()["reference"] == reference


# ---------------------------------------------------------------- the acts


def test_a_complaint_goes_from_received_to_closed(ana: TestClient, reference: str) -> None:
    act(ana, reference, "assignment", {"agent": "me"})
    act(ana, reference, "acknowledgement")
    act(ana, reference, "explanation", EXAMPLES["Explanation"])
    act(ana, reference, "compensation", EXAMPLES["Compensation"])
    act(ana, reference, "closure", EXAMPLES["Closure"])

    body = ana.get(f"/api/v1/complaints/{reference}").json()
    assert (body["stage"], body["outcome"], body["open"]) == ("closed", "upheld", False)
    assert body["assignee"] == "user:ana"
    assert body["compensation"][0]["amount"] == "30.00"
    assert {clock["state"] for clock in body["clocks"]} == {"stopped"}
    assert all(clock["met"] for clock in body["clocks"])


@pytest.mark.parametrize(
    ("what", "example"),
    [
        ("acknowledgement", "Acknowledgement"), ("explanation", "Explanation"),
        ("compensation", "Compensation"), ("assignment", "Assignment"),
        ("classification", "Classification"), ("notes", "Note"), ("messages", "Message"),
        ("received-messages", "ReceivedMessage"), ("pause", "Pause"), ("extension", "Extension"),
        ("escalation", "Escalation"), ("withdrawal", "Withdrawal"), ("incident", "Incident"),
        ("milestones", "Milestone"),
    ],
)  # fmt: skip
def test_each_example_of_the_description_works(
    ana: TestClient, reference: str, what: str, example: str
) -> None:
    before = ana.get(f"/api/v1/complaints/{reference}").json()["version"]

    assert act(ana, reference, what, EXAMPLES[example])["version"] == before + 1


def test_the_other_half_of_a_pair_works_too(ana: TestClient, reference: str) -> None:
    act(ana, reference, "assignment", {"agent": "bo@desk.test"})
    assert ana.delete(f"/api/v1/complaints/{reference}/assignment").status_code == 200
    act(ana, reference, "pause", EXAMPLES["Pause"])
    act(ana, reference, "resumption")
    act(ana, reference, "withdrawal")
    act(ana, reference, "reopening", EXAMPLES["Reopening"])

    body = ana.get(f"/api/v1/complaints/{reference}").json()
    assert (body["assignee"], body["paused"], body["open"], body["cycle"]) == (
        None, False, True, 2,
    )  # fmt: skip


def test_a_reason_in_words_goes_into_the_vault_and_not_into_the_event(
    ana: TestClient, reference: str
) -> None:
    act(ana, reference, "withdrawal")
    act(ana, reference, "reopening", {"reason": "Mrs Lee rang: it is cold again!"})

    last = ana.get(f"/api/v1/complaints/{reference}/events").json()["events"][-1]
    assert last["reason"] == "other"
    assert last["words"]["paper"]


# ---------------------------------------------------------------- once, and nobody overwritten


def test_a_repeated_key_gets_the_first_answer_again(ana: TestClient, runtime: Runtime) -> None:
    key = {"Idempotency-Key": "order-66"}
    first = ana.post("/api/v1/complaints", json=COMPLAINT, headers=key)
    act(ana, first.json()["reference"], "acknowledgement")

    again = ana.post("/api/v1/complaints", json=COMPLAINT, headers=key)

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["etag"] == first.headers["etag"]


def test_a_repeated_act_is_done_once(ana: TestClient, reference: str) -> None:
    first = act(ana, reference, "notes", EXAMPLES["Note"], idempotency_key="n1")

    again = act(ana, reference, "notes", EXAMPLES["Note"], idempotency_key="n1")

    assert again == first
    assert ana.get(f"/api/v1/complaints/{reference}").json()["version"] == first["version"]


def test_a_key_used_for_something_else_is_refused(ana: TestClient, reference: str) -> None:
    act(ana, reference, "notes", {"text": "One."}, idempotency_key="n1")

    answer = ana.post(
        f"/api/v1/complaints/{reference}/notes", json={"text": "Two."},
        headers={"Idempotency-Key": "n1"},
    )  # fmt: skip

    assert "used before" in problem(answer, 422)["detail"]


def test_two_people_may_use_the_same_key(program: Program, reference: str) -> None:
    first = act(program("ana"), reference, "notes", EXAMPLES["Note"], idempotency_key="1")
    second = act(program("bo"), reference, "notes", EXAMPLES["Note"], idempotency_key="1")

    assert second["version"] == first["version"] + 1


def test_whoever_saw_an_older_version_is_told_what_happened_since(
    program: Program, reference: str
) -> None:
    ana, bo = program("ana"), program("bo")
    seen = ana.get(f"/api/v1/complaints/{reference}").headers["etag"]
    act(bo, reference, "acknowledgement")

    answer = ana.post(
        f"/api/v1/complaints/{reference}/explanation", json=EXAMPLES["Explanation"],
        headers={"If-Match": seen},
    )  # fmt: skip

    body = problem(answer, 409)
    assert body["current_version"] == int(seen.strip('"')) + 1
    assert [(r["type"], r["by"]) for r in body["since"]] == [("complaint.acknowledged", "user:bo")]


def test_the_version_that_was_seen_lets_the_act_pass(ana: TestClient, reference: str) -> None:
    seen = ana.get(f"/api/v1/complaints/{reference}").headers["etag"]

    assert act(ana, reference, "acknowledgement", if_match=seen)


# ---------------------------------------------------------------- reading


def test_the_past_is_told_as_it_was(ana: TestClient) -> None:
    then = datetime.now(UTC) - timedelta(days=3)
    sent = {**LITTLE, "received_at": then.isoformat()}
    reference = ana.post("/api/v1/complaints", json=sent).json()["reference"]
    day_later = (then + timedelta(days=1)).isoformat()
    act(ana, reference, "acknowledgement", {"at": day_later})
    address = f"/api/v1/complaints/{reference}"

    hour_after = ana.get(address, params={"as_of": (then + timedelta(hours=1)).isoformat()})
    two_days_after = ana.get(address, params={"as_of": (then + timedelta(days=2)).isoformat()})
    not_yet_known = ana.get(address, params={"known_at": day_later})

    assert hour_after.json()["stage"] == "received"
    assert two_days_after.json()["stage"] == "acknowledged"
    assert problem(not_yet_known, 404)


def test_instants_are_told_in_utc_wherever_they_were_written(ana: TestClient) -> None:
    sent = {**LITTLE, "received_at": "2026-03-02T17:00:00+08:00"}
    created = ana.post("/api/v1/complaints", json=sent).json()
    reference = created["reference"]
    act(ana, reference, "acknowledgement", {"at": "2026-03-02T18:00:00+08:00"})

    clock = ana.get(f"/api/v1/complaints/{reference}/clocks").json()["clocks"][0]

    assert clock["started_at"] == "2026-03-02T09:00:00Z"
    assert clock["stopped_at"] == "2026-03-02T10:00:00Z"
    assert created["clocks"][0]["policy_version"] == clock["policy_version"]


def test_events_are_told_in_order_and_in_pages(ana: TestClient, reference: str) -> None:
    act(ana, reference, "acknowledgement")
    address = f"/api/v1/complaints/{reference}/events"

    first = ana.get(address, params={"limit": 2}).json()
    rest = ana.get(address, params={"after": first["cursor"]}).json()

    types = [event["type"] for event in first["events"] + rest["events"]]
    assert types == [
        "complaint.received", "complaint.incident_recorded", "complaint.acknowledged",
    ]  # fmt: skip
    assert rest["cursor"] is None


def test_clocks_say_what_was_promised(ana: TestClient, reference: str) -> None:
    body = ana.get(f"/api/v1/complaints/{reference}/clocks").json()

    promised = {clock["name"]: clock["target"] for clock in body["clocks"]}
    assert promised["acknowledge"] == "4 business hours"
    assert body["next_due"] == min(clock["due"] for clock in body["clocks"])


def test_the_queue_tells_the_most_urgent_first_in_pages(ana: TestClient, runtime: Runtime) -> None:
    for days in (1, 3, 2):
        sent = {**LITTLE, "received_at": (datetime.now(UTC) - timedelta(days=days)).isoformat()}
        ana.post("/api/v1/complaints", json=sent)
    runtime.engine.catch_up()

    first = ana.get("/api/v1/queue", params={"limit": 2}).json()
    rest = ana.get("/api/v1/queue", params={"limit": 2, "cursor": first["cursor"]}).json()

    tickets = first["tickets"] + rest["tickets"]
    assert [t["next_due"] for t in tickets] == sorted(t["next_due"] for t in tickets)
    assert len({t["reference"] for t in tickets}) == 3
    assert rest["cursor"] is None
    assert first["counts"]["open"] == 3


def test_the_queue_is_filtered(ana: TestClient, reference: str, runtime: Runtime) -> None:
    ana.post("/api/v1/complaints", json=LITTLE)
    act(ana, reference, "assignment", {"agent": "me"})
    runtime.engine.catch_up()

    for params in ({"channel": "phone"}, {"view": "mine"}, {"q": "hot water"}):
        found = ana.get("/api/v1/queue", params=params).json()["tickets"]
        assert [t["reference"] for t in found] == [reference], params


@pytest.mark.parametrize(
    "params", [{"view": "mad"}, {"colour": "blue"}, {"cursor": "x"}, {"limit": "0"}, {"limit": "a"}]
)
def test_the_queue_refuses_what_it_does_not_know(ana: TestClient, params: dict[str, str]) -> None:
    assert problem(ana.get("/api/v1/queue", params=params), 422)


def test_a_forgotten_complainant_leaves_the_counts_and_clocks_and_no_word(
    ana: TestClient, reference: str, runtime: Runtime
) -> None:
    address = f"/api/v1/complaints/{reference}"
    before = ana.get(address).json()

    Forgetter(runtime.store, runtime.vault).forget(
        before["complainant"]["id"], by="user:ada", at=datetime.now(UTC), reason="asked"
    )

    after = ana.get(address)
    assert after.json()["complainant"]["forgotten"] is True
    assert (after.json()["subject"], after.json()["description"]) == (None, None)
    assert after.json()["clocks"] == before["clocks"]
    assert "Lee Ming" not in after.text


# ---------------------------------------------------------------- who may


def test_mallory_without_a_token_gets_nothing(stranger: TestClient) -> None:
    for token in ("", "Bearer", "Bearer rcv_guess", "Basic YTpi"):
        answer = stranger.get("/api/v1/queue", headers={"Authorization": token})
        assert problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_may_only_read_cannot_write(program: Program, reference: str) -> None:
    reader = program("bo", "complaints:read")

    assert reader.get(f"/api/v1/complaints/{reference}").status_code == 200
    answer = reader.post(f"/api/v1/complaints/{reference}/notes", json=EXAMPLES["Note"])
    assert "complaints:write" in problem(answer, 403)["detail"]


def test_the_complainants_own_page_is_told_to_whoever_may_write(
    program: Program, reference: str
) -> None:
    """Whoever has its address accepts, contests and claims."""
    reader, both = program("bo", "complaints:read"), program("ana")

    told = [each.get(f"/api/v1/complaints/{reference}").json()["links"] for each in (reader, both)]

    assert ["complainant" in links for links in told] == [False, True]


def test_a_token_that_may_only_write_cannot_read(program: Program, reference: str) -> None:
    writer = program("bo", "complaints:write")

    assert problem(writer.get(f"/api/v1/complaints/{reference}"), 403)


# ---------------------------------------------------------------- what cannot be


def test_an_unknown_reference_is_not_found(ana: TestClient) -> None:
    body = problem(ana.get("/api/v1/complaints/0000000000"), 404)

    assert body["detail"] == "There is no complaint 00000-00000."


def test_a_mistyped_reference_is_noticed(ana: TestClient, reference: str) -> None:
    wrong = reference[:-1] + ("0" if reference[-1] != "0" else "1")

    assert "typing error" in problem(ana.get(f"/api/v1/complaints/{wrong}"), 422)["detail"]


def test_what_the_domain_declines_is_said_in_its_own_sentence(
    ana: TestClient, reference: str
) -> None:
    act(ana, reference, "acknowledgement")

    answer = ana.post(f"/api/v1/complaints/{reference}/acknowledgement", json={})

    assert problem(answer, 422)["detail"] == "This complaint has already been acknowledged."


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
