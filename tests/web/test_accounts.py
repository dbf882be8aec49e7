"""Who gets in, and who does not?"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest

from projections.all import PROJECTIONS
from projections.engine import Engine
from recovery.database import Database
from recovery.errors import Invalid, NotFound, Refused
from recovery.policy.library import Policies
from recovery.vault import Vault
from tests.cast import DAY, HOUR, MINUTE, NINE
from web.accounts import (
    AT_ONCE,
    FAILURES_ALLOWED,
    FAILURES_FOR,
    TURNS,
    Accounts,
    SignInRefused,
    User,
)  # fmt: skip
from web.tokens import Tokens

PASSWORD = "put right what went wrong"
SHIFT = timedelta(hours=12)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """The door asks what is hidden from whom, which projections know."""
    Engine(database, Vault(b"m" * 32), Policies(), PROJECTIONS).ensure()
    return Accounts(database, b"s" * 32)


@pytest.fixture
def ana(accounts: Accounts) -> User:
    return accounts.add_user(email="Ana@desk.test", name="Ana", role="agent", password=PASSWORD)


@pytest.fixture
def tokens(database: Database, accounts: Accounts) -> Tokens:
    return Tokens(database, accounts)


def test_ana_signs_in_and_is_found_by_her_token_until_her_shift_ends(
    accounts: Accounts, ana: User
) -> None:
    token, session = accounts.sign_in(
        email=" ana@DESK.test ", password=PASSWORD, now=NINE, lasts=SHIFT
    )

    assert session.user == ana
    assert accounts.session(token, now=NINE + SHIFT - MINUTE) == session
    assert accounts.session(token, now=NINE + SHIFT) is None


def test_who_comes_while_many_passwords_are_looked_at_waits_for_a_turn(
    accounts: Accounts, ana: User
) -> None:
    entered: list[str] = []

    def sign_in() -> None:
        token, _ = accounts.sign_in(email=ana.email, password=PASSWORD, now=NINE, lasts=SHIFT)
        entered.append(token)

    late = threading.Thread(target=sign_in)
    with ExitStack() as turns:
        for _ in range(AT_ONCE):
            turns.enter_context(TURNS)
        late.start()
        late.join(timeout=0.5)
        assert late.is_alive()
        assert not entered
    late.join(timeout=10)

    assert len(entered) == 1


def test_signing_out_ends_the_session_everywhere(accounts: Accounts, ana: User) -> None:
    token, _ = accounts.sign_in(email=ana.email, password=PASSWORD, now=NINE, lasts=SHIFT)

    accounts.sign_out(token)

    assert accounts.session(token, now=NINE) is None


def test_the_database_holds_neither_the_password_nor_the_token(
    accounts: Accounts, ana: User, database: Database
) -> None:
    token, _ = accounts.sign_in(email=ana.email, password=PASSWORD, now=NINE, lasts=SHIFT)

    with database.connection() as conn:
        stored = conn.execute(
            "select password_hash, encode(token_hash, 'escape') from desk.users, desk.sessions"
        ).fetchone()
    assert stored is not None
    assert stored[0].startswith("$argon2id$")
    assert PASSWORD not in stored[0]
    assert token not in stored[1]


@pytest.mark.parametrize(
    ("email", "password"), [("ana@desk.test", "wrong, but long"), ("mallory@desk.test", PASSWORD)]
)
def test_mallory_hears_the_same_sentence_whether_the_address_exists_or_not(
    accounts: Accounts, ana: User, email: str, password: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(email=email, password=password, now=NINE, lasts=SHIFT)

    assert str(refused.value) == "The email address or the password is not right."


def test_after_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    accounts: Accounts, ana: User
) -> None:
    for attempt in range(FAILURES_ALLOWED):
        with pytest.raises(SignInRefused, match="not right"):
            accounts.sign_in(
                email=ana.email, password=f"guess number {attempt}", now=NINE, lasts=SHIFT
            )

    with pytest.raises(SignInRefused, match="Try again in 14 minutes"):
        accounts.sign_in(email=ana.email, password=PASSWORD, now=NINE + MINUTE, lasts=SHIFT)
    token, _ = accounts.sign_in(
        email=ana.email, password=PASSWORD, now=NINE + FAILURES_FOR + 2 * MINUTE, lasts=SHIFT
    )
    assert token


def test_signing_in_forgets_earlier_failures(accounts: Accounts, ana: User) -> None:
    for round_ in range(3):
        for _ in range(FAILURES_ALLOWED - 1):
            with pytest.raises(SignInRefused, match="not right"):
                accounts.sign_in(email=ana.email, password="a wrong one", now=NINE, lasts=SHIFT)
        token, _ = accounts.sign_in(
            email=ana.email, password=PASSWORD, now=NINE + round_ * HOUR, lasts=SHIFT
        )
        assert token


def test_an_address_has_one_account_however_it_is_written(accounts: Accounts, ana: User) -> None:
    with pytest.raises(Refused, match="has an account already"):
        accounts.add_user(email="ANA@desk.TEST", name="Ana", role="agent", password=PASSWORD)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "ana"}, "email"),
        ({"email": ""}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 1_000_000}, "password"),
        ({"role": "boss"}, "role"),
        ({"name": " "}, "name"),
    ],
)
def test_an_account_needs_sensible_values(
    accounts: Accounts, given: dict[str, str], field: str
) -> None:
    values = {"email": "bo@desk.test", "name": "Bo", "role": "agent", "password": PASSWORD} | given

    with pytest.raises(Invalid) as refused:
        accounts.add_user(**values)

    assert refused.value.field == field


def test_a_supervisor_may_do_what_an_agent_may_and_not_the_other_way_round() -> None:
    sue = User("sue", "sue@desk.test", "Sue", "supervisor")

    assert sue.may("agent")
    assert sue.may("supervisor")
    assert not sue.may("administrator")


# ---------------------------------------------------------------- tokens


def test_a_token_brings_its_user_and_scopes(tokens: Tokens, ana: User) -> None:
    token = tokens.add(name="nightly", user=ana, scopes=["complaints:read"])

    caller = tokens.caller(token)

    assert caller is not None
    assert (caller.user, caller.scopes) == (ana, {"complaints:read"})
    assert tokens.remembered(token) == caller


def test_a_revoked_token_is_nobody(tokens: Tokens, ana: User) -> None:
    token = tokens.add(name="nightly", user=ana, scopes=["complaints:read"])

    tokens.revoke(name="nightly", now=NINE + DAY)

    assert tokens.caller(token) is None
    with pytest.raises(NotFound):
        tokens.revoke(name="nightly", now=NINE + DAY)


def test_an_agents_token_cannot_administer(tokens: Tokens, ana: User) -> None:
    with pytest.raises(Refused, match="administrator"):
        tokens.add(name="nightly", user=ana, scopes=["admin"])


@pytest.mark.parametrize("scopes", [[], ["everything"], ["complaints:read", ""]])
def test_a_token_has_known_scopes(tokens: Tokens, ana: User, scopes: list[str]) -> None:
    with pytest.raises(Invalid):
        tokens.add(name="nightly", user=ana, scopes=scopes)


def test_an_unknown_token_is_nobody(tokens: Tokens) -> None:
    assert tokens.caller("rcv_☃") is None
