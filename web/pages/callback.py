"""What does the program that pays tell us by itself?"""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from recovery.errors import Forbidden, Invalid
from web.deps import Desk, Now, public
from web.paying import taking, webhook

router = APIRouter(prefix="/paying")


@router.post("/callback", dependencies=[Depends(public)])
async def callback(request: Request, desk: Desk, now: Now) -> Response:
    """Take a signed answer in; the same again changes nothing. Problem details for what is wrong.

    The signature is the door: it is checked before anything of the message is believed.
    """
    body = await request.body()
    try:
        result = webhook.received(request.headers, body, desk.settings.pay_keys, now=now)
    except (Forbidden, Invalid) as wrong:
        status = 403 if isinstance(wrong, Forbidden) else 422
        said = msgspec.json.encode({"status": status, "title": str(wrong)})
        return Response(said, status_code=status, media_type="application/problem+json")
    heard = await run_in_threadpool(taking.hear, desk, result, at=now)
    counts = {"news": heard.news, "known": heard.known, "waits": heard.unplaced}
    return Response(msgspec.json.encode(counts), media_type="application/json")
