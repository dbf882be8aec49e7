"""Does a colleague get the audit on paper, and nobody else, and nothing else with it?"""

from __future__ import annotations

import msgspec
import pytest

from recovery import auditrun
from recovery.auditrun import Found
from recovery.events import Abandoned, Queued, delivery_stream
from tests.cast import NINE, SUE
from tests.desks import TestDesk
from tests.fairness.given import answered, berkeley, question
from tests.mail.conftest import PostOffice
from tests.mail.servers import MailServer
from tests.mail.test_letters import STYLES, Seen, used, words
from web.fairness.running import as_text
from web.fairness.stored import audit
from web.mail import audits
from web.mail.wording import WORDINGS, Tongue


def run(desk: TestDesk) -> str:
    """The audit of Berkeley's admissions, on record."""
    asked = question(strata=("product",))
    answer = answered(berkeley(), strata=("product",))
    found = Found(
        measure=asked.measure, question=as_text(asked), as_of=NINE, log_position=1, areas=(),
        policies={}, code="test", result=msgspec.json.encode(answer).decode(),
    )  # fmt: skip
    return auditrun.id_of(auditrun.record(desk.store, found, by=SUE, at=NINE))


@pytest.fixture
def people() -> None:
    """Asked for by name: the database is the one in which Sue and Ana have accounts."""


@pytest.mark.parametrize("spoken", WORDINGS)
def test_the_templates_use_exactly_the_values_declared(spoken: Tongue) -> None:
    found = set().union(*(used(f"letters/{spoken}/audit.{style}") for style in STYLES))

    assert found == audits.CONTEXT


def test_the_paper_is_attached_and_the_letter_has_no_figures(
    desk: TestDesk, post: PostOffice, server: MailServer, people: None
) -> None:
    id = run(desk)
    auditrun.pass_on(desk.store, id, to=SUE, by=SUE, at=NINE)
    post.work(server.url)

    [message] = server.messages
    [paper] = list(message.iter_attachments())
    assert paper.get_content_type() == "application/pdf"
    assert paper.get_content().startswith(b"%PDF")
    body = message.get_body(("plain",))
    assert body is not None
    assert f"https://desk.example/audits/{id}" in body.get_content()
    assert "%" not in body.get_content()
    html = message.get_body(("html",))
    assert html is not None
    assert words(Seen(html.get_content()).text) == words(body.get_content())


def test_a_colleague_without_the_right_gets_nothing(
    desk: TestDesk, post: PostOffice, people: None
) -> None:
    id = run(desk)
    auditrun.pass_on(desk.store, id, to="user:ana", by=SUE, at=NINE)
    post.work(None)

    [copy] = audit(desk.store, id).passed_on
    events = [each.event for each in desk.store.records(delivery_stream(copy.delivery))]
    assert [type(each) for each in events] == [Abandoned]
    assert not any(isinstance(each, Queued) for each in events)
