"""A mass incident: how soon is everybody owed, approved and in the bank's files?

Meanwhile somebody reads the queue. The complaints, and the accounts of their complainants, are
there before; the clock runs from the moment at which the incident is recorded.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from projections import payouts, views
from recovery import incidents, reference
from recovery.approval import Approvals, Chosen
from recovery.authority import Approver
from recovery.bulk import BulkLoader, NewStream
from recovery.events import AccountGiven, PaperRef, Received, Recorded, payee_stream
from recovery.incidents import Incident
from recovery.paying.account import Iban, Party
from recovery.policybook import adopt
from recovery.vault import Contact, SealedKey, SealedPaper, Words
from tests.benchmarks.figures import Figure, at_most
from tests.benchmarks.ground import Ground, Sizes
from web.collecting import collect_rarely
from web.paying import making
from web.runtime import Runtime
from web.worker.catching_up import catch_up
from web.worker.paymaster import Paymaster

BY = "user:sue"
FULL, QUICK = 50_000, 2_000
ACCOUNT = Party.parse("Mr Lee", Iban.parse("GB33 BUKB 2020 1555 5555 55"))
FACTS = {"cause": "outage", "hours_off": "26"}
POLICY = """
id = "outage"
title = "Outages"
source = "A benchmark"
status = "confirmed"
zone = "Europe/London"

[facts]
hours_off = { type = "number" }

[[calendar]]
name = "office"
monday = ["09:00-17:00"]

[[version]]
name = "first"
from = 2000-01-01

[[version.guarantee]]
name = "cut_off"
title = "£25 for a day without service."
basis = "promise"
currency = "GBP"
when = "cause == 'outage' && hours_off >= 24"
amount = [{ pays = "25.00" }]
"""


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    """From recording the incident to the files, with somebody at the queue all the while."""
    people = FULL if sizes.complaints > QUICK else QUICK
    runtime = ground.desk()
    runtime.settings = runtime.settings.model_copy(
        update={"pay_from": "GBP: Power Ltd, GB33 BUKB 2020 1555 5555 55"}
    )
    adopt(runtime.store, runtime.policies, POLICY, by=BY, at=_now(), reason="A benchmark.")
    references = list(_befallen(runtime, people))
    catch_up(runtime)
    collect_rarely()  # as the worker does
    with _Asking(runtime) as asking, _following(runtime):
        seconds = {
            "due": _timed(lambda: _due(runtime, references)),
            "approved": _timed(lambda: _approved(runtime)),
            "exported": _timed(lambda: _exported(runtime, people)),
        }
    ground.drop(runtime)
    return [
        Figure.of(
            "incident_due", f"until {people:,} are owed for one incident",
            [seconds["due"]], "s", at_most(60),
        ),
        Figure.of("incident_approved", "until all are approved in one act",
                  [seconds["approved"]], "s"),
        Figure.of(
            "incident_exported", "until all have left in one batch of bank files",
            [seconds["exported"]], "s",
        ),
        Figure.of(
            "incident_queue", "the queue's page is read meanwhile (p50)",
            [1_000 * median(asking.seconds)], "ms",
        ),
    ]  # fmt: skip


def _befallen(runtime: Runtime, people: int) -> Iterator[str]:
    """Complaints of so many, each with an account of its own."""
    at = _now() - timedelta(hours=2)
    version = runtime.policies.in_force("outage").version
    given: list[Recorded] = []
    with BulkLoader(runtime.store, secret=runtime.reference_key) as loader:
        for number in range(people):
            name = reference.derive(runtime.reference_key, f"incident:{number}")
            owner = f"{number:032x}"
            key, sealed = runtime.vault.new_key(owner)
            papers: list[SealedPaper] = []

            def seal(
                content: Any, key: bytes = key, owner: str = owner,
                papers: list[SealedPaper] = papers,
            ) -> PaperRef:  # fmt: skip
                papers.append(runtime.vault.seal(key, owner, content))
                return papers[-1].ref

            received = Received(
                at=at, by=BY, complainant=owner, channel="phone", language="en",
                policy="outage", policy_version=version, words=seal(Words("No power.")),
                contact=seal(Contact(name="Mr Lee", email=f"lee{number}@example.org")),
            )  # fmt: skip
            account = AccountGiven(
                at=at, by=BY, complaint=name, account=seal(ACCOUNT.sealed()), fingerprint=owner
            )
            given.append(Recorded(payee_stream(name), 1, account))
            keys: list[SealedKey] = [sealed]
            loader.add(NewStream(f"incident:{number}", name, [received], keys, papers))
            yield name
    for first in range(0, len(given), 5_000):
        runtime.store.append(given[first : first + 5_000])


def _due(runtime: Runtime, references: list[str]) -> None:
    told = Incident(name="outage", facts=FACTS, by=BY, at=_now())
    for _ in incidents.record(runtime.store, told, references):
        pass
    paymaster = Paymaster.of(runtime, clock=_now)
    while _count(runtime, "owed") < len(references):
        if not paymaster.step():
            time.sleep(0.02)


def _approved(runtime: Runtime) -> None:
    with runtime.database.engine.connect() as conn:
        c = payouts.table.c
        found = list(conn.scalars(sa.select(c.payout).where(c.stage == "owed")))
    chosen = [Chosen(payout) for payout in found]
    approvals = Approvals(runtime.store, runtime.policies)
    who = Approver(BY, "administrator")
    refused = [a.why for a in approvals.approve_all(chosen, who=who, at=_now()) if a.why]
    if refused:
        raise RuntimeError(f"{len(refused)} were not approved: {refused[0]}")
    while _count(runtime, "approved") < len(found):
        time.sleep(0.02)


def _exported(runtime: Runtime, people: int) -> None:
    at = _now()
    made = making.make(
        runtime, code="pain.001.001.09", currency="GBP", cut_off=at, on=at.date(), at=at, by=BY
    )
    runtime.batching.gather(made.batch, by=BY, at=at)
    for person in (BY, "user:ada"):
        digest = runtime.batching.load(made.batch.id).state.digest
        runtime.batching.sign(made.batch.id, digest=digest, by=person, at=_now())
    files = runtime.batching.load(made.batch.id).state.files
    if sum(len(file.payouts) for file in files) != people:
        raise RuntimeError("some were left behind")
    for file in files:
        with making.made_again(runtime, made.batch.id, file) as path:
            path.stat()


class _Asking:
    """Somebody who reads the queue again and again."""

    def __init__(self, runtime: Runtime) -> None:
        self.seconds: list[float] = []
        self._runtime = runtime
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> _Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _ask(self) -> None:
        with self._runtime.database.engine.connect() as conn:
            while not self._stopping.wait(0.05):
                began = time.perf_counter()
                views.page(conn, "open", now=_now(), limit=50)
                self.seconds.append(time.perf_counter() - began)


class _following:  # noqa: N801 (reads as a verb)
    """The projections follow, as in a worker."""

    def __init__(self, runtime: Runtime) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=runtime.engine.follow, args=(self._stopping,))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()


def _count(runtime: Runtime, stage: str) -> int:
    c = payouts.table.c
    with runtime.database.engine.connect() as conn:
        query = sa.select(sa.func.count()).select_from(payouts.table).where(c.stage == stage)
        return int(conn.execute(query).scalar_one())


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _now() -> datetime:
    return datetime.now(UTC)
