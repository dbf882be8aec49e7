"""How is a file encrypted that is too large for the memory, so that no part of it can be left out?

Under a key of its own, which follows from the passphrase (scrypt, then HKDF with the file's name),
in pieces of AES-256-GCM whose nonces count and say which one is the last.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from recovery.errors import Refused

WORK = 2**16
"""scrypt's cost: 64 MB and a fifth of a second for each guess at a passphrase."""
PIECE = 1 << 20
_LENGTH = 4
_TAG = 16


class Lock(msgspec.Struct, frozen=True):
    """What the key follows from, besides the passphrase."""

    salt: bytes
    work: int = WORK

    @classmethod
    def new(cls) -> Lock:
        return cls(os.urandom(16))


class Locker:
    """Encrypts and decrypts the files of one backup."""

    def __init__(self, passphrase: str, lock: Lock) -> None:
        if not 2 <= lock.work <= 2**20 or lock.work & (lock.work - 1):
            raise Refused("The backup's list asks for a key that nobody can work out.")
        self._key = Scrypt(salt=lock.salt, length=32, n=lock.work, r=8, p=1).derive(
            passphrase.encode()
        )

    def key_for(self, name: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=name.encode()).derive(self._key)

    def seal(self, name: str, number: int, piece: bytes, *, last: bool) -> bytes:
        """A piece with its length before it."""
        sealed = AESGCM(self.key_for(name)).encrypt(_nonce(number, last), piece, None)
        return len(sealed).to_bytes(_LENGTH) + sealed

    def opened(self, name: str, file: BinaryIO) -> Iterator[bytes]:
        """The pieces of a file; raises Refused where one was changed or the end is missing."""
        cipher, number, length = AESGCM(self.key_for(name)), 0, file.read(_LENGTH)
        while length:
            sealed = file.read(min(int.from_bytes(length), PIECE + _TAG))
            following = file.read(_LENGTH)
            try:
                yield cipher.decrypt(_nonce(number, not following), sealed, None)
            except (InvalidTag, ValueError):
                raise Refused(f"{name} was changed: it cannot be decrypted.") from None
            number, length = number + 1, following
        if number == 0:
            raise Refused(f"{name} was changed: it is empty.")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
