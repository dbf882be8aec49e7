"""Where do personal words lie, and how are they forgotten?

A paper is a small piece of personal content: a letter, a note, contact details, an attachment.
Each is sealed with AES-256-GCM under the key of the complainant it belongs to; that key is wrapped
with the master key. Deleting the key is forgetting. Events carry `PaperRef` only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recovery.events import PaperRef

KEY_BYTES = 32
_NONCE, _TAG = 12, 16
LARGE = 1_000_000
"""Bytes of a paper that goes to the database and comes from it in pieces: what the protocol holds
of a value is held several times over, and kept by the connection."""
_ROWS = """
select paper, case when large is null then sealed end, owner, wrapped, large
from (select p.paper, p.sealed, k.owner, k.wrapped,
  case when octet_length(p.sealed) > %s then octet_length(p.sealed) end as large
 from desk.papers p join desk.vault_keys k using (owner) where p.paper = any(%b)) found
"""
_COPY = "copy desk.papers (paper, owner, sealed) from stdin (format binary)"
_BEGINS, _ENDS = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_PIECE = 262_144
T = TypeVar("T")
Row = tuple[str, bytes | bytearray, str, bytes]
"""Paper, sealed content, owner, wrapped key."""
Ciphers = dict[str, AESGCM]
"""By owner: those that were needed so far, for as long as one page or answer is made."""


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to reach a complainant."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


class Words(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody said: a complaint, a message, a note, the reason of an act."""

    text: str
    subject: str = ""


class Said(Words, frozen=True, omit_defaults=True):
    """What a message said, and who sent it; reads as Words."""

    sender: str = ""
    name: str = ""
    verdicts: dict[str, str] = {}
    """What our border found out about the sender: spf, dkim, dmarc."""
    mail: str = ""
    """The message it was said in."""


class KeptFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that came along, and where its content lies."""

    content: PaperRef
    name: str
    type: str
    """By its content."""
    size: int
    risks: tuple[str, ...] = ()
    """Why to be careful with it: codes."""


class Files(Words, frozen=True, omit_defaults=True):
    """The files that came with something; reads as Words that name them."""

    files: tuple[KeptFile, ...] = ()


class WrittenLetter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter exactly as it is sent."""

    to: str
    name: str
    subject: str
    text: str
    html: str
    files: tuple[KeptFile, ...] = ()
    """What goes along."""


class VaultError(Exception):
    """The master key does not fit, or a stored paper was altered: then `paper` is its id."""

    def __init__(self, message: str, *, paper: str = "") -> None:
        super().__init__(message)
        self.paper = paper


class SealedPaper(msgspec.Struct, frozen=True):
    """A paper ready to be stored."""

    ref: PaperRef
    owner: str
    sealed: bytes | bytearray


class SealedKey(msgspec.Struct, frozen=True):
    """A complainant's key, wrapped, ready to be stored."""

    owner: str
    wrapped: bytes


