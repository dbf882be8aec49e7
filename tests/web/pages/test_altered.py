"""What do the pages show of a paper that somebody altered in the database?"""

from __future__ import annotations

import pytest

from projections import deliveries
from recovery.database import Database
from recovery.desk import reference_of
from recovery.reference import parse, show
from recovery.vault import Contact
from tests.cast import ANA, HOUR, NINE
from tests.web.pages.hands import Hands
from web.api.answers import complaint as told
from web.api.answers import stream
from web.mail import caught
from web.mail.post import Post
from web.pages.reading import ALTERED
from web.runtime import Runtime


@pytest.fixture
def another(runtime: Runtime) -> str:
    """A complaint of Ms Green's that nobody touches."""
    done = runtime.desk.receive(
        by=ANA, at=NINE + HOUR, subject="No heating", description="The boiler is cold.",
        contact=Contact(name="Ms Green", phone="+44 1632 960001"),
    )  # fmt: skip
    runtime.engine.catch_up()
    return show(reference_of(done))


def flip_a_byte(database: Database, paper: str) -> None:
    with database.connection() as conn:
        conn.execute(
            "update desk.papers set sealed ="
            " set_byte(sealed, length(sealed) - 1, 255 - get_byte(sealed, length(sealed) - 1))"
            " where paper = %s",
            (paper,),
        )


def test_an_altered_paper_is_told_on_its_row_and_the_others_are_as_they_were(
    runtime: Runtime, database: Database, ana: Hands, complaint: str, another: str
) -> None:
    received = runtime.desk.state(parse(complaint))[0].received
    assert received.words is not None
    assert "Lost parcel" in ana.open("/queue").text  # and its row is remembered
    flip_a_byte(database, received.words.paper)

    page = ana.open("/queue")

    assert page.status == 200
    assert page.text.count(ALTERED) == 1
    assert "Mr Lee" in page.text
    assert "Lost parcel" not in page.text
    assert "No heating" in page.text
    assert ALTERED in ana.open(f"/complaints/{complaint}").text
    assert ALTERED not in ana.open(f"/complaints/{another}").text


def test_altered_contact_details_and_notes_are_not_called_forgotten(
    runtime: Runtime, database: Database, ana: Hands, complaint: str
) -> None:
    runtime.desk.add_note(complaint, by=ANA, at=NINE + HOUR, text="Called the depot.")
    runtime.engine.catch_up()
    with database.connection() as conn:
        papers = conn.execute("select paper from desk.papers").fetchall()
    for (paper,) in papers:
        flip_a_byte(database, paper)

    page = ana.open(f"/complaints/{complaint}")

    assert page.status == 200
    assert page.text.count(ALTERED) >= 4  # title, words, contact, note
    assert "orgotten" not in page.text


def test_a_program_is_told_which_papers_were_altered(
    runtime: Runtime, database: Database, complaint: str
) -> None:
    records = stream(runtime, complaint)
    received = runtime.desk.state(parse(complaint))[0].received
    assert received.words is not None
    assert received.contact is not None
    assert not told(runtime, records)["altered"]
    flip_a_byte(database, received.words.paper)
    flip_a_byte(database, received.contact.paper)

    found = told(runtime, records)

    assert found["altered"]
    assert found["description"] is None
    assert found["complainant"]["altered"]


def test_an_altered_letter_is_listed_and_says_so(
    runtime: Runtime, database: Database, ana: Hands, complaint: str
) -> None:
    Post.of(runtime, clock=lambda: NINE + HOUR).step()
    runtime.engine.catch_up()
    with runtime.database.engine.connect() as conn:
        [letter] = caught.page(conn, runtime.vault).letters
        paper = conn.execute(deliveries.table.select()).one().letter
    flip_a_byte(database, paper)

    assert "Altered" in ana.open("/mail").text
    page = ana.open(f"/mail/{letter.delivery}")
    assert page.status == 200
    assert ALTERED in page.text
