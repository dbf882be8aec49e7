"""How large may a request be?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: whoever reads more of a body than the limit raises the answer 413.

    Raised where the body is read, so that it becomes a page or problem details like every failure.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int, larger: Mapping[re.Pattern[str], int] | None = None
    ) -> None:
        """`larger` are the addresses that take more, each with how much."""
        self._app = app
        self._limit = limit
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        allowed = (most for where, most in self._larger.items() if where.fullmatch(scope["path"]))
        limit = max(self._limit, *allowed, 0)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        taken = int(declared) if declared.isdigit() and int(declared) > limit else 0

        async def counted() -> Message:
            nonlocal taken
            if taken > limit:
                raise HTTPException(413)
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
