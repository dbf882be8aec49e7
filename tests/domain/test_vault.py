"""Are personal words unreadable without the key, and noticed when altered?"""

from __future__ import annotations

import hashlib

import pytest

from recovery.vault import Contact, Vault, VaultError, Words, read


def opened(vault: Vault, sealed: bytes, paper: str, owner: str, wrapped: bytes) -> dict[str, bytes]:
    return vault.open_rows([(paper, sealed, owner, wrapped)])


def test_a_paper_is_read_with_its_owners_key_only(vault: Vault) -> None:
    key, lee = vault.new_key("lee")
    _, wang = vault.new_key("wang")
    paper = vault.seal(key, "lee", Contact(name="Mr Lee", email="lee@example.org"))

    found = opened(vault, paper.sealed, paper.ref.paper, "lee", lee.wrapped)

    assert read(found, paper.ref, Contact) == Contact(name="Mr Lee", email="lee@example.org")
    assert b"Lee" not in paper.sealed
    with pytest.raises(VaultError):
        opened(vault, paper.sealed, paper.ref.paper, "wang", wang.wrapped)


def test_the_digest_is_of_the_sealed_bytes_so_that_it_tells_nothing_about_the_words(
    vault: Vault,
) -> None:
    key, _ = vault.new_key("lee")

    one, two = (vault.seal(key, "lee", Words("yes")) for _ in range(2))

    assert one.ref.digest == hashlib.sha256(one.sealed).hexdigest()
    assert one.ref.digest != two.ref.digest


def test_an_altered_paper_is_noticed(vault: Vault) -> None:
    key, lee = vault.new_key("lee")
    paper = vault.seal(key, "lee", Words("I want my money back."))
    altered = paper.sealed[:-1] + bytes([paper.sealed[-1] ^ 1])

    with pytest.raises(VaultError, match="altered"):
        opened(vault, altered, paper.ref.paper, "lee", lee.wrapped)


def test_another_master_key_opens_nothing(vault: Vault) -> None:
    key, lee = vault.new_key("lee")
    paper = vault.seal(key, "lee", Words("Hello."))

    with pytest.raises(VaultError, match="RECOVERY_MASTER_KEY"):
        opened(Vault(b"x" * 32), paper.sealed, paper.ref.paper, "lee", lee.wrapped)


def test_a_forgotten_paper_reads_as_nothing() -> None:
    paper = Vault(b"m" * 32).seal(b"k" * 32, "lee", Words("Gone."))

    assert read({}, paper.ref, Words) is None
