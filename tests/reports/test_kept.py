"""Is what was said of a long history said again for a while, and only then?"""

from __future__ import annotations

import itertools

from web.reports.kept import Kept


def test_what_is_worth_it_is_kept_and_the_rest_is_found_anew() -> None:
    numbers = itertools.count()

    kept = Kept[int](lambda answer: answer % 2 == 1)

    said = [kept.answer("all", numbers.__next__) for _ in range(4)]

    assert said == [0, 1, 1, 1]
    assert kept.answer("another", numbers.__next__) == 2
