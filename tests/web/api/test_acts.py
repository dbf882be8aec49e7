"""Can a program do what an agent can, once, and overwrite nobody?"""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.api.calls import COMPLAINT, LITTLE, Program, act, problem
from web.api.examples import EXAMPLES
from web.runtime import Runtime

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
