"""A desk on which everything has happened, so that no page of it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from fastapi import FastAPI
from starlette.testclient import TestClient

from recovery import areas, retention, unsent
from recovery import reference as references
from recovery.areas import Content
from recovery.delivery import delivery_id
from recovery.desk import reference_of
from recovery.files import NewFile
from recovery.holds import Holds
from recovery.suppression import suppress
from recovery.vault import Contact
from tests.cast import ADA, ANA, BO, SUE
from tests.following import followed
from tests.payouts import leaving
from tests.web.conftest import BASE
from tests.web.pages.hands import Hands
from tests.web.pages.test_files import png
from tests.web.pages.test_waiting import arrive
from web.accounts import User
from web.demo.load import load_demo
from web.door import links
from web.mail.post import Post
from web.runtime import Runtime

RULES = '[[rule]]\nname = "six years"\nkeep = "6 years"\n'
LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"


def everything(app: FastAPI, runtime: Runtime, people: dict[str, User]) -> dict[str, str]:
    """Let it all happen; returns of everything one, by the gap that it fills."""
    now = datetime.now(UTC)
    leaving.with_payer(runtime)
    load_demo(
        runtime.store, runtime.vault, runtime.policies, complaints=40, days=60, seed=7, until=now,
        secret=runtime.reference_key,
    )  # fmt: skip
    reference = _told(runtime, now)
    shown = references.show(reference)
    complainant = runtime.desk.state(reference)[0].received.complainant
    found = {
        "reference": shown, "complainant": complainant, "name": "acknowledge", "cycle": "1",
        "policy": "house", "kind": "received", "tongue": "en", "place": "1",
        "token": links.write(reference, key=runtime.door_key),
        "delivery": delivery_id(reference, 1), "batch": _money(runtime),
        "mail": arrive(runtime, "From: Ms Roe <roe@example.net>", f"Subject: {shown}"),
        "unsent": _begun(runtime, now),
        "past": f"{now - timedelta(minutes=30):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    _kept(runtime, shown, complainant, now)
    with followed(runtime), _sitting(app, runtime, people) as ada:
        return found | _looked_into(ada)


def _told(runtime: Runtime, now: datetime) -> str:
    """A complaint with a picture, whose letter has left, with hard words in it."""
    desk = runtime.desk
    reference = reference_of(desk.receive(
        by=ANA, at=now - timedelta(hours=3), subject=f"Lost: {LONG_WORD}", tier="gold",
        description=f"My parcel never came. {LONG_WORD} {'https://example.org/' + 'a' * 90}",
        contact=Contact(name="Mr Lee", email="lee@example.org", phone="+44 20 7946 0000"),
        desired_outcomes=["not_again"],
    ))  # fmt: skip
    desk.acknowledge(reference, by=ANA, at=now)
    runtime.engine.catch_up()
    post = Post.of(runtime, clock=lambda: datetime.now(UTC))
    while post.step():
        runtime.engine.catch_up()
    picture = NewFile("账单 photo.png", "image/png", png())
    runtime.feedback.write(reference, at=now, text="Here it is.", files=(picture,))
    desk.send_message(reference, by=ANA, at=now, text="You have it tomorrow.")
    runtime.engine.catch_up()
    return reference


def _money(runtime: Runtime) -> str:
    """Some is owed, some approved, and one batch has left."""
    leaving.approved(runtime, leaving.late(runtime))
    batch = leaving.gathered(runtime)
    leaving.released(runtime, batch, SUE, ADA)
    leaving.approved(runtime, leaving.late(runtime))
    leaving.late(runtime, account=None)
    return batch


def _begun(runtime: Runtime, now: datetime) -> str:
    """A complaint that somebody began to write at the door."""
    token = unsent.draw()
    with runtime.database.connection() as conn:
        typed = {"description": ["The lift."], "desired": ["not_again"]}
        unsent.keep(conn, token, typed, key=runtime.door_key, now=now)
    return token


def _kept(runtime: Runtime, shown: str, complainant: str, now: datetime) -> None:
    """What must be kept and for how long, who refuses letters, and which areas are poor."""
    Holds(runtime.store, runtime.vault).place(
        kind="complaint", subject=shown, reason="Claim 4711", until=date(2999, 12, 31), by=SUE,
        at=now,
    )  # fmt: skip
    retention.adopt(runtime.store, retention.parse(RULES), by=SUE, at=now)
    suppress(runtime.store, complainant, reason="no_such_mailbox", by="system:mail", at=now)
    table = Content(("rent",), (("601", ("5",)), ("602", ("7",))))
    areas.upload(runtime.store, runtime.vault, table, attribute="zip", by=SUE, at=now)
    arrive(runtime, "Auto-Submitted: auto-replied", "Subject: Out of office")
    runtime.engine.catch_up()


@contextmanager
def _sitting(app: FastAPI, runtime: Runtime, people: dict[str, User]) -> Iterator[Hands]:
    """The administrator at a browser without a screen."""
    token, _ = runtime.accounts.begin(people["ada"], datetime.now(UTC) + timedelta(hours=1))
    with TestClient(app, base_url=BASE) as client:
        client.cookies.set("recovery", token)
        yield Hands(client)


def _looked_into(ada: Hands) -> dict[str, str]:
    """An audit that is asked again each month, and a sample of which one case is reviewed."""
    ada.open("/audits")
    audit = ada.send("/audits", measure="money_relief", group="channel").address
    ada.send(f"{audit}/standing", rhythm="monthly", looks="12")
    ada.open("/quality")
    reviewers = [BO, SUE, ADA]
    sample = ada.send("/quality", size="5", seed="spring", reviewer=reviewers).address
    sample = sample.partition("?")[0]
    return {"id": _last(audit), "sample": _last(sample)}


def _last(address: str) -> str:
    return address.rpartition("/")[2]
