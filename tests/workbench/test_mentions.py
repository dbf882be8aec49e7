"""Does a note call those whom its writer means, and nobody else?"""

from __future__ import annotations

import pytest

from web.mentions import mentioned

PEOPLE = {
    "user:ana": "Ana Ortiz", "user:bo": "Bo", "user:k7": "Bob Stone", "user:m2": "Maria Lund",
    "user:m3": "Maria Berg", "user:wf": "王芳",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@bo please look", ["user:bo"]),
        ("ask @Ana Ortiz, then @BO.", ["user:ana", "user:bo"]),
        ("@Ana? @ana! @Ana Ortiz", ["user:ana"]),
        ("@Bob, not the other", ["user:k7"]),
        ("@王芳请看一看", ["user:wf"]),
        ("＠王芳：在吗", ["user:wf"]),
        ("@Maria", []),
        ("@Maria Berg", ["user:m3"]),
        ("@k7 by id", ["user:k7"]),
        ("write to lee@bo.example or @bobby or @bo_2", []),
        ("@", []),
    ],
)
def test_a_name_after_the_sign_calls(text: str, called: list[str]) -> None:
    assert list(mentioned(text, PEOPLE)) == called
