"""What can programs ask of the desk? `/api/v1`, the same commands and queries as the pages."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1")
