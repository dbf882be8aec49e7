"""The policies' pages: read by agents, changed by supervisors, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recovery import policybook
from recovery.policy.adopt import house_policy
from recovery.policy.packs import packs
from tests.cast import ANA, DAY, NINE, SUE
from tests.web.pages.hands import Hands, Page
from web.runtime import Runtime

HOUSE = house_policy()
DRAFT = "/policies/house/draft"
STRICT = HOUSE.replace('within = "5 business days"', 'within = "1 business day"')
ANSWERS = {
    "poor_quality": "We keep 97 of 100.", "does_not_fit": "It does.",
    "outside_control": "It is ours.", "open_to_cheating": "It is automatic.",
    "costs_more": "£2,000 a month.", "no_risk_seen": "They ask for it.",
}  # fmt: skip
WRONG = HOUSE.replace('within = "5 business days"', 'within = "5 weks"')


@pytest.fixture
def sue(sit_down: Callable[..., Hands]) -> Hands:
    return sit_down("sue")


def send(hands: Hands, to: str, **fields: str) -> Page:
    """Press another button than the first of the form that is open."""
    assert hands.page is not None
    form = ANSWERS | {k: v for k, v in hands.page.forms[DRAFT].items() if v} | fields
    hands.page = Page(hands.client.post(to, data=form, follow_redirects=True))
    return hands.page


def adopt(runtime: Runtime, text: str, reason: str = "Because.") -> str:
    return policybook.adopt(
        runtime.store, runtime.policies, text, by=SUE, at=NINE, reason=reason
    ).version


def version(runtime: Runtime) -> str | None:
    policybook.learn(runtime.database, runtime.policies)
    return runtime.policies.latest("house")


def test_an_agent_reads_what_is_in_force_and_since_when(ana: Hands, complaint: str) -> None:
    page = ana.open("/policies")

    for words in (
        "House policy", "Our own promise to complainants", "Confirmed", "The desk itself",
        "The desk was set up with its house policy.", "1 under this version",
    ):  # fmt: skip
        assert words in page.text
    page = ana.open("/policies/house")
    assert 'within = "4 business hours"' in page.text
    assert page.forms.keys().isdisjoint({"/policies/house/retirement", DRAFT})


def test_an_agent_changes_nothing(ana: Hands, runtime: Runtime) -> None:
    assert ana.open(DRAFT).status == 403
    csrf = {"csrf": ana.open("/policies").forms["/sign-out"]["csrf"], "reason": "I want to"}
    for address in (DRAFT, f"{DRAFT}/trial", f"{DRAFT}/adoption"):
        assert ana.client.post(address, data=csrf | {"text": STRICT}).status_code == 403
    for act in ("retirement", "application"):
        assert ana.client.post(f"/policies/house/{act}", data=csrf).status_code == 403
    assert version(runtime) == runtime.policies.in_force("house").version


def test_a_pack_is_one_click_away_and_can_be_adopted(sue: Hands, runtime: Runtime) -> None:
    pack = next(id for id in packs() if id != "house")
    assert f'href="/policies/{pack}"' in sue.open("/policies").html

    assert "Not in force here" in sue.open(f"/policies/{pack}").text
    sue.open(f"/policies/{pack}/draft")
    page = sue.page
    assert page
    assert page.forms[f"/policies/{pack}/draft"]["text"] == packs()[pack]
    answer = sue.client.post(
        f"/policies/{pack}/draft/adoption",
        data=page.forms[f"/policies/{pack}/draft"] | {"reason": "It is the law."},
        follow_redirects=True,
    )  # fmt: skip

    assert "The policy is in force." in answer.text
    assert "It is the law." in answer.text
    assert runtime.policies.latest(pack)


def test_the_wrong_line_is_shown_with_the_way_out_and_the_text_is_kept(sue: Hands) -> None:
    sue.open(DRAFT)

    page = send(sue, DRAFT, text=WRONG, reason="Kept too")

    number = WRONG[: WRONG.index("5 weks")].count("\n") + 1
    assert page.status == 422
    assert f'Line {number} · policy house, version "first", clock "explain": within' in page.text
    assert 'unknown unit "weks"' in page.text
    assert f'<li value="{number}" class="is-wrong">' in page.html
    assert page.forms[DRAFT]["text"] == WRONG
    assert page.forms[DRAFT]["reason"] == "Kept too"


def test_a_text_that_can_be_used_says_so_and_shows_what_is_different(sue: Hands) -> None:
    sue.open(DRAFT)

    page = send(sue, DRAFT, text=STRICT)

    assert "The text can be used" in page.text
    assert '− removed within = "5 business days"' in page.text
    assert '+ added within = "1 business day"' in page.text


def test_a_trial_says_what_would_have_been_and_changes_nothing(
    sue: Hands, runtime: Runtime, complaint: str
) -> None:
    runtime.desk.explain(
        complaint, by=ANA, at=NINE + 3 * DAY, outcome="upheld", message="The van broke down."
    )  # fmt: skip
    runtime.engine.catch_up()
    before = version(runtime)
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/trial", text=STRICT, since="2026-03-01", until="2026-03-31")

    assert page.status == 200
    assert "1 complaint was looked at." in page.text
    assert "For 1 of them a promise ends differently." in page.text
    assert "+1 missed" in page.text
    assert f'href="/complaints/{complaint}"' in page.html
    assert page.forms[DRAFT]["text"] == STRICT
    assert version(runtime) == before


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"since": "yesterday", "until": "2026-03-31"}, "This is not a day"),
        ({"since": "2026-03-31", "until": "2026-03-01"}, "lies before the first one"),
        ({"since": "0001-01-01", "until": "2026-03-01"}, "of the years 1900 to 2200"),
    ],
)
def test_days_that_are_none_are_refused(sue: Hands, days: dict[str, str], sentence: str) -> None:
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/trial", text=STRICT, **days)

    assert page.status == 422
    assert sentence in page.text
    assert page.forms[DRAFT]["text"] == STRICT


def test_a_promise_that_the_text_no_longer_makes_is_told_as_gone(
    sue: Hands, complaint: str
) -> None:
    sue.open(DRAFT)
    start = HOUSE.index('name = "resolve"')
    start = HOUSE.rindex("[[version.clock]]", 0, start)
    text = HOUSE[:start] + HOUSE[HOUSE.index("# What we owe when we are late") :]

    page = send(sue, f"{DRAFT}/trial", text=text, since="2026-03-01", until="2026-03-31")

    row = page.text[page.text.rindex("Share kept Change") :].partition("What changes")[0]
    assert "none" in row
    assert "No such promise" in row


def test_days_without_complaints_say_so(sue: Hands) -> None:
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/trial", since="2020-01-01", until="2020-03-31")

    assert "No complaint that this policy concerns was received in these days." in page.text


def test_a_supervisor_adopts_and_new_complaints_follow(
    sue: Hands, runtime: Runtime, complaint: str
) -> None:
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/adoption", text=STRICT.replace("\n", "\r\n"), reason="Faster now.")

    assert page.address == "/policies/house?done=adoption"
    assert runtime.policies.in_force("house").version == version(runtime)
    assert runtime.policies.applied() == {}
    for words in ("The policy is in force.", "Faster now.", "Sue", version(runtime)):
        assert str(words) in page.text
    assert policybook.acts(runtime.database)[-1][1].text == STRICT  # type: ignore[union-attr]


def test_open_complaints_follow_when_the_supervisor_says_so(
    sue: Hands, runtime: Runtime, complaint: str
) -> None:
    assert "1 complaint is open now." in sue.open(DRAFT).text

    send(sue, f"{DRAFT}/adoption", text=STRICT, reason="All.", open_complaints="follow")

    assert runtime.policies.applied()["house"].version == version(runtime)


def test_a_policy_whose_own_example_comes_out_otherwise_is_not_adopted(
    sue: Hands, runtime: Runtime
) -> None:
    before = version(runtime)
    text = (
        HOUSE
        + """
