"""Where do the keys of a desk come from?

From the settings; on the embedded default from files in the data folder that the first run makes,
readable by their owner only.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from recovery.vault import KEY_BYTES
from web.settings import Settings, SettingsError

_MAKE_ONE = (
    'python3 -c "import secrets, base64; print(base64.b64encode(secrets.token_bytes(32)).decode())"'
)


def secret_key(settings: Settings) -> bytes:
    """What sessions and tokens are signed with."""
    return _key("RECOVERY_SECRET_KEY", settings.secret_key, settings, "secret.key").encode()


def master_key(settings: Settings) -> bytes:
    """What the vault's keys are wrapped with: 32 bytes."""
    name = "RECOVERY_MASTER_KEY"
    return _decode(name, _key(name, settings.master_key, settings, "master.key"))


def seal_key(settings: Settings) -> bytes:
    """What the heads of the log are signed with: 32 bytes."""
    name = "RECOVERY_SEAL_KEY"
    return _decode(name, _key(name, settings.seal_key, settings, "seal.key"))


def _key(name: str, given: SecretStr | None, settings: Settings, file: str) -> str:
    if given is not None:
        return given.get_secret_value()
    if not settings.embedded:
        raise SettingsError(
            f"{name} is required with RECOVERY_DATABASE_URL. Make one with {_MAKE_ONE}"
        )
    return _read_or_make(settings.data / file)


def _read_or_make(path: Path) -> str:
    """The content of the key file; of two processes that make it at once, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails where the file exists already, unlike a rename
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _decode(name: str, text: str) -> bytes:
    for decode in (bytes.fromhex, base64.b64decode, base64.urlsafe_b64decode):
        try:
            key = decode(text.strip())
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    raise SettingsError(
        f"{name} must be 32 bytes in base64 or hexadecimal. Make one with {_MAKE_ONE}"
    )
