"""Which pages are there? One of each kind, as the routes say: a new one cannot stay unseen."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

FILES = (".csv", ".json", ".pdf", ".zip", "/html", "/original", "/picture", "/files/{part}",
         "/files/{version}/{number}", "/seal/{name}", "/static/{name:path}")  # fmt: skip
BACK = ("/{act}", "/complaints", "/complain/later", "/audits/areas/preview", "/payouts/approval",
        "/mail/addresses/{reference}", "/people/{complainant}/forgetting",
        "/complaints/{reference}/staff")  # fmt: skip
"""Who loads the address of a form again is led back to its page."""
NO_PAGES = {
    "/", "/palette", "/complaints/callers", "/queue/live", "/complaints/{reference}/live",
    "/healthz", "/readyz", "/metrics",
}  # fmt: skip
"""Pieces of pages, streams, and what machines ask."""
TOKENS = {"/complain/later/{token}": "unsent"}
"""Where a gap stands for something else than usual."""
ASKED = {
    "/complaints/{reference}/past": "?at={past}", "/queue/past": "?at={past}",
    "/paying/ledger/payouts": "?account=approved&currency=GBP", "/people": "?q=lee",
}  # fmt: skip
"""What a page shows nothing without."""
GAPS = {
    "batch", "complainant", "cycle", "delivery", "id", "kind", "mail", "name", "place", "policy",
    "reference", "sample", "token", "tongue", "unsent",
}  # fmt: skip
"""Of what there has to be one for all pages to be there."""


def pages(app: FastAPI) -> dict[str, set[str]]:
    """The kinds of pages, each with its gaps: what answers to GET and is nothing else."""
    paths = {
        str(context.path) for context in iter_route_contexts(app.routes)
        if "GET" in (context.methods or ()) and not str(context.path).startswith("/api/")
    }  # fmt: skip
    return {path: set(_gaps(path).values()) for path in sorted(paths) if _is_page(path)}


def addresses(app: FastAPI, found: Mapping[str, str]) -> list[str]:
    """Where one page of each kind is; `found` says what fills the gaps."""
    return [
        path.format(**{gap: found[of] for gap, of in _gaps(path).items()})
        + ASKED.get(path, "").format(**found)
        for path in pages(app)
    ]


def _is_page(path: str) -> bool:
    leads_back = path.endswith(BACK[0]) or path in BACK
    return path not in NO_PAGES and not leads_back and not path.endswith(FILES)


def _gaps(path: str) -> dict[str, str]:
    """Of each gap: what fills it."""
    return {
        gap: TOKENS.get(path, gap) for _, gap, _, _ in Formatter().parse(path) if gap is not None
    }