[[example]]
id = "mine"
given.events = [{ type = "received", at = "2026-03-02T10:00:00Z" }]
expect.clocks = { explain = { due_on = "2026-03-10" } }
"""
    )
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/adoption", text=text, reason="It is better.")

    assert page.status == 422
    assert f"Line {text.count(chr(10))} ·" in page.text
    assert 'example "mine"' in page.text
    assert version(runtime) == before


def test_without_a_reason_nothing_is_adopted(sue: Hands, runtime: Runtime) -> None:
    before = version(runtime)
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/adoption", text=STRICT)

    assert page.status == 422
    assert "Say why the policy is adopted." in page.text
    assert page.forms[DRAFT]["text"] == STRICT
    assert version(runtime) == before


def test_the_same_text_is_not_adopted_twice(sue: Hands) -> None:
    assert sue.open(DRAFT).forms[DRAFT]["text"] == HOUSE

    page = send(sue, f"{DRAFT}/adoption", reason="Again.")

    assert page.status == 422
    assert "in force already, word for word" in page.text


def test_who_was_slower_sees_it_and_keeps_the_text(sue: Hands, runtime: Runtime) -> None:
    sue.open(DRAFT)
    others = adopt(runtime, HOUSE + "# Ada's\n")

    page = send(sue, f"{DRAFT}/adoption", text=STRICT, reason="Mine.")

    assert page.status == 422
    assert "Somebody else changed this policy meanwhile." in page.text
    assert page.forms[DRAFT]["text"] == STRICT
    assert "− removed # Ada&#39;s" in page.html or "# Ada's" in page.text
    assert version(runtime) == others

    assert send(sue, f"{DRAFT}/adoption").status == 200
    assert version(runtime) not in (others, None)


def test_a_text_with_the_id_of_another_policy_is_refused(sue: Hands, runtime: Runtime) -> None:
    adopt(runtime, HOUSE.replace('id = "house"', 'id = "gold"'))
    before = runtime.policies.latest("gold")
    sue.open(DRAFT)

    page = send(
        sue, f"{DRAFT}/adoption", text=STRICT.replace('id = "house"', 'id = "gold"'), reason="x"
    )

    assert page.status == 422
    assert "which is another policy of this desk" in page.text
    assert runtime.policies.latest("gold") == before

    page = send(sue, f"{DRAFT}/adoption", text=HOUSE.replace('id = "house"', 'id = "uk-fca-disp"'))

    assert page.status == 422
    assert runtime.policies.latest("uk-fca-disp") is None


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "</textarea><script>alert(1)</script>", "[" * 5_000, "a = '''\n" * 500,
     "x" * 200_001, "id = 1\n" * 3_000],
)  # fmt: skip
def test_hostile_texts_are_only_texts(sue: Hands, text: str) -> None:
    sue.open(DRAFT)

    page = send(sue, DRAFT, text=text)

    assert page.status == 422
    shown = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")  # as browsers read it
    assert page.forms[DRAFT]["text"].strip("\n") == shown.strip("\n")
    assert "<script>alert" not in page.html


def test_versions_are_compared_line_by_line(ana: Hands, runtime: Runtime) -> None:
    first, second = version(runtime), adopt(runtime, STRICT, "Faster.")

    page = ana.open(f"/policies/house?old={first}&new={second}")

    assert '− removed within = "5 business days"' in page.text
    assert "lines are the same" in page.text
    assert ana.open("/policies/house?old=nonsense&new=x").status == 200


def test_a_policy_is_retired_with_a_reason_and_can_be_adopted_again(
    sue: Hands, runtime: Runtime
) -> None:
    sue.open("/policies/house")
    assert "Say why." in sue.send("/policies/house/retirement", reason=" ").text

    page = sue.send("/policies/house/retirement", reason="<b>Replaced</b>")

    assert "The policy is retired." in page.text
    assert "<b>Replaced</b>" in page.text
    assert version(runtime) is None
    assert "No policy is in force" in sue.open("/policies").text
    sue.open(DRAFT)
    assert "in force" in send(sue, f"{DRAFT}/adoption", reason="Back.").text
    assert version(runtime)


def test_open_complaints_are_moved_later_with_a_reason(
    sue: Hands, runtime: Runtime, complaint: str
) -> None:
    adopt(runtime, STRICT)
    page = sue.open("/policies/house")
    assert "1 open complaint is bound to an earlier version" in page.text

    page = sue.send("/policies/house/application", reason="Everybody shall have it.")

    assert "Applied to open complaints" in page.text
    assert "Everybody shall have it." in page.text
    assert runtime.policies.applied()["house"].version == version(runtime)


@pytest.mark.parametrize(
    "address", ["/policies/nothing", "/policies/nothing/draft", "/policies/house/nonsense"]
)
def test_what_is_not_there_is_not_found(sue: Hands, address: str) -> None:
    assert sue.open(address).status == 404


@pytest.mark.parametrize("act", ["trial", "adoption"])
def test_loading_the_address_of_an_answer_opens_the_editor(sue: Hands, act: str) -> None:
    assert sue.open(f"{DRAFT}/{act}").address == DRAFT


def test_everything_is_said_in_chinese(sue: Hands, runtime: Runtime, complaint: str) -> None:
    sue.open("/policies")
    sue.send("/preferences", language="zh")
    sue.open(DRAFT)

    page = send(sue, f"{DRAFT}/trial", text=STRICT, since="2026-03-01", until="2026-03-31")

    for english in ("Try it", "Kept", "Adopt", "Differences", "complaint was looked at"):
        assert english not in page.text


# ---------------------------------------------------------------- why guarantees are offered


def test_whoever_adopts_guarantees_answers_for_each_situation(sue: Hands) -> None:
    sue.open(DRAFT)

    refused = send(sue, f"{DRAFT}/adoption", text=STRICT, reason="Faster.", costs_more=" ")
    kept = send(sue, f"{DRAFT}/adoption", text=STRICT, reason="Faster.", **ANSWERS)

    assert refused.status == 422
    assert "Answer this before you offer a guarantee" in refused.text
    assert "£2,000 a month." in kept.text
    assert "Is what we promise in our own hands? It is ours." in kept.text
    assert sue.open(DRAFT).forms[DRAFT]["open_to_cheating"] == "It is automatic."


def test_the_first_run_says_that_nobody_was_asked(ana: Hands) -> None:
    text = ana.open("/policies/house").text

    assert text.count("Nobody was asked yet: this policy came along with the desk.") == 6


def test_checking_a_text_remarks_on_the_design_of_its_guarantees(sue: Hands) -> None:
    sue.open(DRAFT)

    page = send(sue, DRAFT, text=HOUSE.replace("£10 when we do not confirm", "£10 " + "when " * 26))

    assert "What speaks against the design of its guarantees" in page.text
    assert "Its title is long" in page.text
