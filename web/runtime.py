"""What does every process of the desk need before it can do anything?

The database (embedded or elsewhere) with today's schema, and on it the store, the vault, the
policies, the projections, the desk and the accounts. Server, worker and command line all open the
same thing.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from functools import partial
from types import TracebackType

import psycopg
import sqlalchemy.exc
from psycopg_pool import PoolTimeout

from projections.all import PROJECTIONS
from projections.engine import Engine
from recovery.admission import Admission
from recovery.binding import Binder
from recovery.claims import Claims
from recovery.correspondence import Correspondence
from recovery.database import Database
from recovery.desk import Desk
from recovery.embedded import EmbeddedServer
from recovery.feedback import Feedback
from recovery.mailbox import Mailbox
from recovery.paying.batching import Batching
from recovery.paying.payees import Payees
from recovery.policy.library import Policies
from recovery.policybook import ensure_house_policy, learn
from recovery.staff import Staff
from recovery.store import Store
from recovery.taking import Taker
from recovery.vault import Vault
from web import keys
from web.accounts import Accounts
from web.mail.intake.matching import Matcher
from web.paying.taking import answering
from web.settings import Settings
from web.tokens import Tokens

UNREACHABLE = (
    psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError, sqlalchemy.exc.TimeoutError,
)  # fmt: skip
"""What the drivers raise when the database does not answer."""


class Runtime:
    """An open desk; close it, or use it as a context manager."""

    def __init__(
        self, settings: Settings, database: Database, server: EmbeddedServer | None = None
    ) -> None:
        master = keys.master_key(settings)
        self.settings = settings
        self.database = database
        self.server = server
        """The embedded server, where this process holds one."""
        self.store = Store(database)
        self.vault = Vault(master)
        self.policies = Policies(partial(learn, database))
        self.engine = Engine(database, self.vault, self.policies, PROJECTIONS)
        self.outdated: list[str] = []
        """Projections whose code is newer than their rows: `recovery rebuild` renews them."""
        salt = self.complainant_key = _derived(master, "complainants")
        self.desk = Desk(self.store, self.vault, self.policies, salt=salt)
        self.binder = Binder(self.store, self.vault)
        self.taker = Taker(self.store, self.vault)
        self.staff = Staff(self.store, self.vault)
        self.payees = Payees(self.store, self.vault, key=_derived(master, "accounts"))
        self.batching = Batching(self.store, self.vault)
        self.answering = answering(self.store, self.vault)
        self.claims = Claims(self.store, self.vault, self.policies, salt=salt)
        self.mailbox = Mailbox(database, self.vault, key=_derived(master, "mail"))
        self.correspondence = Correspondence(
            self.store, self.vault, self.policies, self.mailbox, salt=salt
        )
        self.admission = Admission(self.store, self.vault, self.mailbox)
        self.reply_key = _derived(master, "replies")
        """What the tokens of addresses for answers are signed with."""
        self.matcher = Matcher(self.store, self.vault, salt=salt, token_key=self.reply_key)
        self.reference_key = _derived(master, "references")
        """For `recovery.reference.derive`: references of complaints that have a name elsewhere."""
        self.door_key = _derived(master, "door")
        """For the links that complainants get."""
        self.feedback = Feedback(self.store, self.vault)
        self.request_key = _derived(master, "requests")
        """For digests of what programs asked."""
        self.accounts = Accounts(database, keys.secret_key(settings))
        self.tokens = Tokens(database, self.accounts)

    @classmethod
    def open(cls, settings: Settings) -> Runtime:
        """Start or reach the database and bring its schema up to date.

        Raises SettingsError and StoreUnavailable, each with a sentence for the operator.
        """
        keys.master_key(settings)  # before anything is started: a missing key is said at once
        server = None if settings.database_url else EmbeddedServer(settings.data / "postgresql")
        url = server.start() if server else _url(settings)
        database = Database(url, size=settings.database_connections)
        try:
            database.open()
            database.migrate()
            runtime = cls(settings, database, server)
            runtime.prepare(now=datetime.now(UTC))
            return runtime
        except BaseException:
            database.close()
            if server:
                server.stop()
            raise

    def prepare(self, *, now: datetime) -> None:
        """Make the tables of the projections, and put the house policy in force on a first run."""
        self.outdated = self.engine.ensure()
        ensure_house_policy(self.store, self.policies, at=now, vault=self.vault)

    def close(self) -> None:
        self.database.close()
        if self.server:
            self.server.stop()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def _url(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


def _derived(master: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that none of them gives another away."""
    return hmac.digest(master, f"recovery/{purpose}".encode(), hashlib.sha256)
