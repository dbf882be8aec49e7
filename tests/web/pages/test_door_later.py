"""Can a complaint be kept half written, and can other sites show the form? Safely?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from recovery import unsent
from recovery.database import Database
from recovery.files import LARGEST
from tests.cast import NINE
from tests.web.pages.hands import Hands, Page
from tests.web.pages.test_door import complain, token_of
from web.app import create_app
from web.door.knocking import HEAVY
from web.door.patience import Allowance
from web.runtime import Runtime

KEY = b"k" * 32


@pytest.fixture
def lee(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down()


def keep(hands: Hands, **fields: object) -> Page:
    """Press the other button of the form that is open."""
    assert hands.page is not None
    form = hands.page.forms["/complain"] | fields
    hands.page = Page(hands.client.post("/complain/later", data=form, follow_redirects=True))
    return hands.page


def test_what_was_kept_comes_back_and_is_gone_when_it_was_sent(lee: Hands) -> None:
    lee.open("/complain?language=zh&place=platform-4")
    kept = keep(lee, description="电梯坏了。", desired=["respect", "not_again"])

    assert kept.status == 200
    assert kept.forms["/complain"]["description"] == "电梯坏了。"
    assert kept.forms["/complain"]["place"] == "platform_4"
    assert kept.html.count(" checked") == 2
    again = keep(lee, email="li@example.org")
    assert again.address == kept.address

    assert lee.send("/complain").address.startswith("/mine/")
    assert lee.open(kept.address).status == 404


def test_nothing_is_not_kept(lee: Hands) -> None:
    lee.open("/complain")

    assert keep(lee).status == 422
    assert "There is nothing to keep yet." in keep(lee, description="  ").text
    assert keep(lee, description="x", website="https://a.example").status == 422


@pytest.mark.parametrize("token", ["a" * 24, "x", "%00" * 24, "../complain", "A" * 24])
def test_an_address_that_we_did_not_give_leads_to_an_empty_form(lee: Hands, token: str) -> None:
    page = lee.open(f"/complain/later/{token}")

    assert page.status in (200, 404)
    assert not page.forms.get("/complain", {}).get("description")


def test_a_token_that_somebody_made_up_is_not_taken(lee: Hands) -> None:
    lee.open("/complain")

    assert "a" * 24 not in keep(lee, description="x", draft="a" * 24).address


def test_nobody_reads_it_without_the_address(database: Database) -> None:
    token = unsent.draw()
    with database.connection() as conn:
        unsent.keep(conn, token, {"description": ["The lift."]}, key=KEY, now=NINE)
        [(place, sealed)] = conn.execute("select place, sealed from desk.unsent").fetchall()

        assert token not in place
        assert b"The lift" not in sealed
        assert unsent.read(conn, token, key=b"x" * 32, now=NINE) is None
        found = unsent.read(conn, token, key=KEY, now=NINE)
    assert found
    assert found.typed == {"description": ["The lift."]}


def test_it_has_an_end(database: Database) -> None:
    old, new = unsent.draw(), unsent.draw()
    end = NINE + unsent.LASTS
    with database.connection() as conn:
        unsent.keep(conn, old, {"description": ["The lift."]}, key=KEY, now=NINE)

        assert unsent.read(conn, old, key=KEY, now=end - timedelta(seconds=1))
        assert unsent.read(conn, old, key=KEY, now=end) is None
        unsent.keep(conn, new, {"description": ["Others."]}, key=KEY, now=end)
        assert unsent.drop_ended(conn, now=end) == 1
        assert unsent.read(conn, new, key=KEY, now=end)


# ---------------------------------------------------------------- in a frame


def test_nobody_may_frame_the_form_unless_named(lee: Hands) -> None:
    for path in ("/complain", "/complain?framed=yes"):
        policy = lee.client.get(path).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy


def test_sites_that_are_named_may_frame_the_form_and_nothing_else(
    lee: Hands, runtime: Runtime
) -> None:
    site = "https://www.example.org"
    runtime.settings = runtime.settings.model_copy(update={"framed_by": site})
    lee.client.app = create_app(runtime)
    form = lee.client.get("/complain?framed=yes")
    lee.open("/complain?framed=yes")
    taken = lee.client.post(
        "/complain", data={"description": "The lift.", "email": "l@a.example", "framed": "yes"}
    )
    wrong = lee.client.post("/complain", data={"description": "", "framed": "yes"})
    own = token_of(complain(lee))

    for answer in (form, taken, wrong):
        assert f"frame-ancestors {site};" in answer.headers["content-security-policy"] + ";"
    assert (taken.status_code, wrong.status_code) == (200, 422)
    assert 'target="_blank"' in taken.text
    for path in ("/complain", f"/mine/{own}", "/complain/later/x", "/sign-in"):
        assert "frame-ancestors 'none'" in lee.client.get(path).headers["content-security-policy"]


# ---------------------------------------------------------------- files


def test_files_that_are_too_large_leave_the_words(lee: Hands) -> None:
    lee.open("/complain")
    page = Page(
        lee.client.post(
            "/complain", data={"description": "The lift is broken.", "email": "l@a.example"},
            files={"files": ("film.mp4", b"\0" * (LARGEST + 1), "video/mp4")},
        )
    )  # fmt: skip

    assert page.status == 422
    assert "15 MB at most" in page.text
    assert page.forms["/complain"]["description"] == "The lift is broken."


def test_large_forms_are_not_even_read_when_there_are_too_many(
    lee: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.door.knocking.LOADS", Allowance("loads", 0, 3600))
    answer = lee.client.post("/complain", content=b"x" * (HEAVY + 1))

    assert answer.status_code == 429
    assert answer.headers["retry-after"]
