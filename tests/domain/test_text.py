"""Is what somebody typed taken for what it says, and never for a fault?"""

from __future__ import annotations

import pytest

from recovery import text


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), ("0", 0), ("٣", 3), ("", None), ("²", None), ("-1", None), ("9" * 5_000, None)],
)
def test_a_number_is_a_few_digits(typed: str, number: int | None) -> None:
    assert text.whole(typed) == number
