"""What does the page say of awkward questions: a sentence, never a traceback or a wrong number?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from projections.fairness import PROJECTION
from projections.table import Changes, Rows
from projections.treatment import Fair, Grant
from recovery.policy.library import NONE
from tests.cast import DAY, NINE
from tests.web.pages.hands import Hands
from web.runtime import Runtime

SitDown = Callable[..., Hands]
AS_OF = (NINE + 30 * DAY).isoformat()
POUND, EURO = (Grant(NINE, Decimal("25.00"), currency) for currency in ("GBP", "EUR"))


def row(of: str, n: int, **more: Any) -> Fair:
    attributes = {"set": of, **more.pop("attributes", {})}
    return Fair(**{
        "complaint": f"{of}{n:05}", "received_at": NINE, "source": "", "policy": NONE.policy,
        "policy_version": NONE.version, "channel": "phone" if n % 2 else "email", "language": "en",
        "tier": "", "category": "", "product": "", "severity": "normal",
        "attributes": attributes, "ended": "closed", "ended_at": NINE + DAY, **more,
    })  # fmt: skip


def history() -> Iterator[Fair]:
    for n in range(40):
        yield row("one", n, channel="letter" if n == 0 else "phone", reopened=n % 3 == 0)
        yield row("others", n, source="cfpb")
        yield row("same", n)
        yield row("back", n, ended_at=NINE - DAY)
        yield row("mixed", n, money=True, relief=True, grants=(POUND, EURO))
        yield row("never", n, ended="", ended_at=None)
    for n in range(120):
        yield row("apart", n, product="card" if n % 2 else "loan", reopened=n % 3 == 0)
    for n in range(1_100):
        yield row("shops", n, attributes={"shop": f"shop {n}"}, reopened=n % 3 == 0)
    for n in range(2_100):
        yield row("streets", n, attributes={"shop": f"street {n}"})


TABLE: tuple[tuple[str, dict[str, str], int, str], ...] = (
    ("one", {"measure": "reopened"}, 200, "Groups with fewer than 11 complaints are left out"),
    (
        "apart",
        {"measure": "reopened", "stratify": "product"},
        200,
        "like cannot be compared with like",
    ),
    ("others", {"measure": "accepted"}, 200, "of none of these complaints is it known (40"),
    ("others", {"measure": "working_time_to_close"}, 200, "of none of these complaints is it"),
    ("same", {"measure": "contacts"}, 200, "All have the same value"),
    ("same", {"measure": "reopened"}, 200, "It was so of none of these complaints"),
    ("back", {"measure": "time_to_close"}, 200, "of none of these complaints is it known (40"),
    ("mixed", {"measure": "amount", "currency": "GBP"}, 200, "of none of these complaints is it"),
    ("mixed", {"measure": "amount"}, 422, "amounts in several are never added"),
    ("mixed", {"measure": "amount_against_loss", "currency": "XYZ"}, 422, "not a currency code"),
    ("never", {"measure": "time_to_close"}, 200, "It has not happened to any of these"),
    ("shops", {"measure": "reopened", "group": "attribute.shop"}, 200, "Groups with fewer than 11"),
    ("streets", {"measure": "reopened", "group": "attribute.shop"}, 422, "values, too many"),
    ("same", {"measure": "reopened", "as_of": "2001-01-01"}, 200, "No complaint of this period"),
    ("same", {"measure": "reopened", "group": "';--"}, 422, "There is no"),
    ("none", {"measure": "reopened"}, 200, "No complaint of this period"),
)
"""Which complaints, what is asked of them, how the page answers and what it says."""


def test_awkward_questions_get_a_sentence(sit_down: SitDown, runtime: Runtime) -> None:
    with runtime.database.dedicated() as conn:
        Rows(PROJECTION).write(conn, Changes(fresh=list(history())))
    sue, wrong = sit_down("sue"), {}
    form = sue.open("/audits")

    for of, asked, status, says in TABLE:
        sue.page = form
        page = sue.send("/audits", **{
            "group": "channel", "as_of": AS_OF, "where": f"attribute.set={of}", **asked
        })  # fmt: skip
        if (page.status, says in page.text) != (status, True) or "Traceback" in page.text:
            wrong[of, asked["measure"]] = (page.status, page.text[-300:])

    assert wrong == {}
