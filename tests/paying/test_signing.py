"""Do we believe exactly those who know the secret, and only for a while?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import Forbidden, Invalid
from tests.cast import NINE
from web.paying.signing import secret, signed, verify

KEY, OLD, FOREIGN = b"k" * 32, b"o" * 32, b"f" * 32
BODY = b'{"type":"payment.result"}'


def test_a_signature_is_that_of_the_published_example() -> None:
    key = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)

    headers = signed(key, id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at, body=b'{"test": 2432232314}')

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(min_size=1), st.binary(), st.integers(-300, 300))
def test_what_we_sign_is_believed_within_five_minutes(id: str, body: bytes, seconds: int) -> None:
    headers = signed(KEY, id=id, at=NINE, body=body)

    assert verify([KEY], headers, body, now=NINE + timedelta(seconds=seconds)) == id


def test_while_a_secret_changes_both_are_believed() -> None:
    headers = signed(OLD, id="1", at=NINE, body=BODY)
    new = signed(KEY, id="1", at=NINE, body=BODY)
    both = headers | {
        "webhook-signature": f"{headers['webhook-signature']} {new['webhook-signature']}"
    }

    assert verify([KEY, OLD], headers, BODY, now=NINE) == "1"
    assert verify([KEY], both, BODY, now=NINE) == "1"


@pytest.mark.parametrize(
    ("change", "body"),
    [
        ({}, BODY + b" "), ({"webhook-id": "2"}, BODY), ({"webhook-id": ""}, BODY),
        ({"webhook-timestamp": "1772442001"}, BODY), ({"webhook-timestamp": ""}, BODY),
        ({"webhook-timestamp": "٣"}, BODY), ({"webhook-timestamp": "9" * 5000}, BODY),
        ({"webhook-signature": ""}, BODY), ({"webhook-signature": "v1,"}, BODY),
        ({"webhook-signature": "v1,é"}, BODY),
        (signed(FOREIGN, id="1", at=NINE, body=BODY), BODY),
    ],
)  # fmt: skip
def test_mallory_is_not_believed(change: dict[str, str], body: bytes) -> None:
    headers = signed(KEY, id="1", at=NINE, body=BODY) | change

    with pytest.raises(Forbidden, match="not signed with our secret"):
        verify([KEY, OLD], headers, body, now=NINE)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_message_from_another_time_is_not_believed(seconds: int) -> None:
    headers = signed(KEY, id="1", at=NINE, body=BODY)

    with pytest.raises(Forbidden, match="too long ago"):
        verify([KEY], headers, BODY, now=NINE + timedelta(seconds=seconds))


def test_without_a_secret_nobody_is_believed() -> None:
    with pytest.raises(Forbidden):
        verify([], signed(b"", id="1", at=NINE, body=BODY), BODY, now=NINE)


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_äöü", "plain words"])
def test_a_weak_secret_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="24 bytes"):
        secret(text)
