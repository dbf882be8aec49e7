"""Is a guarantee that could not work refused, with the place and the way out?"""

from __future__ import annotations

import pytest

from recovery.policy.schema import PolicyError, parse
from tests.guarantees.given import PLAIN, text

TEN = 'amount = [{ pays = "10.00" }]\n'
CLOCKED = 'name = "refund"\ncurrency = "GBP"\nclock = "reply"\n'
ACCRUING = """
[[version.guarantee.amount]]
pays = "1.00"
accrues = { every = "1 day", from = "began", until = "ended" }
"""
STEPPING = """
[[version.guarantee.amount]]
pays = "1.00"
steps = { every = "12 hours", of = "size" }
"""


@pytest.mark.parametrize(
    ("guarantee", "sentence"),
    [
        # names and kinds
        (PLAIN.replace("refund", "Re fund") + TEN, 'name = "Re fund": not a name'),
        (PLAIN + 'kind = "generous"\n' + TEN, "guarantee"),
        (PLAIN + 'kind = "unconditional"\n' + TEN, 'kind = "unconditional": it has conditions'),
        (PLAIN + 'bonus = "1.00"\n' + TEN, 'bonus = "1.00": unknown key'),
        # money is written as text, in a currency, exactly
        (PLAIN + "amount = [{ pays = 10.5 }]", "pays = 10.5: not a text"),
        (PLAIN + "amount = [{ pays = 10 }]", "pays = 10: not a text"),
        (PLAIN + 'amount = [{ pays = "10,50" }]', "not what can be paid"),
        (PLAIN + 'amount = [{ pays = "-5.00" }]', "not what can be paid"),
        (PLAIN + 'amount = [{ pays = "0.00" }]', "not what can be paid"),
        (PLAIN + 'amount = [{ pays = "9999999999999" }]', "not what can be paid"),
        (PLAIN + 'amount = [{ pays = "1.005" }]', 'pays = "1.005": GBP has 2 decimal places'),
        (PLAIN + 'at_most = "1e3"\n' + TEN, "not an amount of money"),
        (PLAIN + 'at_least = "9.00"\nat_most = "8.00"\n' + TEN, "more than at_most, 8.00"),
        (PLAIN.replace("GBP", "POUNDS") + TEN, 'currency = "POUNDS": not a currency code'),
        (PLAIN.replace('currency = "GBP"\n', "") + TEN, "currency: missing"),
        (PLAIN + 'currency_by = "fee"\n' + TEN, "not a fact that is a text"),
        # shares
        (PLAIN + 'amount = [{ pays = "25 %" }]', 'a share is of something (of = "price")'),
        (PLAIN + 'amount = [{ pays = "5.00", of = "fee" }]', "a share is of something"),
        (PLAIN + 'amount = [{ pays = "0 %", of = "fee" }]', 'write "25 %" or "3 times"'),
        (PLAIN + 'amount = [{ pays = "25 %", of = "size" }]', "not a fact that is money"),
        (PLAIN + 'amount = [{ pays = "25 %", of = "fees" }]', 'did you mean "fee"?'),
        (PLAIN + 'amount = [{ pays = "25 %", of = "unpaid" }]', "follows no other"),
        # triggers
        ('name = "refund"\ncurrency = "GBP"\n' + TEN, "nothing says when it is owed"),
        (CLOCKED.replace("reply", "replies") + TEN, 'unknown clock (did you mean "reply"?)'),
        (PLAIN + 'at = "answer"\n' + TEN, "only a clock is answered"),
        (PLAIN + 'unpaid = "fine"\n' + TEN, 'unpaid = "fine": unknown guarantee'),
        # conditions
        (PLAIN.replace("failure", "failur") + TEN, 'unknown name "failur"'),
        (PLAIN.replace("==", "=") + TEN, "not a condition"),
        (PLAIN.replace('"late"', "3") + TEN, "is compared with a number"),
        (PLAIN + TEN + "[[version.guarantee.exclusion]]\nwhen = 'siz > 3'\nreason = \"Small\"\n",
         'exclusion "Small": when = "siz > 3": unknown name'),
        (PLAIN.replace("'f", "'tier == \"gold\" && f") + 'basis = "statute"\n' + TEN,
         "does not depend on the complainant's tier"),
        # dates
        (PLAIN + 'in_order = ["began"]\n' + TEN, "one date is always in order"),
        (PLAIN + 'in_order = ["began", "fee"]\n' + TEN, "not a date or an instant"),
        (PLAIN + 'together = ["size", "siz"]\n' + TEN, 'did you mean "size"?'),
        (PLAIN + 'claim = { within = "28 days" }\n' + TEN, "within and after go together"),
        (PLAIN + 'claim = { within = "28 hours", after = "began" }\n' + TEN, "not in days"),
        (PLAIN + 'pay_by = { within = "10 days", after = "breach" }\n' + TEN, 'after = "breach"'),
        (PLAIN + 'pay_by = { within = "10 days", after = "began", calendar = "c" }\n' + TEN,
         'unknown calendar (use one of "office")'),
        (PLAIN + 'a_year = { starts = "04-01" }\n' + TEN, "no limit"),
        (PLAIN + 'a_year = { times = 1, starts = "02-29" }\n' + TEN, "not a day of every year"),
        (PLAIN + "times = -1\n" + TEN, "less than 0"),
        # lines
        (PLAIN + "amount = []", "missing (write amount"),
        (PLAIN + "amount = [{ }]", "say what it pays, or give tiers"),
        (PLAIN + 'amount = [{ pays = "1.00" }, { pays = "2.00" }]', "never reached"),
        (PLAIN + 'amount = [{ pays = "rate" }]', "rates: missing"),
        (PLAIN + 'rates = { 2024-01-01 = "1.00" }\n' + TEN, "no line pays them"),
        (PLAIN + 'rates = { 2024-01-01 = "1.00" }\namount = [{ pays = "rate" }]', "rates_by"),
        (PLAIN + 'rates = { someday = "1.00" }\namount = [{ pays = "rate" }]', "rates"),
        (PLAIN + 'amount = [{ by = "size", tier = [{ pays = "1.00" }] }]', "from (includes it)"),
        (PLAIN + 'amount = [{ by = "size", tier = [{ from = 2.5, pays = "1.00" }] }]', "whole"),
        (PLAIN + 'amount = [{ by = "size", tier = [{ from = 3, pays = "1.00" }, '
         '{ from = 2, pays = "2.00" }] }]', "the tiers do not rise"),
        (PLAIN + 'amount = [{ tier = [{ from = 3, pays = "1.00" }] }]', "by and tiers go together"),
        (PLAIN + TEN + "[[version.guarantee.reduction]]\nwhen = 'urgent'\nto = \"100 %\"\n"
         'reason = "x"\n', "not less"),
        # accruals and steps
        (PLAIN + ACCRUING.replace("1 day", "1 month"), "months differ in length"),
        (PLAIN + ACCRUING.replace("1 day", "1 hour"), "not an instant"),
        (PLAIN + ACCRUING.replace("began", "size"), 'from = "size": not a date'),
        (PLAIN + ACCRUING.replace("}", ', after = "2 hours" }'), "counts otherwise than every"),
        (PLAIN + ACCRUING.replace("}", ', no_longer_than = "9 business days" }'), "use days"),
        (PLAIN + ACCRUING.replace("}", ", at_most = -1 }"), "less than 0"),
        (PLAIN + STEPPING.replace('"size"', '"fee"'), "not a fact that is a number"),
        (PLAIN + STEPPING.replace("}", ', beyond = "fee" }'), "not a fact that is a number"),
        (PLAIN + STEPPING.replace("}", ", beyond = -1 }"), "less than 0"),
        (PLAIN + STEPPING + 'accrues = { every = "1 day", from = "began", until = "ended" }',
         "it accrues already"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused(guarantee: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match="policy small") as refused:
        parse(text(guarantee), file="small.toml")

    assert sentence in str(refused.value)


PAID = PLAIN + TEN + 'pay_by = { within = "10 days", after = "began" }\n'
LATE = 'name = "late"\ncurrency = "GBP"\nunpaid = "refund"\n' + TEN


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (PLAIN + TEN, PLAIN + TEN, "a second guarantee of this name"),
        (PLAIN + TEN, LATE, "it is never late (give it a pay_by)"),
        (PAID + 'harm = "x"\n', LATE, "only the greatest of its harm is paid"),
        (PAID, LATE + 'clock = "reply"\n', "it follows another guarantee already"),
        (PAID + 'harm = "x"\n', PLAIN.replace("refund", "b").replace("GBP", "EUR") + TEN
         + 'harm = "x"\n', '"refund" pays in GBP (currencies cannot be compared)'),
    ],
)  # fmt: skip
def test_guarantees_that_contradict_each_other_are_refused(
    first: str, second: str, sentence: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        parse(text(first, second))

    assert sentence in str(refused.value)


def test_a_refusal_names_the_way_through_the_file() -> None:
    with pytest.raises(PolicyError) as refused:
        parse(text(PLAIN + 'amount = [{ pays = "a lot" }]'), file="small.toml")

    assert str(refused.value).startswith(
        'policy small.toml, version "first", guarantee "refund", amount "1": pays = "a lot": '
    )


def test_what_makes_sense_is_accepted() -> None:
    found = parse(text(PAID, LATE, CLOCKED.replace("refund", "other") + ACCRUING))

    assert [each.name for each in found.versions[0].guarantees] == ["refund", "late", "other"]
