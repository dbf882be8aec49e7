"""Can one draw, review blind, settle and read what came out, and may only those who may?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import msgspec
import pytest

from recovery import quality
from recovery.desk import reference_of
from recovery.events import complaint_stream
from recovery.quality import HOUSE_FORM
from recovery.staff import Staff
from recovery.vault import Contact, Said
from tests.cast import ANA, BO, HOUR, NINE, SUE
from tests.web.pages.hands import Hands
from web.quality.blind import BLACK, blackened
from web.runtime import Runtime
from web.tracing import kind_of

SitDown = Callable[..., Hands]
YES = {each.code: "yes" for each in HOUSE_FORM}
LI_WEI = Contact(name="Li Wei 李伟", email="liwei@example.org", phone="+44 20 7946 0000")


@pytest.fixture
def case(runtime: Runtime) -> str:
    """A closed complaint that Ana answered."""
    desk = runtime.desk
    found = reference_of(desk.receive(
        by=ANA, at=NINE, subject="Late", description="I am Li Wei, write to liwei@example.org.",
        contact=LI_WEI, channel="letter", product="platinum card", tier="gold",
    ))  # fmt: skip
    desk.explain(
        found, by=ANA, at=NINE + HOUR, outcome="upheld", cause_code="delay",
        message="Dear Li Wei, Ana looked into it: the van broke down. You have it tomorrow.",
    )  # fmt: skip
    desk.close(found, by=ANA, at=NINE + 2 * HOUR, outcome="upheld")
    runtime.engine.catch_up()
    return found


def draw(sue: Hands, **more: object) -> str:
    sue.open("/quality")
    reviewers = ["user:bo", "user:sue", "user:ada", "user:ana"]
    drawn = sue.send("/quality", **{"size": "5", "seed": "spring", "reviewer": reviewers, **more})
    return drawn.address.partition("?")[0]


def test_a_case_is_drawn_reviewed_twice_and_settled(sit_down: SitDown, case: str) -> None:
    sue, bo, ada = sit_down("sue"), sit_down("bo"), sit_down("ada")
    sample = draw(sue)
    bo.open(f"{sample}/1")
    bo.send(f"{sample}/1/review", **YES, words="Kind letter.")
    page = sue.open(f"{sample}/1")
    assert "Kind letter" not in page.text
    assert "What holds" not in page.text
    sue.send(f"{sample}/1/review", **YES | {"fair": "no"})
    assert "handled by you" in sit_down("ana").open(sample).text
    assert "waits for a third one" in ada.open(sample).text
    ada.open(f"{sample}/1")
    ada.send(f"{sample}/1/settlement", fair="partly")

    whole = msgspec.json.decode(sue.open(f"{sample}/results.json").html)
    fair = next(each for each in whole["questions"] if each["code"] == "fair")
    assert (whole["reviewed"], whole["unsettled"], whole["population"]) == (1, 0, 1)
    assert fair["counts"] == {"yes": 0, "partly": 1, "no": 0, "not_applicable": 0}
    assert fair["agreement"]["same"] == 0
    rows = list(
        csv.DictReader(io.StringIO(sue.open(f"{sample}/results.csv").html.lstrip("\ufeff")))
    )
    assert [row["question"] for row in rows] == [each.code for each in HOUSE_FORM]
    assert "What the reviews say" in sue.open(sample).text


def test_a_reviewer_sees_neither_whose_case_it_is_nor_of_which_group(
    sit_down: SitDown, case: str
) -> None:
    sample = draw(sit_down("sue"))
    page = sit_down("bo").open(f"{sample}/1")
    shown = page.html[page.html.index('id="words"') :].lower()

    for hidden in ("li wei", "李伟", "liwei@", "ana looked", "platinum", "gold", case.lower(),
                   case[:5].lower(), "by letter"):  # fmt: skip
        assert hidden not in shown, hidden
    assert BLACK in page.text
    assert "the van broke down" in page.text
    assert "after 1 h" in page.text


def test_whoever_handled_a_case_gets_no_form_and_is_refused(sit_down: SitDown, case: str) -> None:
    sample = draw(sit_down("sue"))
    ana = sit_down("ana")
    page = ana.open(f"{sample}/1")

    assert f"{sample}/1/review" not in page.forms
    page.forms[f"{sample}/1/review"] = {"csrf": page.forms["/sign-out"]["csrf"]}
    refused = ana.send(f"{sample}/1/review", **YES)
    assert (refused.status, "You handled this case" in refused.text) == (422, True)


def test_whom_a_case_is_about_neither_sees_nor_reviews_it(
    sit_down: SitDown, case: str, runtime: Runtime
) -> None:
    sample = draw(sit_down("sue"))
    Staff(runtime.store, runtime.vault).name(case, staff=[BO], by=SUE, at=NINE + 3 * HOUR)
    runtime.engine.catch_up()
    bo = sit_down("bo")

    assert f"{sample}/1/review" not in bo.open(sample).html
    assert bo.open(f"{sample}/1").status == 404
    assert BO in quality.handled_by(runtime.store.records(complaint_stream(case)))


def test_who_is_no_reviewer_sees_nothing_and_agents_draw_nothing(
    sit_down: SitDown, case: str
) -> None:
    sue, bo = sit_down("sue"), sit_down("bo")
    sample = draw(sue, reviewer=["user:sue", "user:ada"])

    assert bo.open(sample).status == 403
    assert bo.open(f"{sample}/1").status == 403
    assert "Draw a sample" not in bo.open("/quality").text
    assert sample not in bo.open("/quality").html
    for address in (f"{sample}/results.json", "/quality/form"):
        assert bo.open(address).status == 403


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"size": "0"}, "1 to 200 cases"),
        ({"size": "９"}, "1 to 200 cases"),
        ({"size": "1e9"}, "1 to 200 cases"),
        ({"method": "stratified"}, "Choose what each has its share of"),
        ({"method": "astrology"}, "Choose how to draw"),
        ({"reviewer": "user:bo"}, "at least two reviewers"),
        ({"from": "2031-01-01", "to": "2031-01-02"}, "No closed complaint"),
        ({"from": "yesterday"}, "day"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(
    sit_down: SitDown, case: str, more: dict[str, str], says: str
) -> None:
    sue = sit_down("sue")
    draw(sue, **more)

    assert sue.page is not None
    assert (sue.page.status, says in sue.page.text) == (422, True)


@pytest.mark.parametrize("address", ["/quality/nosuch", "/quality/nosuch/1", "/quality/nosuch/x"])
def test_there_is_no_such_sample(sit_down: SitDown, address: str) -> None:
    assert sit_down("sue").open(address).status in (404, 422)


def test_supervisors_write_the_form_in_their_words(sit_down: SitDown) -> None:
    sue = sit_down("sue")
    sue.open("/quality/form")
    sue.send("/quality/form", questions="Was it kind?\n态度是否友善?")

    page = sue.open("/quality/form")
    assert page.forms["/quality/form"]["questions"].splitlines() == [
        "Was it kind?",
        "态度是否友善?",
    ]


def test_names_are_blacked_out_as_words_and_not_within_them() -> None:
    found = blackened(Contact(name="Mr Van Art"), ["Bo"])

    assert found is not None
    assert (
        found.sub(BLACK, "Mr Van Art, Bo saw the van start.")
        == f"{BLACK}, {BLACK} saw the van start."
    )


def test_short_names_parts_of_addresses_other_names_and_the_reference_are_blacked_out() -> None:
    contact = Contact(name="An Li", address="4 Drapers Yard, Weir")
    wrote = Said("", name="Lily Lee", sender="lily@example.org")
    found = blackened(contact, [], [wrote], reference="7GQ2M4XK9T")

    assert found is not None
    said = "Dear Ms Li, an answer on 7GQ2M-4XK9T (7gq2m4xk9t): Yard in Weir. Lily, lily@example.org"
    assert found.sub(BLACK, said) == (
        f"Dear Ms {BLACK}, an answer on {BLACK} ({BLACK}): {BLACK} in {BLACK}. {BLACK}, {BLACK}"
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/quality/0929832c3b6e/3", "list"), ("/quality/0929832c3b6e/results.json", "export")],
)
def test_reading_a_case_leaves_a_trace(path: str, kind: str) -> None:
    assert kind_of(path, {}) == kind
