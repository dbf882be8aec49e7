"""What do people see?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from markupsafe import escape

from web.errors import Problem

router = APIRouter()


def error_page(request: Request, problem: Problem) -> Response:
    """The page for a request that failed."""
    html = f"<!doctype html><title>{escape(problem.title)}</title><p>{escape(problem.detail)}"
    return Response(html, problem.status, media_type="text/html")
