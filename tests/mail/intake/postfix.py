"""A real mail server for the tests: Postfix, where it is installed and we are root.

It has a folder of its own for everything, listens on a free port of the loopback, hands the desk's
mail over by LMTP, delivers the complainant's mail into a Maildir, and sends back what it cannot
deliver.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:5.1.2 no such domain in this test
relay_domains = desk.example
transport_maps = inline:{{ desk.example=lmtp:inet:127.0.0.1:{desk} }}
virtual_mailbox_domains = home.example
virtual_mailbox_base = {folder}/homes
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
virtual_minimum_uid = 1
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit
smtpd_reject_unlisted_recipient = no
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A server that runs; `url` is where the desk sends its letters to."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"smtp://127.0.0.1:{port}?starttls=never"
        self.port = port

    def inbox(self) -> list[EmailMessage]:
        """What Mr Lee has got, oldest first."""
        files = sorted((self.folder / "homes" / "lee" / "new").glob("*"), key=os.path.getmtime)
        return [
            cast("EmailMessage", message_from_bytes(file.read_bytes(), policy=default))
            for file in files
        ]

    def close_mailbox(self) -> None:
        """Mr Lee has no mailbox any more."""
        (self.folder / "mailboxes").write_text("")
        _postfix(self.folder, "reload")

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


def usable() -> bool:
    """Postfix starts its parts under other names, which only root may."""
    found = shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin")
    return found is not None and os.getuid() == 0


@contextmanager
def running(*, desk: int) -> Iterator[Postfix]:
    """A server until the end of the block; the desk takes LMTP at this port."""
    with tempfile.TemporaryDirectory(prefix="postfix-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        port, owner = _free_port(), pwd.getpwnam("postfix").pw_uid
        for place in ("etc", "queue", "data", "homes"):
            (folder / place).mkdir()
        for place in ("data", "homes"):
            os.chown(folder / place, owner, owner)
        (folder / "etc" / "main.cf").write_text(_MAIN.format(folder=folder, desk=desk, owner=owner))
        (folder / "etc" / "master.cf").write_text(_MASTER.format(port=port))
        (folder / "mailboxes").write_text("lee@home.example lee/\n")
        found = Postfix(folder, port)
        _postfix(folder, "start")
        try:
            _wait_for(port)
            yield found
        finally:
            _postfix(folder, "stop")


def _postfix(folder: Path, command: str) -> None:
    done = subprocess.run(
        ["/usr/sbin/postfix", "-c", str(folder / "etc"), command], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr + done.stdout


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                if connection.recv(3) == b"220":
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Postfix did not start")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
