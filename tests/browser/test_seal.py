"""Does the page that checks bundles do so in a browser that knows nothing of the desk?"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, expect

from tests.desks import TestDesk
from tests.seal.test_bundle import KEY, made
from web.verifier import verify

pytestmark = pytest.mark.browser
PAGE = Path(verify.__file__).with_name("verify.html")


def test_a_bundle_is_checked_by_a_page_from_a_disk(
    chromium: Browser, desk: TestDesk, tmp_path: Path
) -> None:
    bundle, _ = made(desk)
    (tmp_path / "good.json").write_bytes(msgspec.json.encode(bundle))
    bundle["events"][0]["state"] = bundle["events"][0]["state"].replace("ana", "bob")
    (tmp_path / "bad.json").write_bytes(msgspec.json.encode(bundle))
    (tmp_path / "verify.html").write_bytes(PAGE.read_bytes())
    page = chromium.new_page(locale="en-GB")
    page.context.set_offline(True)
    page.goto((tmp_path / "verify.html").as_uri())
    said = page.get_by_role("status")

    page.get_by_label("The desk's public key").fill(KEY)
    page.get_by_label("The bundle").set_input_files(tmp_path / "good.json")
    expect(said).to_contain_text("2 events of 1 streams are in the log, unchanged.")
    expect(said).to_contain_text("which you gave.")
    expect(said).to_have_attribute("data-holds", "yes")

    page.get_by_label("The bundle").set_input_files(tmp_path / "bad.json")
    expect(said).to_have_text("The event at position 3 is not in the log that was signed.")
    expect(said).to_have_attribute("data-holds", "no")

    page.get_by_label("The desk's public key").fill("b" * 43 + "=")
    page.get_by_label("The bundle").set_input_files(tmp_path / "good.json")
    expect(said).to_contain_text("and the key is that of recovery-")
    page.close()
