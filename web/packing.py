"""How does a page become small on its way to the browser?

Compressed, and never twice to the same length: whoever watches the line and makes a browser ask for
pages with words of theirs in them could otherwise guess, from the length, what else is there.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from typing import TypeVar

from fastapi import Request
from starlette.responses import Response

R = TypeVar("R", bound=Response)
LEVEL = 1
"""A page of 100 kB takes 2 ms and becomes a fifth; more work makes it hardly smaller."""
LEAST = 1_000
"""Bytes below which it is not worth the while."""
PADDING = 100
"""Random bytes at most."""


def packed(request: Request, response: R) -> R:
    """The response with its body compressed, where the browser takes that."""
    response.headers.add_vary_header("Accept-Encoding")
    body = bytes(response.body)
    if len(body) < LEAST or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    response.body = gzip(body)
    response.headers["content-length"] = str(len(response.body))
    response.headers["content-encoding"] = "gzip"
    return response


def gzip(body: bytes) -> bytes:
    """The body in a gzip file (RFC 1952) whose name is a random one of random length."""
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = secrets.token_hex(PADDING // 2)[: 1 + secrets.randbelow(PADDING)].encode()
    head = b"\x1f\x8b\x08\x08\0\0\0\0\x04\xff" + name + b"\0"
    tail = struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFF_FFFF)
    return head + deflate.compress(body) + deflate.flush() + tail
