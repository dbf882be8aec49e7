"""Does a bundle prove what happened to a complaint, where the product is not?"""

from __future__ import annotations

import copy
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from projections import bundle as bundles
from projections import seal
from recovery.errors import NotFound, Refused
from recovery.seal import Signer, name_of
from tests.cast import ANA, HOUR, NINE
from tests.desks import TestDesk
from tests.seal.test_seal import SIGNER, fill
from web.verifier import verify as verifier
from web.verifier.verify import Wrong, verify

PROGRAM = Path(verifier.__file__)
KEY = b64encode(SIGNER.key).decode()


def made(desk: TestDesk) -> tuple[Any, str]:
    """The bundle of one complaint of two, and its reference."""
    reference = desk.receive()
    other = desk.receive(at=NINE + HOUR)
    desk.desk.acknowledge(reference, by=ANA, at=NINE + HOUR)
    desk.desk.acknowledge(other, by=ANA, at=NINE + HOUR)
    desk.engine.catch_up()
    with desk.store.database.connection() as conn:
        seal.seal(conn, SIGNER, NINE + HOUR)
        found = bundles.bundle(conn, reference)
    return msgspec.json.decode(msgspec.json.encode(found)), reference


def test_a_bundle_verifies(desk: TestDesk) -> None:
    bundle, reference = made(desk)

    said = verify(bundle, KEY)

    assert [e["topic"] for e in bundle["events"]] == [
        "complaint.received", "complaint.acknowledged"
    ]  # fmt: skip
    assert bundle["reference"].replace("-", "") == reference
    assert "2 events of 1 streams are in the log, unchanged." in said[0]
    assert said[2].endswith("which you gave.")
    assert "compare it with the one" in verify(bundle)[2]


def _changed(bundle: Any, how: str) -> Any:
    bundle = copy.deepcopy(bundle)
    first, last = bundle["events"][0], bundle["events"][-1]
    match how:
        case "state":
            first["state"] = first["state"].replace("user:ana", "user:bob")
        case "instant":
            first["recorded_at"] = "2026-01-01T00:00:00.000000Z"
        case "position":
            first["position"] += 1
        case "topic":
            last["topic"] = "complaint.closed"
        case "path":
            first["proof"] = first["proof"][:-1]
        case "left out":
            del bundle["events"][0]
        case "twice":
            bundle["events"].append(last)
        case "another complaint":
            bundle["reference"] = "00000-00000"
        case "size":
            note = bundle["head"]["note"]
            bundle["head"]["note"] = note.replace(note.split("\n")[1], "999", 1)
        case "key":
            bundle["head"]["key"] = b64encode(Signer(b"o" * 32).key).decode()
        case "empty":
            bundle["events"] = []
        case "torn":
            del bundle["head"]
    return bundle


HOWS = (
    "state", "instant", "position", "topic", "path", "left out", "twice", "another complaint",
    "size", "key", "empty", "torn",
)  # fmt: skip


def test_a_bundle_that_was_changed_does_not(desk: TestDesk) -> None:
    bundle, _ = made(desk)
    for how in HOWS:
        with pytest.raises(Wrong):
            assert verify(_changed(bundle, how)), how


def test_a_bundle_that_somebody_else_signed_does_not_hold_under_our_key(desk: TestDesk) -> None:
    bundle, _ = made(desk)

    with pytest.raises(Wrong, match="the key is that of"):
        verify(bundle, b64encode(Signer(b"o" * 32).key).decode())


def test_the_file_alone_verifies_without_the_product(desk: TestDesk, tmp_path: Path) -> None:
    bundle, _ = made(desk)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(msgspec.json.encode(bundle))
    bad.write_bytes(msgspec.json.encode(_changed(bundle, "state")))
    (tmp_path / "verify.py").write_bytes(PROGRAM.read_bytes())

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "verify.py", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={})

    assert run(good, "--key", KEY).returncode == 0
    assert run(good, "--key", f"{name_of(SIGNER.key)} {KEY}").returncode == 0
    refused = run(bad)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "The event at position 3 is not in the log that was signed.\n"
    assert run().returncode == 2


def test_there_is_none_of_what_is_not_there_or_not_sealed(desk: TestDesk) -> None:
    reference = desk.receive()
    with desk.store.database.connection() as conn:
        with pytest.raises(NotFound):
            bundles.bundle(conn, "0000000000")
        with pytest.raises(Refused, match="not sealed yet"):
            bundles.bundle(conn, reference)


def test_a_bundle_made_before_holds_whatever_is_done_to_the_log(desk: TestDesk) -> None:
    bundle, _ = made(desk)
    with desk.store.database.connection() as conn:
        conn.execute("delete from desk.events where notification_id = 2")
        conn.execute("update desk.events set state = 'x' where notification_id = 1")
        conn.execute("update desk.events set notification_id = 2 where notification_id = 4")
        conn.execute("delete from desk.events where notification_id = 5")
        fill(conn, 3)

    assert verify(bundle, KEY)


# ---------------------------------------------------------------- signatures


@settings(max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_signatures_are_believed_as_the_library_does(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8

    assert verifier.signed_by(public, message, signature)
    assert not verifier.signed_by(public, message, bytes(flipped))
    assert not verifier.signed_by(public, message + b"!", signature)


def test_the_rfcs_own_vector_is_believed() -> None:
    """RFC 8032, section 7.1, test 2."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )

    assert verifier.signed_by(public, b"\x72", signature)
    assert not verifier.signed_by(public, b"\x73", signature)
