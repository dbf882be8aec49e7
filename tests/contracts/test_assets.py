"""The style sheet and script of others: pinned, fetched once, complete."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from web import assets
from web.pages import static
from web.pages.static import address

ROOT = Path(__file__).parents[2]
LOCK = json.loads((ROOT / "package-lock.json").read_text())


def test_versions_are_exact_and_sealed_and_name_no_server() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = {name.removeprefix("node_modules/"): p for name, p in LOCK["packages"].items() if name}

    assert {name: locked[name]["version"] for name in wanted} == wanted
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())
    assert not [name for name, package in locked.items() if "resolved" in package]


def test_what_is_current_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not assets.is_current():
        pytest.skip("the vendor files are not here: run python -m web.assets")
    vendor = tmp_path / "vendor"
    shutil.copytree(assets.VENDOR, vendor)
    monkeypatch.setenv("PATH", "")  # whoever looks for npm now fails

    assert assets.build(ROOT, vendor) is False


def test_every_file_has_an_address_that_changes_with_it() -> None:
    if not assets.is_current():
        pytest.skip("the vendor files are not here: run python -m web.assets")
    for name in assets.FILES:
        assert address(f"vendor/{name}").startswith(f"/static/vendor/{name}?v=")


def test_what_is_missing_is_said_with_the_way_out() -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m web\.assets"):
        address("vendor/nothing.css")


def test_the_style_sheet_is_made_of_every_subject_once() -> None:
    written = {path.stem for path in static.LOOK.iterdir()}

    assert sorted(static.SUBJECTS) == sorted(written)
