"""In whose name does a command act?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.accounts import Accounts

OPERATOR = "system:operator"
"""Whoever may run commands on this machine, where nobody was named."""


def supervisor(accounts: Accounts, address: str) -> str:
    """Whose address it is, as events name them; raises Invalid, and Forbidden for who may not."""
    from recovery.errors import Forbidden

    user = accounts.named(address)
    if not user.may("supervisor"):
        raise Forbidden(f"{user.email} may not do this: it takes a supervisor.")
    return user.by


def operator_or(accounts: Accounts, address: str) -> str:
    """The supervisor whose address it is; the operator where it is empty."""
    return supervisor(accounts, address) if address else OPERATOR
