"""Who knocks at the complainants' door: from where, in which language, and not too often?"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from web.deps import now
from web.door.patience import Allowance, Patience
from web.i18n import LANGUAGES, mark
from web.pages.form import Form
from web.pages.viewer import Viewer

COMPLAINTS = Allowance("complaints", at_once=5, seconds=120)
MESSAGES = Allowance("messages", at_once=20, seconds=15)
SAVES = Allowance("saves", at_once=10, seconds=60)
LOADS = Allowance("loads", at_once=10, seconds=30)
LOOKS = Allowance("looks", at_once=120, seconds=1)
HEAVY = 1_048_576
"""Bytes of a form from which on it brings files."""
WAIT = mark(
    "Too much came from here in a short time, so nothing was sent. What you wrote is still here:"
    " wait two minutes, then send it again. Files have to be chosen once more."
)


class TooOften(HTTPException):
    """Somebody has to wait a moment."""

    def __init__(self) -> None:
        super().__init__(429)

    @staticmethod
    def again(form: Form, asks: Viewer) -> Form:
        """The form with every word, and how long to wait."""
        return form.with_errors({}, asks.say(WAIT))


async def typed(request: Request) -> FormData:
    """The form that was sent, with its files; raises TooOften before many large ones are read."""
    declared = request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > HEAVY:
        patiently(LOADS, request)
    return await request.form()


Typed = Annotated[FormData, Depends(typed)]
Language = Annotated[str, Query(alias="language", max_length=10)]


def network(host: str) -> str:
    """Who is one knocker: of the sixth version whole networks, for each has addresses at will."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found) >> 64 << 64, 64)))


def address(request: Request) -> str:
    return network(request.client.host) if request.client else ""


def patiently(allowance: Allowance, request: Request) -> None:
    """Raises TooOften when this address has knocked too often."""
    if not _patience(request).has_for(allowance, address(request), now=now()):
        raise TooOften


def forgive(allowance: Allowance, request: Request) -> None:
    """What was asked led to nothing: it does not count."""
    _patience(request).forgive(allowance, address(request))


def _patience(request: Request) -> Patience:
    found: Patience = request.app.state.patience
    return found


def viewer(request: Request, language: str = "") -> Viewer:
    """Whoever looks, in the language they chose here, else this one, else their browser's."""
    found = Viewer.stranger(request)
    if "language" in request.cookies or language not in LANGUAGES:
        return found
    return Viewer(language=language, zone=found.zone.key, scheme=found.scheme, now=found.now)
