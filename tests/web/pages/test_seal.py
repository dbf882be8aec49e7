"""Can anybody see the heads, and can a program follow a proof to them?"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable

import msgspec
import pytest
from starlette.testclient import TestClient

from projections import seal
from recovery import merkle
from recovery import seal as seals
from recovery.database import Database
from tests.cast import ANA, HOUR, NINE
from tests.desks import MR_LEE
from tests.seal.test_seal import SIGNER, fill, logged
from tests.web.pages.hands import Hands
from web.runtime import Runtime
from web.verifier.verify import verify

Program = Callable[..., TestClient]


@pytest.fixture
def heads(runtime: Runtime, database: Database) -> list[bytes]:
    """Two heads over a log; the hashes of its leaves."""
    with database.connection() as conn:
        for n in range(2):
            fill(conn, 5 + n)
            seal.seal(conn, SIGNER, NINE + n * HOUR)
        return logged(conn)


def _bytes(found: list[str]) -> list[bytes]:
    return [b64decode(each) for each in found]


def test_a_program_follows_a_proof_to_a_signed_head(program: Program, heads: list[bytes]) -> None:
    client = program("ana")
    found = client.get("/api/v1/seal/proof", params={"position": 3}).json()
    head = seals.read(found["head"]["note"], SIGNER.key)

    assert b64decode(found["leaf_hash"]) == heads[2]
    assert merkle.is_included(heads[2], 2, head.size, _bytes(found["path"]), head.root)


def test_a_program_sees_that_the_log_only_grew(program: Program, heads: list[bytes]) -> None:
    client = program("ana")
    first = client.get("/api/v1/seal/heads", params={"limit": 1}).json()["heads"][0]
    found = client.get("/api/v1/seal/consistency", params={"from": first["size"]}).json()
    roots = b64decode(found["from"]["root"]), b64decode(found["to"]["root"])
    sizes = found["from"]["size"], found["to"]["size"]

    assert found["from"] == first
    assert merkle.is_consistent(sizes[0], roots[0], sizes[1], roots[1], _bytes(found["path"]))


def test_heads_are_told_page_by_page(program: Program, heads: list[bytes]) -> None:
    client = program("ana")
    first = client.get("/api/v1/seal/heads", params={"limit": 1}).json()
    rest = client.get("/api/v1/seal/heads", params={"after": first["cursor"]}).json()

    assert (len(first["heads"]), len(rest["heads"]), rest["cursor"]) == (1, 1, None)
    assert rest["heads"][0] == rest["newest"]


@pytest.mark.parametrize(
    ("call", "status"),
    [("proof?position=999999", 404), ("proof?position=1&size=1", 404),
     ("consistency?from=1", 404), ("proof?position=0", 422), ("proof?position=99e9", 422)],
)  # fmt: skip
def test_what_was_not_signed_has_no_proof(
    program: Program,
    heads: list[bytes],
    call: str,
    status: int,
) -> None:
    assert program("ana").get(f"/api/v1/seal/{call}").status_code == status


def test_anybody_sees_the_newest_head(stranger: TestClient, heads: list[bytes]) -> None:
    page, told = stranger.get("/seal").text, stranger.get("/seal.json").json()

    assert seals.read(told["heads"][0]["note"], SIGNER.key).size == len(heads)
    assert told["heads"][0]["key"] in page
    assert SIGNER.sign(1, b"", NINE).name in page


def test_the_seal_of_an_empty_desk_says_so(stranger: TestClient, runtime: Runtime) -> None:
    assert "Nothing is sealed yet." in stranger.get("/seal").text


@pytest.mark.parametrize("name", ["verify.html", "verify.py"])
def test_the_verifiers_are_there_for_everybody_to_keep(stranger: TestClient, name: str) -> None:
    found = stranger.get(f"/seal/{name}")

    assert found.headers["content-disposition"].startswith(f'attachment; filename="{name}"')
    assert "recovery-bundle/1" in found.text
    assert stranger.get("/seal/else.py").status_code == 404


def test_an_agent_hands_over_a_bundle(ana: Hands, runtime: Runtime, database: Database) -> None:
    done = runtime.desk.receive(by=ANA, at=NINE, description="No heating.", contact=MR_LEE)
    runtime.engine.catch_up()
    address = f"/complaints/{done.stream.partition('-')[2]}/bundle.json"
    early = ana.client.get(address)
    with database.connection() as conn:
        seal.seal(conn, SIGNER, NINE)

    assert "not sealed yet" in early.text
    assert verify(msgspec.json.decode(ana.client.get(address).content))


def test_a_bundle_is_not_for_strangers(stranger: TestClient, runtime: Runtime) -> None:
    assert stranger.get("/complaints/7GQ2M4XK9T/bundle.json").status_code == 303
