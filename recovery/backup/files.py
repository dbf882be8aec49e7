"""How do the bytes of a table get into a file, and back, checked?

Compressed (`gunzip` reads it) unless they are encrypted papers, in pieces, with a digest of what
lies on the disk.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from recovery.backup.locking import PIECE, Locker
from recovery.backup.manifest import Kept
from recovery.errors import Refused

_GZIP = 16 + zlib.MAX_WBITS


class Writer:
    """Writes one new file; `close` says how many bytes it has and their digest."""

    def __init__(self, path: Path, *, compress: bool, locker: Locker | None) -> None:
        self._path = path
        self._file = path.open("xb")
        self._shrink = zlib.compressobj(1, wbits=_GZIP) if compress else None
        self._locker = locker
        self._digest = sha256()
        self._waiting: list[bytes | bytearray | memoryview] = []
        self._length = 0
        self._pieces = 0
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._waiting.append(data)
        self._length += len(data)
        if self._length >= PIECE:
            self._flush()

    def close(self) -> tuple[int, str]:
        self._flush()
        if self._shrink:
            self._piece(self._shrink.flush())
        if self._locker:
            self._put(self._locker.seal(self._path.name, self._pieces, b"", last=True))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self.size, self._digest.hexdigest()

    def _flush(self) -> None:
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._length = 0
        self._piece(self._shrink.compress(data) if self._shrink else data)

    def _piece(self, data: bytes) -> None:
        if not self._locker:
            self._put(data)
            return
        for begin in range(0, len(data), PIECE):
            some = data[begin : begin + PIECE]
            self._put(self._locker.seal(self._path.name, self._pieces, some, last=False))
            self._pieces += 1

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)
        self.size += len(data)


class _Digested:
    """A file whose bytes are digested as they are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def pieces(folder: Path, kept: Kept, locker: Locker | None) -> Iterator[bytes]:
    """What was written; raises Refused at the end where the file is not what was written."""
    with (folder / kept.file).open("rb") as raw:
        file = _Digested(raw)
        found = (
            locker.opened(kept.file, file)  # type: ignore[arg-type]
            if locker
            else iter(lambda: file.read(PIECE), b"")
        )
        yield from _grown(kept, found) if kept.file.endswith(".gz") else found
        file.read()
    if file.digest.hexdigest() != kept.sha256:
        raise Refused(f"{folder / kept.file} was changed: its digest is another one.")


def _grown(kept: Kept, found: Iterator[bytes]) -> Iterator[bytes]:
    grow = zlib.decompressobj(wbits=_GZIP)
    try:
        for piece in found:
            yield grow.decompress(piece)
    except zlib.error:
        raise Refused(f"{kept.file} was changed: it cannot be unpacked.") from None
