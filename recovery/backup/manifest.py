"""What does a backup say of itself, and can it be believed?

`backup.json` is written last and lists every file with its digest; `SHA256SUMS` has the same for
`sha256sum -c`. Where the backup is encrypted, the list is signed with the passphrase's key too.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from recovery.backup.locking import Lock, Locker
from recovery.backup.parts import KEYS, Since
from recovery.errors import Refused

FILE, SUMS, APART = "backup.json", "SHA256SUMS", "keys"
FORMAT = "recovery-backup/1"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a table in a file."""

    table: str
    columns: tuple[str, ...]
    file: str
    rows: int
    size: int
    """Bytes of the file."""
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder holds."""

    format: str = FORMAT
    id: str
    made_at: datetime
    schema: str
    """Of the database: its newest migration."""
    reached: Since
    after: str = ""
    """The backup whose increment it is; empty for a whole one."""
    files: tuple[Kept, ...] = ()
    lists: dict[str, str] = {}
    """What else lies there: digests by name."""
    lock: Lock | None = None
    proof: str = ""
    """Of all this, under the passphrase's key."""

    @property
    def holds_keys(self) -> bool:
        return [kept.table for kept in self.files] == [KEYS]

    @property
    def rows(self) -> int:
        return sum(kept.rows for kept in self.files)

    @property
    def size(self) -> int:
        return sum(kept.size for kept in self.files)


def write(folder: Path, manifest: Manifest, locker: Locker | None) -> Manifest:
    """Write the lists into a folder whose files are complete."""
    proved = msgspec.structs.replace(manifest, proof=_proof(manifest, locker) if locker else "")
    text = msgspec.json.format(msgspec.json.encode(proved)) + b"\n"
    sums = {kept.file: kept.sha256 for kept in proved.files} | proved.lists
    sums |= {FILE: sha256(text).hexdigest()}
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))
    (folder / FILE).write_bytes(text)
    return proved


def read(folder: Path, passphrase: str = "") -> tuple[Manifest, Locker | None]:
    """What the folder holds, and what opens it; raises Refused where it is no whole backup."""
    try:
        manifest = msgspec.json.decode((folder / FILE).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise Refused(f"{folder} is not a backup: it has no {FILE}.") from None
    except (OSError, msgspec.DecodeError) as error:
        raise Refused(f"{folder / FILE} cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise Refused(f"{folder} was made by other software: its format is {manifest.format}.")
    for kept in manifest.files:
        _require_whole(folder, kept)
    for name, digest in manifest.lists.items():
        if _digest(folder, Path(name).name) != digest:
            raise Refused(f"{folder / name} was changed: its digest is another one.")
    if manifest.lock is None:
        return manifest, None
    if not passphrase:
        raise Refused(f"{folder} is encrypted: set RECOVERY_BACKUP_PASSPHRASE.")
    locker = Locker(passphrase, manifest.lock)
    if not hmac.compare_digest(manifest.proof, _proof(manifest, locker)):
        raise Refused(f"RECOVERY_BACKUP_PASSPHRASE does not open {folder}, or {FILE} was changed.")
    return manifest, locker


def _require_whole(folder: Path, kept: Kept) -> None:
    if Path(kept.file).name != kept.file:
        raise Refused(f"{folder / FILE} names a file elsewhere: {kept.file}.")
    try:
        size = (folder / kept.file).stat().st_size
    except (OSError, ValueError):  # ValueError: no file can have this name
        raise Refused(f"{folder} is not whole: it lacks {kept.file!r}.") from None
    if size != kept.size:
        raise Refused(f"{folder / kept.file} is not whole: {size:,} bytes of {kept.size:,}.")


def _digest(folder: Path, name: str) -> str:
    try:
        return sha256((folder / name).read_bytes()).hexdigest()
    except (OSError, ValueError):
        raise Refused(f"{folder} is not whole: it lacks {name!r}.") from None


def _proof(manifest: Manifest, locker: Locker) -> str:
    bare = msgspec.structs.replace(manifest, proof="")
    return hmac.digest(locker.key_for(FILE), msgspec.json.encode(bare), sha256).hex()
