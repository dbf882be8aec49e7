"""A real IMAP server for the tests: Dovecot, where it is installed, run as this user."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
{users}first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
mailbox_list_index = no
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/home
}}
"""


class Dovecot:
    """A mailbox on it; messages are delivered by putting files into it, as Maildir allows, or by
    LMTP."""

    def __init__(self, folder: Path, port: int, lmtp: int) -> None:
        self.folder = folder
        self.port = port
        self.lmtp = lmtp
        self._delivered = 0

    @property
    def url(self) -> str:
        return f"imap://desk:secret@127.0.0.1:{self.port}/INBOX"

    def deliver(self, content: bytes) -> None:
        self._delivered += 1
        name = f"{int(time.time())}.M{self._delivered:06}P{os.getpid()}.test"
        draft = self.folder / "mail" / "tmp" / name
        draft.write_bytes(content)
        draft.rename(self.folder / "mail" / "new" / name)

    def number_anew(self) -> None:
        """The server forgets how it numbered its messages, and counts under another validity."""
        for file in (self.folder / "mail").glob("dovecot*"):
            file.unlink()
        stamp = f"3 V{int(time.time()) + 1_000} N1 G{'0' * 32}\n"
        uids = self.folder / "mail" / "dovecot-uidlist"
        uids.write_text(stamp)
        os.chown(uids, _owner(), _owner())

    def stored(self) -> list[Path]:
        """The files of the inbox that are marked as read."""
        return [f for f in (self.folder / "mail" / "cur").glob("*") if "S" in f.name.split(",")[-1]]


def installed() -> bool:
    return shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin") is not None


@contextmanager
def running() -> Iterator[Dovecot]:
    """A server that runs until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with _running(Path(name)) as found:
            yield found


@contextmanager
def _running(folder: Path) -> Iterator[Dovecot]:
    port, lmtp = _free_ports()
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program
    file = folder / "dovecot.conf"
    owner = _owner()
    file.write_text(
        _CONFIGURATION.format(
            folder=folder, users=_users(), owner=owner, port=port, lmtp=lmtp
        )
    )  # fmt: skip
    for place in ("mail", "mail/tmp", "mail/new", "mail/cur", "home"):
        (folder / place).mkdir()
        os.chown(folder / place, owner, owner)
    found = Dovecot(folder, port, lmtp)
    server = subprocess.Popen([program, "-F", "-c", str(file)])
    try:
        deadline = time.monotonic() + 20
        while not _answers(port):
            assert server.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "Dovecot did not start"
            time.sleep(0.05)
        yield found
    finally:
        server.terminate()
        server.wait(20)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _owner() -> int:
    """Whose the mailbox is: ours; root, who may be nobody's, lets the server's own user have it."""
    return pwd.getpwnam("dovecot").pw_uid if os.getuid() == 0 else os.getuid()


def _users() -> str:
    """Under which names its parts run: the server's own, where it may choose."""
    if os.getuid() == 0:
        return ""
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    return (
        f"default_internal_user = {user}\ndefault_login_user = {user}\n"
        f"default_internal_group = {group}\n"
    )


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            return connection.recv(10).startswith(b"* OK")
    except OSError:
        return False
