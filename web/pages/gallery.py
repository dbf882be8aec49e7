"""How does each part of the pages look, in each of its states?

For whoever changes a page: look here in light, dark, narrow and print.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from recovery.money import Money
from recovery.policy.clocks import Clock
from web.deps import Now, agent
from web.pages.attached import File
from web.pages.clockface import face
from web.pages.enclosing import Enclosed
from web.pages.form import Form
from web.pages.render import page
from web.pages.steps import Step
from web.pages.viewer import DAY, HOUR, Viewer
from web.pages.words import labeller

router = APIRouter(dependencies=[Depends(agent)])
STEPS: tuple[tuple[str, str], ...] = (
    ("received", "queue"), ("acknowledged", "check"), ("explained", "explain"),
    ("compensated", "gift"), ("closed", "closed"),
)  # fmt: skip


@router.get("/gallery")
def gallery(request: Request, now: Now) -> Response:
    viewer = Viewer.of(request)
    label = labeller(viewer.language)

    def clock(
        state: Literal["running", "paused", "stopped", "cancelled", "not_known"],
        left: timedelta | None, *, met: bool | None = None,
    ) -> Clock:  # fmt: skip
        due = now + left if left is not None else None
        ended = now - HOUR if state == "stopped" else None
        return Clock("explain", 1, state, now - 2 * DAY, due, ended, met, "5 business days")

    return page(
        request, "gallery.html", viewer=viewer,
        clocks=[
            face(each, viewer)
            for each in (
                clock("running", 4 * DAY), clock("running", 5 * HOUR), clock("running", -3 * HOUR),
                clock("running", -4 * DAY), clock("paused", None), clock("stopped", HOUR, met=True),
                clock("stopped", -DAY, met=False), clock("cancelled", DAY),
                clock("not_known", None),
            )
        ],
        money=viewer.money(Money(Decimal(30), "GBP")),
        journeys=[_journey(reached, viewer) for reached in (1, 3, 5)],
        files=[_file("账单 2026-03.pdf", []), _file("macro.xlsm", [label("risk", "macro")])],
        enclosed={"letters": [Enclosed("paper", "账单 2026-03.pdf", "application/pdf · 8 B", [])]},
        forms={"letters": Form("letters")},
        fresh=Form("fresh", {"lines": "Some words", "pill": "b"}),
        wrong=Form(
            "wrong", {"line": "not an address", "lines": "<b>kept</b> as it was typed"},
            errors={
                "line": viewer.say("This is not an email address."),
                "lines": viewer.say("Explain what happened."),
                "choice": viewer.say("Choose one."), "pill": viewer.say("Choose one."),
            },
        ),
    )  # fmt: skip


def _file(name: str, risks: list[str]) -> File:
    return File(name, "application/pdf · 480 kB", risks, "#", "")


def _journey(reached: int, viewer: Viewer) -> list[Step]:
    found = []
    for n, (stage, mark) in enumerate(STEPS):
        done, next_one = n < reached, n == reached
        found.append(
            Step(
                name=viewer.say(stage.capitalize()),
                state="done" if done else "next" if next_one else "open",
                mark="check" if done else mark,
                at=viewer.now if done else None,
                time=viewer.short(viewer.now) if done else viewer.say("not yet"),
                tag=viewer.until(viewer.now + 3 * HOUR) if next_one else "",
                tone="soon" if next_one else "", tag_mark="clock" if next_one else "",
            )
        )  # fmt: skip
    return found
