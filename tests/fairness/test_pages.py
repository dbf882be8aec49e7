"""Can a supervisor have a question asked again, bring in a table of areas and repeat an audit?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from projections.areas import lookups
from recovery import standing
from recovery.areas import Content
from recovery.events import audit_stream
from recovery.fairness.records import Question
from tests.cast import ANA, DAY, NINE, SUE
from tests.fairness.conftest import AS_OF
from tests.web.pages.conftest import following  # noqa: F401
from tests.web.pages.hands import Hands, Page
from web.fairness.running import as_text
from web.fairness.uploading import unpacked
from web.runtime import Runtime
from web.worker.auditor import Auditor

SitDown = Callable[..., Hands]
pytestmark = pytest.mark.usefixtures("compared")


def asked(sue: Hands) -> str:
    """The address of the audit that Sue ran."""
    sue.open("/audits")
    return sue.send(
        "/audits", measure="money_relief", group="channel", as_of=AS_OF.isoformat()
    ).address  # fmt: skip


def test_a_supervisor_repeats_sends_and_has_it_asked_again(
    sit_down: SitDown, runtime: Runtime
) -> None:
    sue = sit_down("sue")
    address = asked(sue)

    assert "The same, byte for byte" in sue.send(f"{address}/repetition").text
    sent = sue.send(f"{address}/copies", to="user:sue")
    assert "on its way to your colleague" in sent.text
    refused = sue.send(f"{address}/copies", to="user:ana")
    assert (refused.status, "Audits are for supervisors" in refused.text) == (422, True)
    assert len(runtime.store.records(audit_stream(address.rpartition("/")[2]))) == 2

    wrong = sue.send(f"{address}/standing", rhythm="monthly", looks="1000")
    assert (wrong.status, "from 2 to 60" in wrong.text) == (422, True)
    sue.open(address)
    page = sue.send(f"{address}/standing", rhythm="monthly", looks="12")
    assert "0 of 12 looks were taken" in page.text
    [pause] = [action for action in page.forms if action.endswith("/pause")]
    assert "Paused." in sue.send(pause).text
    assert "has ended" not in sue.send(pause.replace("pause", "end")).text
    assert sue.open(pause).status == 200


def test_a_table_is_looked_at_before_it_is_kept(sit_down: SitDown, runtime: Runtime) -> None:
    sue = sit_down("sue")
    page = sue.open("/audits/areas")
    form = page.forms["/audits/areas/preview"] | {"attribute": "zip"}
    table = b"zip,rent\n601,5\n601,6\n,7\n602,NA\n"
    looked = sue.client.post(
        "/audits/areas/preview", data=form, files={"file": ("rent.csv", table, "text/csv")}
    )
    assert "Row 3: the area is named twice" in looked.text
    assert "Row 4: no area is named" in looked.text
    with runtime.database.engine.connect() as conn:
        assert [each.version for each in lookups(conn)] == [1]

    sue.page = Page(looked)
    kept = sue.send("/audits/areas")
    assert "zip@2" in kept.text
    with runtime.database.engine.connect() as conn:
        assert [(each.version, each.columns) for each in lookups(conn)] == [(2, {"rent": True})]


def test_a_table_of_agents_names_them_by_their_addresses_and_may_be_chinese(
    sit_down: SitDown,
) -> None:
    sue = sit_down("sue")
    form = sue.open("/audits/areas").forms["/audits/areas/preview"] | {"attribute": "agent"}
    table = "邮箱,团队\nana@desk.test,北区\nnobody@desk.test,南区\n".encode("gb18030")
    looked = sue.client.post(
        "/audits/areas/preview", data=form, files={"file": ("teams.csv", table, "text/csv")}
    )

    assert "Row 3: Nobody here is" in looked.text
    assert "Are the words read rightly?" in looked.text
    kept = unpacked(Page(looked).forms["/audits/areas"]["table"])
    assert kept == Content(("团队",), ((ANA, ("北区",)),))


@pytest.mark.parametrize(
    "file", [("x.csv", b"", "text/csv"), ("x.csv", b"\x00\xff" * 40, "text/csv"),
             ("x.xlsx", b"no zip", "text/plain"), ("x.csv", "邮编\n100000\n".encode(), "text/csv")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_a_sentence(
    sit_down: SitDown, file: tuple[str, bytes, str]
) -> None:
    sue = sit_down("sue")
    form = sue.open("/audits/areas").forms["/audits/areas/preview"] | {"attribute": "zip"}
    answer = sue.client.post("/audits/areas/preview", data=form, files={"file": file})

    assert answer.status_code == 422
    again = sue.client.post(
        "/audits/areas", data={"csrf": form["csrf"], "attribute": "zip", "table": "eJwD"}
    )
    assert again.status_code == 422


def test_a_look_that_was_not_taken_is_said(sit_down: SitDown, runtime: Runtime) -> None:
    standing.arrange(
        runtime.store, measure="reopened", question=as_text(Question(
            measure="reopened", group="gone_tercile", as_of=NINE
        )), rhythm="weekly", looks=2, zone="UTC", by=SUE, at=NINE,
    )  # fmt: skip
    runtime.engine.catch_up()
    assert Auditor(runtime, clock=lambda: NINE + 8 * DAY).step() == 0

    assert "This look was not taken" in sit_down("sue").open("/audits/standing").text


def test_agents_find_none_of_these_doors_open(sit_down: SitDown) -> None:
    ana = sit_down("ana")

    assert {ana.open(a).status for a in ("/audits/standing", "/audits/areas")} == {403}


def test_times_within_strata_are_shown_and_looked_behind(sit_down: SitDown) -> None:
    sue = sit_down("sue")
    sue.open("/audits")
    page = sue.send(
        "/audits", measure="time_to_close", group="channel", stratify="product",
        as_of=AS_OF.isoformat(),
    )  # fmt: skip
    assert page.status == 200

    behind = sue.send(f"{page.address}/complaints", group="phone")
    assert (behind.status, behind.text.count(" yes")) == (200, 120)
    sue.open(page.address)
    assert sue.send(f"{page.address}/complaints", group="nobody").status == 422
