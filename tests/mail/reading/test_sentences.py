"""Does every code have a sentence?"""

from __future__ import annotations

from typing import get_args

import pytest

from web.mail.reading.records import Risk, TroubleCode, Why
from web.mail.reading.sentences import RISKS, TROUBLES, WHYS


@pytest.mark.parametrize(
    ("sentences", "codes"), [(TROUBLES, TroubleCode), (WHYS, Why), (RISKS, Risk)]
)
def test_every_code_has_a_sentence(sentences: dict[str, str], codes: object) -> None:
    assert set(sentences) == set(get_args(codes))
    assert all(sentence.endswith(".") for sentence in sentences.values())
