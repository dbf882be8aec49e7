"""Which addresses are open to complainants?"""

from __future__ import annotations

from fastapi import APIRouter

from web.door import cards, complain, later, mine

router = APIRouter()
for part in (complain, later, mine, cards):
    router.routes.extend(part.router.routes)
