"""Does a complainant's link give away nothing of others, and nothing once it has ended?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from recovery.forgetter import Forgetter
from recovery.policy.guarantees.trace import Refusal
from tests.cast import ANA, SUE
from tests.web.pages.hands import Hands
from tests.web.pages.test_door import complain, finished, token_of, told
from web.app import create_app
from web.door import knocking
from web.door.lasting import LASTS, behind
from web.door.patience import Allowance
from web.i18n import LANGUAGES
from web.pages import claimed
from web.pages.viewer import Viewer
from web.runtime import Runtime


@pytest.fixture
def lee(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down()


@pytest.mark.parametrize("act", ["acceptance", "survey", "message"])
def test_nothing_is_done_with_the_link_of_somebody_who_was_forgotten(
    lee: Hands, runtime: Runtime, act: str
) -> None:
    token = token_of(complain(lee, email=f"forgotten-{act}@example.org"))
    finished(runtime, token, "upheld")
    state, _ = runtime.desk.state(token[:10])
    Forgetter(runtime.store, runtime.vault).forget(
        state.received.complainant, by=SUE, at=datetime.now(UTC), reason="asked"
    )
    before = told(runtime, token)

    answer = lee.client.post(f"/mine/{token}/{act}", data={"text": "Hello.", "experience": "3"})

    assert answer.status_code == 404
    assert told(runtime, token) == before


def test_what_colleagues_wrote_on_reopening_stays_there(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    finished(runtime, token)
    runtime.desk.reopen(
        token[:10], by=ANA, at=datetime.now(UTC), reason="new_facts", words="Bo got it wrong."
    )
    runtime.engine.catch_up()

    text = lee.open(f"/mine/{token}").text

    assert "We look at it again" in text
    assert "Bo got it wrong" not in text


def test_the_reference_of_somebody_elses_complaint_is_not_told(
    lee: Hands, runtime: Runtime
) -> None:
    lees = token_of(complain(lee))
    bos = token_of(complain(lee, email="bo@example.org"))
    runtime.binder.merge(lees[:10], into=bos[:10], by=SUE, at=datetime.now(UTC))
    runtime.engine.catch_up()

    text = lee.open(f"/mine/{lees}").text

    assert "We answer it together with" in text
    assert bos[:5].upper() not in text


def test_whoever_contests_under_another_complaint_is_heard_and_told_nothing_of_it(
    lee: Hands, runtime: Runtime
) -> None:
    lees, bos = (token_of(complain(lee, email=f"{who}@example.org")) for who in ("lee", "bo"))
    runtime.desk.explain(
        lees[:10], by=SUE, at=datetime.now(UTC), outcome="not_upheld", message="A storm."
    )
    runtime.binder.merge(lees[:10], into=bos[:10], by=SUE, at=datetime.now(UTC))
    runtime.engine.catch_up()
    page = lee.open(f"/mine/{lees}")

    assert "How did it go?" not in page.text
    page = lee.send(f"/mine/{lees}/contest", text="There was none.")
    assert "There was none." in page.text
    assert bos[:5].upper() not in page.text


def test_a_link_lasts_for_a_year_after_the_end(lee: Hands, runtime: Runtime) -> None:
    token = token_of(complain(lee))
    later = datetime.now(UTC) + LASTS + timedelta(minutes=5)

    assert behind(runtime, token, now=later)[1].goes_on
    finished(runtime, token)
    assert behind(runtime, token, now=later - timedelta(days=1))
    with pytest.raises(HTTPException) as over:
        behind(runtime, token, now=later)
    assert over.value.status_code == 410


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_does_not_name_the_complaints_that_used_the_year_up(language: str) -> None:
    """Whoever complains at the door writes whose address they like."""
    refusal = Refusal("late", "1", "year_used_up", ("7GQ2M4XK9T",))
    viewer = Viewer(language=language, zone="UTC", scheme="auto", now=datetime.now(UTC))

    assert "7GQ2M" in claimed.why(refusal, viewer)
    assert "7GQ2M" not in claimed.why(refusal, viewer, naming=False)


def test_one_network_is_one_address() -> None:
    """A telephone has as many addresses of the sixth version as it likes."""
    assert knocking.network("2001:db8:1:2::1") == knocking.network("2001:db8:1:2:ffff::9")
    assert knocking.network("2001:db8:1:2::1") != knocking.network("2001:db8:1:3::1")
    assert knocking.network("::ffff:192.0.2.7") == knocking.network("192.0.2.7") == "192.0.2.7"
    assert knocking.network("testclient") == "testclient"


@pytest.mark.parametrize(("proxy", "heard"), [("127.0.0.1", 303), ("10.1.2.3", 429)])
def test_only_a_proxy_that_is_named_says_who_asks(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, proxy: str, heard: int
) -> None:
    monkeypatch.setattr("web.door.complain.COMPLAINTS", Allowance("complaints", 1, 3600))
    browser = TestClient(create_app(runtime), client=(proxy, 4711), follow_redirects=False)
    said = {"description": "The lift is broken.", "email": "lee@example.org"}

    answers = [
        browser.post("/complain", data=said, headers={"X-Forwarded-For": f"192.0.2.{n}"})
        for n in (1, 2)
    ]

    assert [answer.status_code for answer in answers] == [303, heard]
