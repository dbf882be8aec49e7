"""Does docs/settings.md say everything that can be set, and nothing that cannot?"""

from __future__ import annotations

import re
from pathlib import Path

from web import settings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()


def test_every_setting_has_a_row_and_every_row_is_a_setting() -> None:
    rows = re.findall(r"^\| `(RECOVERY_[A-Z_]+)` \|", DOCUMENT, re.MULTILINE)

    assert sorted(rows) == sorted(settings.names())


def test_the_defaults_are_told_as_they_are() -> None:
    told = dict(re.findall(r"^\| `(RECOVERY_[A-Z_]+)` \| `([^`]+)`", DOCUMENT, re.MULTILINE))
    made_on_first_run = {"RECOVERY_SECRET_KEY", "RECOVERY_MASTER_KEY", "RECOVERY_SEAL_KEY"}

    for name, default in told.items():
        field = settings.Settings.model_fields[name.removeprefix(settings.PREFIX).lower()]
        if name not in made_on_first_run:
            assert str(field.default) == default, name
