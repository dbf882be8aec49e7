"""Which rows of a queue that stands open are no longer as they were, and how do they look now?

A row that changed is drawn anew for the place where it stands, even where the complaint would stand
elsewhere in the queue by now, or in another view: nothing moves under the pointer.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from projections import views
from projections.lines import Line
from recovery import reference as references
from web.accounts import User
from web.pages.columns import chosen
from web.pages.reading import names, papers, raw
from web.pages.rows import Shown, rows
from web.pages.viewer import Viewer
from web.runtime import Runtime
from web.workbench import saved


class LiveRows:
    """The rows of one page, as its browser was last told of them."""

    def __init__(self) -> None:
        self._known: dict[str, Line] = {}
        self._came = False
        """Whether it is known what stood on the page when it came, be it nothing."""

    def new(self, lines: Sequence[Line]) -> int:
        """How many complaints stand on the page now that did not when it came."""
        if not self._came:
            self._came, self._known = True, {line.reference: line for line in lines}
        return sum(line.reference not in self._known for line in lines)

    def changed(self, conn: sa.Connection, lines: Sequence[Line], me: User) -> list[Line]:
        """Those that show something else, whether they are among `lines` or elsewhere by now."""
        there = {line.reference for line in lines}
        gone = [each for each in self._known if each not in there and each not in me.hidden]
        now = [*lines, *(views.lines(conn, gone) if gone else ())]
        found = [line for line in now if self._known.get(line.reference, line) != line]
        self._known.update((line.reference, line) for line in found)
        return found


def drawn(
    conn: sa.Connection, desk: Runtime, lines: Sequence[Line], viewer: Viewer, me: User
) -> dict[str, str]:
    """Rows by the reference that pages show; who has them open is told beside them."""
    if not lines:
        return {}
    opened = papers(
        conn, desk, (paper for line in lines for paper in (line.words, line.contact)), viewer
    )
    columns = chosen(saved.bench(raw(conn), me.id).columns)
    shown = Shown(opened, names(desk), viewer, columns, {})
    return {references.show(line.reference): str(rows([line], shown)) for line in lines}
