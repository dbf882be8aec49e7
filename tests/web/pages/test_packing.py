"""Do pages come small, whole, and never twice at the same length?"""

from __future__ import annotations

import gzip as library

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.pages.hands import Hands
from web.packing import gzip


@given(st.binary(max_size=3_000))
@settings(max_examples=30)
def test_what_was_packed_can_be_unpacked(body: bytes) -> None:
    assert library.decompress(gzip(body)) == body


def test_the_length_of_a_page_does_not_tell_what_is_in_it() -> None:
    assert len({len(gzip(b"the same" * 500)) for _ in range(40)}) > 5


def test_only_browsers_that_take_it_get_it_packed(ana: Hands) -> None:
    small = ana.client.get("/queue", headers={"Accept-Encoding": "gzip"})
    plain = ana.client.get("/queue", headers={"Accept-Encoding": "identity"})

    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.content) / 3
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]
    assert small.text.count("<main") == plain.text.count("<main") == 1
