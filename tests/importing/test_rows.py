"""Which events does a row tell of, and what is flagged?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from recovery.events import (
    Acknowledged,
    Closed,
    Compensated,
    Event,
    Explained,
    MilestoneReached,
    Received,
    Reopened,
)
from recovery.money import Money
from recovery.vault import Contact, Words
from web.importing import mapping
from web.importing.binding import Binding
from web.importing.dates import Dates
from web.importing.readers import Row, normalise
from web.importing.rows import BY, Draft, RowRefused, Rows

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def rows_of(preset: str, columns: Iterable[str], *dates: str) -> Rows:
    rules = mapping.load(preset)
    found = Dates(rules.dates.formats, rules.zone, rules.dates.precision)
    for text in dates:
        found.look(text)
    found.settle()
    return Rows(rules, Binding(rules, columns), found, secret=b"secret", now=NOW)


def build(preset: str, cells: dict[str, str], number: int = 2) -> Draft:
    dates = [text for text in cells.values() if text[:1].isdigit()]
    rows = rows_of(preset, cells, *dates)
    return rows.build(Row(number, {normalise(k): v for k, v in cells.items()}))


def cfpb(**changes: str) -> Draft:
    cells = {
        "Complaint ID": "501", "Date received": "2015-03-19", "Date sent to company": "2015-03-20",
        "Company response to consumer": "In progress", "Consumer disputed?": "",
        "Submitted via": "Web", "State": "MA", "ZIP code": "02127",
        "Consumer complaint narrative": "", "Issue": "Loan servicing",
    } | {name.replace("_", " "): value for name, value in changes.items()}  # fmt: skip
    return build("cfpb", cells)


def response(said: str, disputed: str = "") -> list[Event]:
    """What follows receipt and forwarding."""
    changes = {"Company_response_to_consumer": said, "Consumer disputed?": disputed}
    _, *later = cfpb(**changes).later
    return later


EXPLAINED = Explained(at=None, by=BY, outcome="not_known")
CLOSED = Closed(at=None, by=BY, outcome="not_known")
REOPENED = Reopened(at=None, by=BY, reason="disputed")


def test_a_complaint_to_the_bureau_is_received_and_forwarded_on_days() -> None:
    draft = cfpb()

    assert draft.received.at == datetime(2015, 3, 19, 4, tzinfo=UTC)
    assert draft.received.precision == "day"
    assert (draft.received.source, draft.received.channel) == ("cfpb:501", "web")
    assert draft.later == [
        MilestoneReached(
            at=datetime(2015, 3, 20, 4, tzinfo=UTC), by=BY, precision="day",
            milestone="sent_to_company",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "events"),
    [
        ("In progress", []),
        ("Closed with explanation", [EXPLAINED, CLOSED]),
        ("Closed with monetary relief", [Compensated(at=None, by=BY, kind="redress"), CLOSED]),
        ("Closed with non-monetary relief", [Compensated(at=None, by=BY, kind="in_kind"), CLOSED]),
        ("Closed with relief", [Compensated(at=None, by=BY, kind="redress"), CLOSED]),
        ("Closed without relief", [CLOSED]),
        ("Closed", [CLOSED]),
        ("Untimely response", [CLOSED]),
    ],
)
def test_each_published_response_gives_its_acts_without_invented_dates(
    said: str, events: list[Event]
) -> None:
    assert response(said) == events


def test_a_disputed_complaint_was_reopened_and_its_published_end_stands() -> None:
    assert response("Closed with explanation", "Yes") == [EXPLAINED, CLOSED, REOPENED, CLOSED]


def test_a_dispute_of_an_open_complaint_is_a_flag_and_no_reopening() -> None:
    draft = cfpb(**{"Consumer disputed?": "Yes"})

    assert not any(isinstance(event, Reopened) for event in draft.later)
    assert draft.flags == ("disputed_while_open",)


def test_the_response_itself_is_kept() -> None:
    draft = cfpb(Company_response_to_consumer="Untimely response")

    assert draft.received.attributes["response"] == "Untimely response"
    assert draft.flags == ("untimely_response", "dispute_not_said")


def test_a_response_nobody_knows_leaves_the_complaint_open_and_is_flagged() -> None:
    draft = cfpb(Company_response_to_consumer="Mislaid")

    assert len(draft.later) == 1
    assert draft.flags == ("unknown_status",)


@pytest.mark.parametrize(
    ("written", "kept", "flags"),
    [
        ("02127", "02127", ()),
        ("2127", "02127", ("padded_zip",)),
        ("926", "00926", ("padded_zip",)),
        ("941XX", "941XX", ()),
        ("9", "9", ("short_zip",)),
    ],
)
def test_zeros_that_a_spreadsheet_dropped_are_put_back(
    written: str, kept: str, flags: tuple[str, ...]
) -> None:
    draft = cfpb(ZIP_code=written)

    assert (draft.received.attributes["zip"], draft.flags) == (kept, flags)


def test_an_unknown_state_and_an_unknown_channel_are_flagged() -> None:
    draft = cfpb(State="ZZ", Submitted_via="Pigeon")

    assert draft.received.attributes["state"] == "ZZ"
    assert draft.received.channel == "third_party"
    assert set(draft.flags) == {"unknown_state", "unknown_channel"}


def test_forwarded_before_received_is_flagged() -> None:
    assert cfpb(Date_sent_to_company="2015-03-18").flags == ("sent_to_company_before_received",)


def test_a_date_that_cannot_be_read_is_left_out_and_flagged() -> None:
    draft = cfpb(Date_sent_to_company="2015-02-31")

    assert draft.later == []
    assert draft.flags == ("unreadable_sent_to_company",)


@pytest.mark.parametrize(
    ("received", "says"),
    [("", "does not say when"), ("2015-02-31", "'2015-02-31' is not a date")],
)
def test_a_row_without_a_day_of_receipt_is_refused(received: str, says: str) -> None:
    with pytest.raises(RowRefused, match=says):
        cfpb(Date_received=received)


def test_a_day_to_come_is_flagged() -> None:
    assert "in_the_future" in cfpb(Date_received="2031-01-01").flags


def test_rows_without_an_id_are_told_apart_by_content_and_how_often_it_came() -> None:
    rows = rows_of("cfpb", ["Complaint ID", "Date received", "State"], "2015-03-19")
    texas = {"complaintid": "", "datereceived": "2015-03-19", "state": "TX"}
    drafts = [
        rows.build(Row(n, cells)) for n, cells in enumerate([texas, texas, texas | {"state": "CA"}])
    ]

    names = [draft.received.source for draft in drafts]

    assert len(set(names)) == 3
    assert names[1] == names[0].removesuffix("-1") + "-2"
    assert all(draft.flags == ("no_id",) for draft in drafts)


def test_an_id_that_came_before_in_the_file_is_refused() -> None:
    rows = rows_of("cfpb", ["Complaint ID", "Date received"], "2015-03-19")
    rows.build(Row(2, {"complaintid": "1", "datereceived": "2015-03-19"}))

    with pytest.raises(RowRefused, match="its id '1' stands in an earlier row"):
        rows.build(Row(3, {"complaintid": "1", "datereceived": "2015-03-20"}))


def test_words_go_into_the_vault_and_never_into_events() -> None:
    draft = cfpb(Consumer_complaint_narrative="They took XXXX from my account.")

    assert draft.words == Words("They took XXXX from my account.", subject="Loan servicing")
    assert "account" not in repr([draft.received, *draft.later])


def test_the_complainant_cannot_be_worked_out_from_the_published_id() -> None:
    assert "501" not in cfpb().received.complainant
    assert cfpb().received.complainant == cfpb().received.complainant


def nyc(created: str, closed: str, status: str = "Closed") -> Draft:
    return build(
        "nyc311",
        {
            "Unique Key": "9", "Created Date": created, "Closed Date": closed, "Status": status,
            "Borough": "BRONX", "Agency": "NYPD", "Incident Address": "1 FOX STREET",
        },
    )  # fmt: skip


def closing(draft: Draft) -> datetime | None:
    [closed] = draft.later
    assert isinstance(closed, Closed)
    return closed.at


def test_a_request_is_closed_at_its_local_time() -> None:
    draft = nyc("3/8/2025 12:00", "3/9/2025 12:00")

    assert draft.received.at == datetime(2025, 3, 8, 17, tzinfo=UTC)
    assert closing(draft) == datetime(2025, 3, 9, 16, tzinfo=UTC)
    assert draft.flags == ()


@pytest.mark.parametrize(
    ("created", "closed", "status", "flag"),
    [
        ("1/2/2025 9:00", "1/1/2025 9:00", "Closed", "closed_before_received"),
        ("1/2/2025 9:00", "1/2/2025 9:00", "Closed", "zero_duration"),
        ("1/2/2025 9:00", "1/3/2025 0:00", "Closed", "midnight"),
        ("1/2/2025 9:00", "", "Closed", "closed_without_date"),
        ("1/2/2025 9:00", "1/3/2025 9:00", "In Progress", "open_with_closed_date"),
        ("1/2/2025 9:00", "13/13/2025 9:00", "Closed", "unreadable_closed"),
        ("1/2/2025 9:00", "1/3/2025 9:00", "", "no_status"),
    ],
)
def test_what_cannot_be_right_about_a_request_is_flagged(
    created: str, closed: str, status: str, flag: str
) -> None:
    assert flag in nyc(created, closed, status).flags


def test_of_two_hours_with_one_name_the_one_after_receipt_is_meant() -> None:
    draft = nyc("11/2/2025 1:50", "11/2/2025 1:10")

    assert draft.received.at == datetime(2025, 11, 2, 5, 50, tzinfo=UTC)
    assert closing(draft) == datetime(2025, 11, 2, 6, 10, tzinfo=UTC)
    assert draft.flags == ("ambiguous_local_time",)


def test_a_place_is_a_paper_and_no_attribute() -> None:
    draft = nyc("1/2/2025 9:00", "1/3/2025 9:00")

    assert draft.words is not None
    assert "1 FOX STREET" in draft.words.text
    assert "FOX" not in repr(draft.received)


def test_an_open_request_stays_open() -> None:
    assert nyc("1/2/2025 9:00", "", "In Progress").later == []


def test_the_generic_mapping_knows_every_act_with_its_date_and_money() -> None:
    draft = build(
        "generic",
        {
            "ID": "a-1", "Received at": "2026-01-05T09:00:00", "Channel": "third party",
            "Acknowledged at": "2026-01-05T10:00:00", "Explained at": "2026-01-06",
            "Compensated at": "2026-01-07T10:00:00", "Closed at": "2026-01-08T10:00:00",
            "Status": "closed", "Outcome": "Partly upheld", "Amount": "1,250.00",
            "Currency": "GBP", "Name": "Mr Lee", "Email": "lee@example.org",
            "Subject": "Roof", "Description": "It leaks.", "Severity": "High",
        },
    )  # fmt: skip

    def at(day: int, hour: int = 10) -> datetime:
        return datetime(2026, 1, day, hour, tzinfo=UTC)

    assert draft.later == [
        Acknowledged(at=at(5), by=BY),
        Explained(at=at(6, 0), by=BY, precision="day", outcome="partly_upheld"),
        Compensated(at=at(7), by=BY, kind="redress", money=Money(Decimal("1250.00"), "GBP")),
        Closed(at=at(8), by=BY, outcome="partly_upheld"),
    ]
    assert (draft.received.severity, draft.flags) == ("high", ())
    assert draft.contact == Contact(name="Mr Lee", email="lee@example.org")
    assert draft.words == Words("It leaks.", subject="Roof")


def test_an_amount_that_is_none_is_flagged_and_not_guessed() -> None:
    cells = {
        "ID": "1", "Received": "2026-01-05", "Status": "compensated", "Amount": "a lot",
        "Currency": "GBP",
    }  # fmt: skip
    draft = build("generic", cells)

    assert draft.later == [Compensated(at=None, by=BY, kind="redress")]
    assert draft.flags == ("unreadable_amount",)


def test_a_received_event_names_no_policy_that_was_not_there() -> None:
    received: Received = cfpb().received

    assert (received.policy, received.policy_version) == ("none", "none")
    assert received.letter is None
