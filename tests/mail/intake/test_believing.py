"""Can anybody speak for the complainant by writing their name on top?"""

from __future__ import annotations

import pytest

from tests.mail.reading.samples import read
from web.mail.intake.believing import believed, doubted

LEE = "From: Mr Lee <lee@example.org>"


def verdict(results: str) -> str:
    return f"Authentication-Results: mx.desk.example; {results}"


@pytest.mark.parametrize(
    "lines",
    [
        (LEE,),
        (LEE, verdict("dmarc=pass header.from=example.org")),
        (LEE, verdict("dmarc=pass; spf=fail smtp.mailfrom=list.example")),
        (LEE, verdict("spf=pass smtp.mailfrom=bounces.example.org; dmarc=none")),
        (LEE, verdict("spf=softfail smtp.mailfrom=example.org; dkim=pass header.d=example.org")),
        (LEE, verdict("spf=none; dkim=none; dmarc=none")),
        (LEE, verdict("dkim=pass header.d=example.org; dkim=pass header.d=carrier.example")),
        ("From: Lee, John <lee@example.org>", verdict("dmarc=pass header.from=example.org")),
    ],
)
def test_whoever_can_be_who_they_say_is_believed(lines: tuple[str, ...]) -> None:
    assert believed(read(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        (LEE, verdict("dmarc=fail header.from=example.org")),
        # No policy is published for the domain, and only SPF says so.
        (LEE, verdict("spf=fail smtp.mailfrom=lee@example.org; dkim=none; dmarc=none")),
        # Mallory's own server and signature, with Mr Lee's name on top.
        (LEE, verdict("spf=pass smtp.mailfrom=mallory@evil.example; dkim=none")),
        (LEE, verdict("spf=softfail; dkim=pass header.d=evil.example")),
        (LEE, verdict("spf=fail smtp.mailfrom=example.org; dkim=pass header.d=evil.example")),
        # Another header than the one that our border looked at.
        (LEE, verdict("dmarc=pass header.from=evil.example")),
        ('From: "lee@example.org" m@evil.example', verdict("dmarc=pass header.from=evil.example")),
        (LEE, "From: Mallory <mallory@evil.example>"),
        (f"{LEE}, Mallory <mallory@evil.example>",),
        # No author at all, and an address to answer to that is not theirs.
        ("From: Mr Lee", "Reply-To: lee@example.org"),
        # A verdict that Mallory brought along is the lower one.
        (LEE, verdict("dmarc=fail header.from=example.org"), verdict("dmarc=pass")),
        (LEE, verdict("spf=pass smtp.mailfrom=org")),
    ],
)  # fmt: skip
def test_whoever_may_be_somebody_else_is_not(lines: tuple[str, ...]) -> None:
    assert not believed(read(*lines))


def test_nobody_is_doubted_for_a_server_that_others_use_too() -> None:
    """It speaks for nobody in a complaint, but its complaints are answered."""
    found = read(LEE, verdict("spf=pass smtp.mailfrom=bounces.carrier.example"))

    assert not doubted(found)
    assert not believed(found)
