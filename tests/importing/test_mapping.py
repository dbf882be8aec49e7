"""Is a mapping understood, or refused with the key that is wrong?"""

from __future__ import annotations

from pathlib import Path

import pytest

from web.importing import mapping
from web.importing.binding import Binding
from web.importing.mapping import MappingError
from web.importing.readers import Unreadable


@pytest.mark.parametrize("name", ["cfpb", "generic", "nyc311"])
def test_each_preset_loads(name: str) -> None:
    assert name in mapping.presets()
    assert mapping.load(name).source == name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('received = ["a"]', "source"),
        ('source = "a"', "received"),
        ('source = "a"\nreceived = []', "received: name at least one column"),
        ('source = "a"\nreceived = ["b"]\nrecieved = ["b"]', "recieved"),
        ('source = "a"\nreceived = ["b"]\n[dates]\nzone = "Mars/Base"', "Mars/Base"),
        ('source = "a"\nreceived = ["b"]\n[dates]\nformats = ["%d %B %Y"]', "%B"),
        ('source = "a"\nreceived = ["b"]\n[dates]\nformats = []', "dates.formats"),
        ('source = "a"\nreceived = ["b"]\n[status.values]\nopen = ["opened"]', "opened"),
        ('source = "a"\nreceived = ["b"]\n[attributes.Region]\ncolumns = ["c"]', "lower case"),
        ("source = ", "mine.toml"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.toml").write_text(text)

    with pytest.raises(MappingError, match=says):
        mapping.load(str(tmp_path / "mine.toml"))


def test_an_unknown_mapping_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(MappingError, match="one of cfpb, generic, nyc311"):
        mapping.load("cpfb")


def test_a_file_without_the_column_of_receipt_is_refused_with_what_it_has() -> None:
    with pytest.raises(Unreadable, match="needs a column “Date received”; the file has “Name”"):
        Binding(mapping.load("cfpb"), ["Name"])


def test_columns_that_the_mapping_does_not_know_are_named() -> None:
    binding = Binding(mapping.load("generic"), ["ID", "Received at", "Shoe size"])
    binding.column(("id",))

    assert binding.left_over == ("Shoe size",)
