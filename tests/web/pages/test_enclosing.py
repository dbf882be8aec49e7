"""Can an agent send files along, see them again, and lose none of them on the way?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from recovery import reference as references
from recovery.files import LARGEST
from tests.web.pages.hands import Hands, Page
from web.deps import now
from web.door import links
from web.mail.post import Post
from web.runtime import Runtime

BILL = ("账单.pdf", b"%PDF-1.4 the bill", "application/pdf")
PLAN = ("plan.txt", b"one two three", "text/plain")


def write(hands: Hands, complaint: str, *files: tuple[str, bytes, str], **fields: Any) -> Page:
    """Send a message with files from the page that is open, without script."""
    assert hands.page is not None
    action = f"/complaints/{complaint}/letters"
    data = hands.page.forms[action] | {"text": "Here they are."} | fields
    sent = [("files", each) for each in files]
    answer = hands.client.post(action, data=data, files=sent or None, follow_redirects=True)
    hands.page = Page(answer)
    return hands.page


def addresses(html: str, complaint: str) -> list[str]:
    found = re.findall(rf'href="(/complaints/{complaint}/files/\d+/\d+)"', html)
    return list(dict.fromkeys(found))


def count(runtime: Runtime) -> int:
    with runtime.database.connection() as conn:
        row = conn.execute("select count(*) from desk.papers").fetchone()
    assert row is not None
    return int(row[0])


def test_files_go_along_and_stand_with_the_letter_as_downloads(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    ana.open(f"/complaints/{complaint}")
    page = write(ana, complaint, BILL, PLAN)

    bill, plan = addresses(page.html, complaint)
    got = ana.client.get(bill)
    assert (got.content, got.headers["content-type"]) == (BILL[1], "application/pdf")
    assert ana.client.get(plan).content == PLAN[1]
    assert "账单.pdf" in page.text
    with runtime.database.connection() as conn:
        assert conn.execute("select from desk.drafts").fetchall() == []


def test_a_refused_letter_keeps_its_files_and_those_not_ticked_stay_behind(
    ana: Hands, complaint: str
) -> None:
    ana.open(f"/complaints/{complaint}")
    refused = write(ana, complaint, BILL, PLAN, text="Calm down!  You are wrong.")
    kept = re.findall(r'name="enclosed" value="(\w+)" checked', refused.html)
    page = write(ana, complaint, text="Here it is.", enclosed=kept[1:])

    assert (refused.status, len(kept)) == (422, 2)
    [only] = addresses(page.html, complaint)
    assert ana.client.get(only).content == PLAN[1]


def test_chosen_files_are_kept_with_the_draft_beside_its_words(
    ana: Hands, complaint: str, runtime: Runtime
) -> None:
    page = ana.open(f"/complaints/{complaint}")
    token = page.forms[f"/complaints/{complaint}/letters"]["csrf"]
    drafts = f"/complaints/{complaint}/drafts/letters"
    headers = {"X-CSRF-Token": token, "HX-Request": "true"}
    before = count(runtime)
    ana.client.post(drafts, data={"text": "Half a"}, headers=headers)
    part = ana.client.post(f"{drafts}/files", files=[("files", BILL)], headers=headers)
    ana.client.post(drafts, data={"text": "Half a letter"}, headers=headers)
    page = ana.open(f"/complaints/{complaint}")
    form = page.forms[f"/complaints/{complaint}/letters"]
    assert "账单.pdf" in part.text
    assert form["text"] == "Half a letter"
    assert count(runtime) == before + 2

    ana.client.post(drafts, data={"text": ""}, headers=headers)
    part = ana.client.post(f"{drafts}/files", data={"offered": form["offered"]}, headers=headers)
    assert "账单.pdf" not in part.text
    assert count(runtime) == before


def test_too_much_is_refused_with_a_sentence(ana: Hands, complaint: str) -> None:
    page = ana.open(f"/complaints/{complaint}")
    token = page.forms[f"/complaints/{complaint}/letters"]["csrf"]
    half = ("big.bin", b"x" * (LARGEST // 2 + 1), "application/octet-stream")
    files = f"/complaints/{complaint}/drafts/letters/files"
    sent = [("files", half), ("files", half)]
    answer = ana.client.post(files, files=sent, headers={"X-CSRF-Token": token})
    program = [("files", ("setup.exe", b"MZ", "image/png"))]
    unsafe = ana.client.post(files, files=program, headers={"X-CSRF-Token": token})

    assert (answer.status_code, unsafe.status_code) == (422, 422)
    assert "15 MB" in answer.text
    assert "programs in them" in unsafe.text


@pytest.fixture
def mail_pause(settings: Any) -> None:
    object.__setattr__(settings, "mail_pause", 15)


def test_the_files_of_a_letter_that_was_taken_back_are_there_again(
    mail_pause: None, ana: Hands, complaint: str, runtime: Runtime
) -> None:
    ana.open(f"/complaints/{complaint}")
    write(ana, complaint, BILL)
    version = runtime.desk.state(references.parse(complaint))[1]
    page = ana.send(f"/complaints/{complaint}/letters/{version}/cancellation")

    assert page.html.count('name="enclosed"') == 1
    again = write(ana, complaint, text="Here they are, again.", enclosed=re.findall(
        r'name="enclosed" value="(\w+)"', page.html
    ))  # fmt: skip
    assert [ana.client.get(each).content for each in addresses(again.html, complaint)] == [
        BILL[1], BILL[1],
    ]  # fmt: skip


def test_the_complainant_has_the_files_of_letters_that_left_and_of_no_others(
    ana: Hands, sit_down: Any, complaint: str, runtime: Runtime, settings: Any
) -> None:
    ana.open(f"/complaints/{complaint}")
    write(ana, complaint, BILL)
    letter = runtime.desk.state(references.parse(complaint))[1]
    mine = f"/mine/{links.write(references.parse(complaint), key=runtime.door_key)}"
    lee = sit_down()
    before = lee.client.get(f"{mine}/files/{letter}/1")
    outbox = ana.open("/mail/outbox").text

    post = Post.of(runtime, clock=now)
    while post.step():
        runtime.engine.catch_up()
    after = lee.client.get(f"{mine}/files/{letter}/1")
    lee.open(mine)

    assert (before.status_code, after.status_code) == (404, 200)
    assert after.content == BILL[1]
    assert "账单.pdf" in outbox
    assert f'href="{mine}/files/{letter}/1"' in lee.page.html
    assert lee.client.get(f"{mine}/files/{letter}/2").status_code == 404
    caught = ana.open(f"/mail?complaint={complaint}").html
    places = re.findall(r'href="(/mail/[0-9a-f-]{36})"', caught)
    assert any("账单.pdf" in ana.open(each).text for each in places)
