"""How does an answer prove that it answers a letter of ours? By the address it comes to."""

from recovery.envelope import address, among, read, write

__all__ = ["address", "among", "read", "write"]
