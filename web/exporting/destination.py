"""Where does an export go: to standard output, or whole into a file?"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO, NoReturn

from recovery.errors import Refused


@contextmanager
def into(path: Path | None) -> Iterator[BinaryIO]:
    """A file to write to; raises Refused for what the disk refuses, and where nobody reads on."""
    try:
        with _standard_output() if path is None else _whole(path) as file:
            yield file
    except OSError as error:
        where = path or "Standard output"
        raise Refused(f"{where} cannot be written: {error.strerror or error}.") from None


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Written beside, for its owner's eyes, and renamed once it is whole."""
    before = signal.signal(signal.SIGTERM, _end)
    handle, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with open(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _: object) -> NoReturn:
    """Told to end, tidy up first."""
    sys.exit(128 + number)
