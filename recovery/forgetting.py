"""How is a complainant forgotten, so that nothing of them is left anywhere?"""

from __future__ import annotations

from datetime import datetime

from recovery.events import Forgotten, Recorded, complainant_stream
from recovery.mailbox import forget_mail
from recovery.store import Done, Store
from recovery.vault import Vault


def forget(
    store: Store, vault: Vault, complainant: str, *, by: str, at: datetime, reason: str
) -> Done:
    """Delete the key and papers and record that it was done, as one transaction.

    The event names every complaint they stand in, for the projections to scrub. Raises Conflict.
    """
    stream = complainant_stream(complainant)
    version = len(store.records(stream)) + 1
    with store.database.connection() as conn, conn.transaction():
        vault.forget(conn, complainant)
        forget_mail(conn, complainant)
        complaints = store.complaints_of(conn, complainant)
        event = Forgotten(at=at, by=by, reason=reason, complaints=complaints)
        return store.append([Recorded(stream, version, event)], within=conn)