class Vault:
    """Seals and opens papers; the tables are `desk.vault_keys` and `desk.papers`."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise VaultError("The master key must be 32 bytes.")
        self.master_key = master_key
        self._master = AESGCM(master_key)

    # ------------------------------------------------------------ keys

    def new_key(self, owner: str) -> tuple[bytes, SealedKey]:
        """A fresh key for the owner, and the wrapped form to store."""
        key = secrets.token_bytes(KEY_BYTES)
        nonce = os.urandom(_NONCE)
        return key, SealedKey(owner, nonce + self._master.encrypt(nonce, key, owner.encode()))

    def unwrap(self, owner: str, wrapped: bytes) -> bytes:
        """The owner's key; raises VaultError when the master key does not fit."""
        try:
            return self._master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], owner.encode())
        except InvalidTag:
            raise VaultError(
                "RECOVERY_MASTER_KEY does not open this vault: it was sealed with another key."
            ) from None

    def key_of(self, conn: psycopg.Connection[Any], owner: str) -> bytes | None:
        """The key the owner has already, or None."""
        found = conn.execute(
            "select wrapped from desk.vault_keys where owner = %s", (owner,)
        ).fetchone()
        return self.unwrap(owner, found[0]) if found else None

    # ------------------------------------------------------------ papers

    @staticmethod
    def seal(key: bytes, owner: str, content: msgspec.Struct | bytes) -> SealedPaper:
        """Encrypt one paper; a record is stored as JSON."""
        plain = content if isinstance(content, bytes) else msgspec.json.encode(content)
        paper = secrets.token_hex(16)
        nonce = os.urandom(_NONCE)
        sealed = bytearray(_NONCE + len(plain) + _TAG)
        sealed[:_NONCE] = nonce
        AESGCM(key).encrypt_into(nonce, plain, paper.encode(), memoryview(sealed)[_NONCE:])
        ref = PaperRef(paper, hashlib.sha256(sealed).hexdigest())
        return SealedPaper(ref, owner, sealed if len(sealed) > LARGE else bytes(sealed))

    def open_many(self, conn: psycopg.Connection[Any], papers: Iterable[str]) -> dict[str, bytes]:
        """The content of each paper that still has its key; forgotten ones are absent.

        Raises VaultError when one was altered.
        """
        return self.open_rows(self.sealed(conn, papers))

    def open_readable(
        self, conn: psycopg.Connection[Any], papers: Iterable[str]
    ) -> tuple[dict[str, bytes], list[str]]:
        """Likewise, for a reader whom one altered paper must not keep from the others: the content
        of those that can be read, and the ids of those that were altered.
        """
        return self._open(self.sealed(conn, papers))

    def open_rows(self, rows: Iterable[Row]) -> dict[str, bytes]:
        """Open rows of (paper, sealed, owner, wrapped key); raises VaultError."""
        opened, altered = self._open(rows)
        for paper in altered:
            raise VaultError(f"Paper {paper} was altered in the database.", paper=paper)
        return opened

    @staticmethod
    def sealed(conn: psycopg.Connection[Any], papers: Iterable[str]) -> list[Row]:
        """The papers that still have their key, as they lie there."""
        wanted = list(dict.fromkeys(papers))
        if not wanted:
            return []
        found = conn.execute(_ROWS, (LARGE, wanted), prepare=True, binary=True).fetchall()
        return [
            (paper, sealed if size is None else _in_pieces(conn, paper, size), owner, wrapped)
            for paper, sealed, owner, wrapped, size in found
        ]

    def opened(self, row: Row, ciphers: Ciphers) -> bytes | None:
        """The content of a paper, None where it was altered.

        Raises VaultError when the master key does not fit.
        """
        paper, sealed, owner, wrapped = row
        cipher = ciphers.get(owner)
        if cipher is None:
            cipher = ciphers[owner] = AESGCM(self.unwrap(owner, wrapped))
        try:
            whole = memoryview(sealed)
            return cipher.decrypt(whole[:_NONCE], whole[_NONCE:], paper.encode())
        except (InvalidTag, ValueError):  # ValueError: too short to be one of ours
            return None

    def _open(self, rows: Iterable[Row]) -> tuple[dict[str, bytes], list[str]]:
        ciphers: Ciphers = {}
        opened: dict[str, bytes] = {}
        altered: list[str] = []
        for row in rows:
            plain = self.opened(row, ciphers)
            if plain is None:
                altered.append(row[0])
            else:
                opened[row[0]] = plain
        return opened, altered

    @staticmethod
    def put(conn: psycopg.Connection[Any], papers: Sequence[SealedPaper]) -> None:
        """Write large papers down in pieces, within the caller's transaction."""
        if not papers:
            return
        with conn.cursor().copy(_COPY) as copy:
            copy.write(_BEGINS)
            for paper in papers:
                copy.write(b"\0\3" + _field(paper.ref.paper) + _field(paper.owner))
                copy.write(len(paper.sealed).to_bytes(4))
                whole = memoryview(paper.sealed)
                for start in range(0, len(whole), _PIECE):
                    copy.write(whole[start : start + _PIECE])
            copy.write(_ENDS)

    @staticmethod
    def hold(conn: psycopg.Connection[Any], owners: Iterable[str]) -> bool:
        """Keep the owners' keys until the transaction ends; False where one is not there."""
        wanted = list(set(owners))
        if not wanted:
            return True
        held = conn.execute(
            "select from desk.vault_keys where owner = any(%s) for key share", (wanted,)
        )
        return held.rowcount == len(wanted)

    @staticmethod
    def forget(conn: psycopg.Connection[Any], owner: str) -> int:
        """Delete the owner's key and papers; returns how many papers went.

        The key goes first: that waits for commands that are sealing under it, and none follows.
        """
        return Vault.forget_all(conn, [owner])

    @staticmethod
    def forget_all(conn: psycopg.Connection[Any], owners: Sequence[str]) -> int:
        """Likewise for several owners."""
        keys = "delete from desk.vault_keys where owner = any(%s)"
        papers = "delete from desk.papers where owner = any(%s)"
        conn.execute(keys, (list(owners),), prepare=True)
        return conn.execute(papers, (list(owners),), prepare=True).rowcount


def _in_pieces(conn: psycopg.Connection[Any], paper: str, size: int) -> bytearray:
    """The sealed bytes of a large paper; short of some where it went meanwhile."""
    whole = bytearray()
    for start in range(1, size + 1, _PIECE):
        piece = conn.execute(
            "select substring(sealed from %s for %s) from desk.papers where paper = %s",
            (start, _PIECE, paper), prepare=True, binary=True,
        ).fetchone()  # fmt: skip
        whole += piece[0] if piece else b""
    return whole


def _field(text: str) -> bytes:
    """As PostgreSQL's binary COPY has it: the length, then the bytes."""
    found = text.encode()
    return len(found).to_bytes(4) + found


def read(papers: Mapping[str, bytes], ref: PaperRef | None, kind: type[T]) -> T | None:
    """The record a reference points to, or None when there is none or it was forgotten."""
    plain = papers.get(ref.paper) if ref else None
    return msgspec.json.decode(plain, type=kind) if plain is not None else None
