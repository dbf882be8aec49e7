"""The worker's part in tests of pages: what happens is in the projections within milliseconds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql

from recovery.store import CHANNEL
from web.runtime import Runtime


@contextmanager
def followed(runtime: Runtime) -> Iterator[None]:
    """The projections follow the log until the end, and then stop without waiting for news."""
    stopping = threading.Event()
    worker = threading.Thread(target=runtime.engine.follow, args=(stopping,))
    worker.start()
    yield
    stopping.set()
    with runtime.database.connection() as conn:
        conn.execute(sql.SQL("notify {}").format(sql.Identifier(CHANNEL)))
    worker.join(timeout=10)
