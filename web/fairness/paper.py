"""How does an audit come onto paper?"""

from __future__ import annotations

from pathlib import Path

from recovery.errors import RecoveryError

STYLE = Path(__file__).parents[1] / "static" / "paper.css"


class NoPaper(RecoveryError):
    """The system lacks what writing PDF needs."""


def pdf(html: str) -> bytes:
    """The page as PDF; raises NoPaper."""
    try:
        from weasyprint import CSS, HTML
    except OSError:
        raise NoPaper(
            "PDF needs the system libraries Pango and HarfBuzz, which are not installed here. Print"
            " the page from the browser instead."
        ) from None
    written: bytes = HTML(string=html).write_pdf(stylesheets=[CSS(filename=str(STYLE))])
    return written
