"""How does an operator tell the desk where things are?

Environment variables `RECOVERY_*`, or the same names in an `.env` file in the working directory.
Each is documented in docs/settings.md; a wrong or unknown one stops the program with a sentence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import time
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies
from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from recovery import forgotten
from recovery.errors import Invalid, RecoveryError
from recovery.paying.account import Party
from web.mail.teams import Team, addresses, teams
from web.paying.payers import payers
from web.paying.signing import secret

PREFIX = "RECOVERY_"
_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
TEST_PREFIX = "RECOVERY_TEST_"
"""Variables of the test suite; no business of the program's."""
ENV_FILE = Path(".env")


class SettingsError(RecoveryError):
    """A setting is wrong; the text names it and says what it may be."""


class Settings(BaseSettings):
    """What an operator may set; the defaults are a desk on this machine alone."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True
    )

    data: Path = Path("data")
    """Folder of the embedded database and the keys made on the first run."""
    database_url: SecretStr | None = None
    """postgresql://… of another server; it replaces the embedded one."""
    secret_key: SecretStr | None = None
    """What sessions and tokens are signed with; at least 32 characters."""
    master_key: SecretStr | None = None
    """What the vault's keys are wrapped with: 32 bytes in base64 or hexadecimal."""
    base_url: str = "http://127.0.0.1:8000"
    """Where people reach the desk; links in letters begin with it."""
    framed_by: str = ""
    """Sites that may show the complainants' form in a frame, with commas between them."""
    proxies: str = "127.0.0.1"
    """Whose word on who asks is taken: addresses or networks, with commas between them."""
    smtp_url: SecretStr | None = None
    """smtp://user:password@host:587 or smtps://…; without it, mail is caught."""
    mail_from: str = "complaints@recovery.example"
    """Address that letters come from."""
    mail_teams: str = ""
    """Whose letters come from another address, like "billing: Billing team <billing@…>; …"."""
    mail_addresses: str = ""
    """Further addresses of the desk, with commas between them."""
    mail_authserv: str = ""
    """The names our border signs Authentication-Results with, with commas between them."""
    mail_policy: str = "house"
    """Policy of complaints that come by mail."""
    mail_reply_tokens: bool = False
    """Whether letters are answered at signed addresses such as desk+token@desk.example."""
    mail_dkim_key: Path | None = None
    """File with the RSA private key (PEM) that letters are signed with (DKIM)."""
    mail_dkim_selector: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,63}$")] = "recovery"
    """Under which name receivers look the public key up: selector._domainkey.domain."""
    mail_domain_limit: Annotated[int, Field(ge=0, le=10_000)] = 60
    """How many letters a worker sends to one domain within a minute; 0: as many as there are."""
    mail_pause: Annotated[int, Field(ge=0, le=3600)] = 15
    """For how many seconds a letter that a person wrote can be cancelled before it leaves."""
    mail_limit: Annotated[int, Field(ge=65_536, le=268_435_456)] = 52_428_800
    """Largest message that is taken, in bytes."""
    daily_mail: str = "07:00"
    """From when on supervisors get their daily mail, in `time_zone`; empty: none."""
    imap_url: SecretStr | None = None
    """imaps://user:password@host/INBOX: a mailbox that mail is fetched from."""
    lmtp_listen: str = ""
    """host:port on which a mail server may hand mail over (LMTP)."""
    smtp_listen: str = ""
    """host:port on which mail is taken directly (SMTP)."""
    organisation: Annotated[str, Field(min_length=1, max_length=100)] = "Recovery"
    """Name of the organisation, as letters and pages show it."""
    language: Literal["en", "zh"] = "en"
    """Of pages where neither the person nor the browser says, and of letters likewise."""
    time_zone: str = "Europe/London"
    """In which pages show instants to people who chose none (IANA name)."""
    currency: str = "GBP"
    """That forms suggest (ISO 4217)."""
    pay_from: str = ""
    """Accounts that money is sent from, like "GBP: Power Ltd, 20-00-00 12345678; EUR: …"."""
    pay_webhook_url: str = ""
    """https://… of a program that pays."""
    pay_webhook_secrets: SecretStr | None = None
    """What messages of payment are signed with: whsec_…; an older one after a comma."""
    session_hours: Annotated[int, Field(ge=1, le=720)] = 12
    """After how many hours a person signs in again."""
    body_limit: Annotated[int, Field(ge=1024, le=1_073_741_824)] = 1_048_576
    """Largest request that is taken, in bytes."""
    seal_key: SecretStr | None = None
    """What the seal of the log is signed with: 32 bytes in base64 or hexadecimal."""
    seal_every: Annotated[int, Field(ge=1, le=86_400)] = 60
    """Seconds from one signed head of the log to the next."""
    backup_passphrase: Annotated[SecretStr, Field(min_length=16)] | None = None
    """What backups are encrypted with; at least 16 characters."""
    seal_folder: Path | None = None
    """Where every signed head is written too: best a place that the desk cannot change later."""
    forgotten_folder: Path | None = None
    """Where the list of who was forgotten is written: best where no backup of the database goes."""
    scrub_hours: Annotated[int, Field(ge=0, le=720)] = 24
    """After how many hours at most what was forgotten leaves the files of the database too."""
    readings_days: Annotated[int, Field(ge=1, le=36_500)] = 730
    """For how many days it is kept who looked at what."""
    audit_readers: str = ""
    """Addresses of supervisors who may see the complaints behind an audit, with commas between
    them; empty: all may."""
    database_connections: Annotated[int, Field(ge=2, le=100)] = 8
    """Connections to the database that one process holds at most, per pool."""

    def may_look_into_audits(self, email: str) -> bool:
        """Whether this person may see the complaints behind an audit."""
        readers = [each.strip().lower() for each in self.audit_readers.split(",") if each.strip()]
        return not readers or email.lower() in readers

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in ("smtp", "smtps"):
            raise ValueError("must begin with smtp:// or smtps://")
        return value

    @field_validator("daily_mail")
    @classmethod
    def _is_an_hour(cls, value: str) -> str:
        if value and not _HOUR.fullmatch(value):
            raise ValueError("must be an hour such as 07:00, or empty")
        return value

    @field_validator("imap_url")
    @classmethod
    def _is_mailbox(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
                raise ValueError("must look like imaps://user:password@host/INBOX")
        return value

    @field_validator("lmtp_listen", "smtp_listen")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        host, mark, port = value.rpartition(":")
        if value and not (mark and host and port.isdecimal() and int(port) < 65_536):
            raise ValueError("must be a host and a port such as 127.0.0.1:2424")
        return value

    @field_validator("proxies")
    @classmethod
    def _is_networks(cls, value: str) -> str:
        try:
            for each in value.split(",") if value else ():
                ip_network(each.strip())
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None
        return value

    @field_validator("framed_by")
    @classmethod
    def _is_sites(cls, value: str) -> str:
        for each in value.split(",") if value else ():
            if not _SITE.fullmatch(each.strip()):
                raise ValueError("must be sites such as https://www.example.org")
        return value

    @field_validator("mail_teams")
    @classmethod
    def _is_teams(cls, value: str, given: ValidationInfo) -> str:
        desk = parseaddr(given.data.get("mail_from", ""))[1]
        try:
            teams(value, domain=desk.rpartition("@")[2])
        except Invalid as wrong:
            raise ValueError(str(wrong)) from None
        return value

    @field_validator("pay_from")
    @classmethod
    def _is_accounts(cls, value: str) -> str:
        try:
            payers(value)
        except Invalid as wrong:
            raise ValueError(str(wrong)) from None
        return value

    @field_validator("pay_webhook_secrets")
    @classmethod
    def _is_secrets(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            for each in value.get_secret_value().split(",") if value else ():
                secret(each)
        except Invalid as wrong:
            raise ValueError(str(wrong)) from None
        return value

    @field_validator("base_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("must begin with http:// or https:// and name a host")
        return value.rstrip("/")

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be an IANA time zone such as Europe/London") from None
        return value

    @field_validator("currency")
    @classmethod
    def _is_a_currency(cls, value: str) -> str:
        if value not in list_currencies():
            raise ValueError("must be a currency code such as GBP")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @property
    def daily_from(self) -> time | None:
        """The hour of the daily mail."""
        return time.fromisoformat(self.daily_mail) if self.daily_mail else None

    @property
    def framing_sites(self) -> tuple[str, ...]:
        """Who may show the form in a frame."""
        return tuple(each.strip() for each in self.framed_by.split(",") if each.strip())

    @property
    def payers(self) -> dict[str, Party]:
        """Our account for each currency."""
        return payers(self.pay_from)

    @property
    def pay_keys(self) -> list[bytes]:
        """What messages of payment are signed with; the first one is ours to sign with."""
        given = self.pay_webhook_secrets.get_secret_value() if self.pay_webhook_secrets else ""
        return [secret(each) for each in given.split(",") if each.strip()]

    @property
    def teams(self) -> dict[str, Team]:
        """Who letters about a category come from."""
        return teams(self.mail_teams, domain=parseaddr(self.mail_from)[1].rpartition("@")[2])

    @property
    def mail_here(self) -> tuple[str, ...]:
        """Every address of the desk, lower case."""
        named = [
            parseaddr(self.mail_from)[1], *addresses(self.teams), *self.mail_addresses.split(",")
        ]  # fmt: skip
        return tuple(address.strip().lower() for address in named if address.strip())

    @property
    def forgotten_list(self) -> Path:
        """Who was forgotten, to be forgotten again after a restore."""
        return (self.forgotten_folder or self.data) / forgotten.FILE

    @property
    def embedded(self) -> bool:
        return self.database_url is None

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")


def load() -> Settings:
    """The settings of this process; raises SettingsError for the first one that is wrong."""
    _refuse_unknown(os.environ)
    _refuse_unknown(dotenv_values(ENV_FILE))
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "A setting"
        raise SettingsError(f"{name} {_plain(first['msg'])}.") from None


def names() -> list[str]:
    """Every variable that is understood."""
    return [PREFIX + field.upper() for field in Settings.model_fields]


def _refuse_unknown(given: Mapping[str, str | None]) -> None:
    known = set(names())
    for name in sorted(given):
        ours = name.upper().startswith(PREFIX) and not name.upper().startswith(TEST_PREFIX)
        if ours and name.upper() not in known:
            raise SettingsError(f"{name} is not a setting. There are: {', '.join(sorted(known))}.")


def _plain(message: str) -> str:
    for said, meant in (("Value error, ", ""), ("Input should be ", "must be ")):
        message = message.replace(said, meant)
    return message[0].lower() + message[1:]
