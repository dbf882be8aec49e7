"""Is every page, also one of tomorrow, among those that a browser looks at?"""

from __future__ import annotations

from fastapi import FastAPI

from tests.browser.everywhere import GAPS, pages
from tests.web.conftest import app, runtime, settings  # noqa: F401


def test_the_desk_of_the_look_has_one_of_everything_that_pages_are_about(
    app: FastAPI,  # noqa: F811
) -> None:
    """A new page without gaps, or with these, is looked at; any other has to be led to."""
    found = pages(app)
    missing = {path: gaps - GAPS for path, gaps in found.items() if gaps - GAPS}

    assert not missing, "give tests/browser/everything.py one of these, or say it is no page"
    assert set().union(*found.values()) == GAPS
    assert len(found) > 45
