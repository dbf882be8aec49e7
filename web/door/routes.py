"""Which addresses are open to complainants?"""

from __future__ import annotations

from fastapi import APIRouter

from web.door import cards, complain, later, mine

router = APIRouter(include_in_schema=False)
for part in (complain, later, mine, cards):
    router.include_router(part.router)
