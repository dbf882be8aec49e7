"""What of a failure may stand in the log?

Where it happened and what it says; but the words of the database repeat the row it was given, and
SQLAlchemy's the parameters, so that of those only the kind and the SQLSTATE are told.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import psycopg


def told(error: BaseException) -> str:
    """The failure for the log, with its traceback."""
    for cause in _chain(error):
        if isinstance(cause, psycopg.Error):
            kind = f"{type(cause).__name__}, SQLSTATE {cause.sqlstate or 'unknown'}"
            return "\n".join([kind, *map(str.rstrip, traceback.format_tb(error.__traceback__))])
    return "".join(traceback.format_exception(error)).rstrip()


class Retold(logging.Filter):
    """For a logger that is not ours: tells the failures that it logs as we do."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            record.msg = f"{record.getMessage().rstrip()}: {told(record.exc_info[1])}"
            record.args, record.exc_info = (), None
        return True


RETOLD = Retold()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what led to it."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
