"""What does an audit say in one breath, and what has to be said with it?

Every sentence is made from the figures that are shown, in the words of the viewer's language.
"""

from __future__ import annotations

from collections.abc import Callable

from projections.fairness_counts import BETWEEN
from recovery.fairness.funnel import Funnel
from recovery.fairness.records import (
    Answer,
    Comparison,
    GroupShare,
    Question,
    Remark,
    ShareAnswer,
)
from web.fairness import limits, quantities
from web.i18n import mark

Say = Callable[[str], str]
DID = {
    "any_relief": mark("were given something"),
    "money_relief": mark("got money back"),
    "upheld": mark("were told that they were right"),
    "explained": mark("had the outcome explained"),
    "contested": mark("disputed the outcome"),
    "accepted": mark("accepted the outcome"),
    "reopened": mark("had to be looked at again"),
    "escalated": mark("were passed up"),
    "wish_met": mark("say that they got what they wanted"),
    "wishes_met": mark("got all that they had asked for, as the desk says"),
    "compensation_wish_met": mark("wanted compensation and were given something"),
    "promises_kept": mark("had every promise of time kept"),
    "first_contact": mark("were settled on first contact"),
    "explanation_complete": mark("had a complete explanation"),
    "warned_words": mark("got a letter that the check of words had warned of"),
    "survey_answered": mark("told us how it went"),
    "would_return": mark("say that they would come back"),
}
"""What a measure says of a complaint."""
NAMES = {
    "any_relief": mark("Any relief"),
    "money_relief": mark("Money given"),
    "upheld": mark("Upheld, in full or in part"),
    "explained": mark("Outcome explained"),
    "contested": mark("Outcome disputed"),
    "accepted": mark("Outcome accepted"),
    "reopened": mark("Opened again"),
    "escalated": mark("Passed up"),
    "wish_met": mark("Got what they wanted, as they say themselves"),
    "wishes_met": mark("Got all that they had asked for, as the desk says"),
    "compensation_wish_met": mark("Wanted compensation and got something"),
    "promises_kept": mark("Every promise of time kept"),
    "first_contact": mark("Settled on first contact"),
    "explanation_complete": mark("Complete explanation"),
    "explanation_parts": mark("Parts of a complete explanation, out of four"),
    "warned_words": mark("A letter that the check of words had warned of"),
    "warnings": mark("Warnings of the check of words"),
    "survey_answered": mark("Told us how it went"),
    "survey_experience": mark("How it went, 1 to 5"),
    "survey_against_expectation": mark("How it went, against what they had expected"),
    "survey_process": mark("How easy and quick it was, 1 to 5"),
    "survey_treatment": mark("How they were treated, 1 to 5"),
    "would_return": mark("Would come back"),
    "working_time_to_acknowledge": mark("Working time to the acknowledgement"),
    "working_time_to_explain": mark("Working time to the explanation"),
    "working_time_to_close": mark("Working time to the end"),
    "amount_against_loss": mark("Money given, as a share of what they lost"),
    "amount_against_policy": mark("Money paid, as a share of what the policy owes"),
    "time_to_acknowledge": mark("Time to the acknowledgement"),
    "time_to_explain": mark("Time to the explanation"),
    "time_to_close": mark("Time to the end"),
    "amount": mark("Amount of money given"),
    "contacts": mark("Times the complainant had to write or call again"),
    "transfers": mark("Times it was passed from one agent to another"),
    "extensions": mark("Times the promise was prolonged"),
    "requests": mark("Times something was asked of the complainant"),
}
_CODES = {"promise_kept": "clock"}
"""Whose codes stand behind the dot of a measure, where they have words."""
DIMENSIONS = {
    "channel": mark("channel"), "language": mark("language"), "tier": mark("tier"),
    "category": mark("category"), "product": mark("product"), "severity": mark("severity"),
    "policy": mark("policy"), "agent": mark("agent"), "source": mark("source"),
    "month": mark("month of receipt"),
}  # fmt: skip
_FRACTIONS = (
    (0.03, mark("hardly less often")), (0.22, ""), (0.28, mark("a quarter less often")),
    (0.305, ""), (0.36, mark("a third less often")), (0.47, ""), (0.53, mark("half as often")),
)  # fmt: skip
_MIX = (
    (0.1, mark("hardly any of the gap is the mix of %(strata)s")),
    (0.2, ""),
    (0.29, mark("about a quarter of the gap is the mix of %(strata)s")),
    (0.4, mark("about a third of the gap is the mix of %(strata)s")),
    (0.6, mark("about half of the gap is the mix of %(strata)s")),
    (0.71, mark("about two thirds of the gap is the mix of %(strata)s")),
    (0.9, mark("most of the gap is the mix of %(strata)s")),
    (1.0, mark("almost all of the gap is the mix of %(strata)s")),
)
REMARKS = {
    "nobody": mark("No complaint of this period and these filters can be compared."),
    "nobody_known": mark(
        "Nothing can be compared: of none of these complaints is it known (%(count)s say nothing of"
        " it)."
    ),
    "nobody_placed": mark(
        "Nothing can be compared: nothing is known that would put these complaints into a group and"
        " a stratum (%(count)s are in none)."
    ),
    "nobody_has_it": mark(
        "Nothing can be compared: none of these complaints has what is measured (%(count)s were"
        " withdrawn or are without it)."
    ),
    "all_open": mark(
        "Nothing can be compared: none of these complaints was closed by then (%(count)s are open)."
    ),
    "never": mark("It was so of none of these complaints, so there is nothing to compare."),
    "always": mark("It was so of all of these complaints, so there is nothing to compare."),
    "one_group": mark("All complaints are in one group, so there is nothing to compare."),
    "small_groups": mark(
        "Fewer than two groups have %(fewest)s complaints or more. Of so few nothing can be said."
    ),
    "small_reference": mark(
        "The group %(group)s is missing or has fewer than %(fewest)s complaints, so that the others"
        " cannot be compared with it."
    ),
    "small_left_out": mark(
        "Groups with fewer than %(smallest)s complaints are left out of everything that is shown."
    ),
    "people": mark(
        "Colleagues are not ranked and not held against the one who fared best. Whoever lies"
        " between the limits is not told apart from chance; who lies beyond them had other cases,"
        " other ways or other luck. Recovery outcomes set each against their own cases."
    ),
    "months": mark(
        "Months are not held against the best of them. A month is a signal where it lies beyond"
        " its limits, or is the eighth in a row on one side of the mean."
    ),
    "not_yet": mark("It has not happened to any of these complaints yet."),
    "all_the_same": mark("All have the same value, so there is nothing to compare."),
    "means_mislead": mark(
        "Means of the complaints that ended would put the groups into another order. They leave out"
        " whoever waits longest, so the median of everybody is shown, open complaints included."
    ),
    "half_wait": mark("Where no time is given by which half had it, more than half still wait."),
    "many_groups": mark(
        "There are %(groups)s groups; the %(kept)s largest are compared, the others left out."
    ),
    "areas": mark(
        "The groups are those of the areas people live in, not of the people: a difference between"
        " areas need not be one between persons."
    ),
    "hidden": mark(
        "Counts below %(smallest)s are not shown, nor what they could be worked out from. The"
        " comparison counts them."
    ),
    "simpson": mark(
        "%(group)s and %(reference)s: all complaints together and like with like tell different"
        " stories. Read the figure within strata."
    ),
    "strata_differ": mark(
        "%(group)s and %(reference)s: the strata do not say the same, so one figure for all of them"
        " hides something. Look at each."
    ),
    "strata_left_out": mark(
        "%(group)s and %(reference)s: %(strata)s strata are left out of the comparison because one"
        " of the groups has fewer than ten complaints there."
    ),
    "not_alike": mark(
        "%(group)s and %(reference)s: no stratum has ten complaints of both that tell them apart,"
        " so like cannot be compared with like. What is said is of all complaints together."
    ),
    "four_fifths": mark(
        "%(group)s stays below four fifths of the group that fared best: a reason to look, not a"
        " verdict."
    ),
    "five_quarters": mark(
        "%(group)s had it more than five quarters as often as the group that fared best: a reason"
        " to look, not a verdict."
    ),
    "too_few": mark("%(group)s and %(reference)s cannot be compared: too few complaints."),
}
"""By code."""
SENTENCE = mark("%(sentence)s.")
CONDITIONAL = mark(
    "These are people who complained. Whoever was failed and said nothing is not among them, and"
    " may be of another group."
)


def headline(answer: Answer, question: Question, say: Say) -> list[str]:
    """The answer in sentences, the most important comparison first."""
    if people := limits.of_people(answer, question):
        return [_beyond(people, say)]
    if (months := limits.over_time(answer, question)) and not answer.comparisons:
        signals = sum(month.beyond or month.run for month in months)
        given = {"signals": signals, "all": len(months)}
        return [say(mark(
            "%(signals)s of %(all)s months are more than the usual to and fro."
        )) % given]  # fmt: skip
    told = [c for c in answer.comparisons if c.verdict != "too_few" and c.difference]
    if not told:
        return [remark(each, answer, question, say) for each in answer.remarks[-1:]]
    first = min(told, key=lambda c: (c.adjusted_p if c.adjusted_p is not None else 1, c.group))
    if isinstance(first, Comparison) and isinstance(answer, ShareAnswer):
        return [_gap(answer, first, question, say), _verdict(first, question, say)]
    return quantities.headline(
        answer, first, say, lambda group: group_name(group, answer, question, say)
    )


def _beyond(people: Funnel, say: Say) -> str:
    beyond = sum(unit.place != "within" for unit in people.units)
    given = {"beyond": beyond, "all": len(people.units), "chance": f"{people.by_chance:.1f}"}
    return say(mark(
        "%(beyond)s of %(all)s lie beyond the limits of 95 %%; chance alone would put %(chance)s"
        " there."
    )) % given  # fmt: skip


def remark(of: Remark, answer: Answer, question: Question, say: Say) -> str:
    given = {
        key: group_name(value, answer, question, say) if key in ("group", "reference") else value
        for key, value in of.given.items()
    }
    return _begun(say(REMARKS[of.code]) % given, say)


def _begun(sentence: str, say: Say) -> str:
    """With a capital, in a language that begins its sentences with one."""
    capitals = say(SENTENCE).endswith(".")
    return sentence[:1].upper() + sentence[1:] if capitals else sentence


def group_name(group: str, answer: Answer, question: Question, say: Say) -> str:
    """A part of a column of numbers as a person would say it; a code in its words."""
    if not any(cut.name == question.group for cut in answer.cuts):
        return _labelled(group, question.group, say)
    column = question.group.removeprefix("area.").rpartition("_")[0].replace("_", " ")
    words = {
        "low": mark("areas of low %(column)s"), "middle": mark("areas of middling %(column)s"),
        "high": mark("areas of high %(column)s"),
    }.get(group, mark("areas of %(column)s, part %(part)s"))  # fmt: skip
    return say(words) % {"column": column, "part": group}


def short_name(group: str, answer: Answer, question: Question, say: Say) -> str:
    """The same for the cell of a table."""
    if not any(cut.name == question.group for cut in answer.cuts):
        return _labelled(group, question.group, say)
    words = {"low": mark("low"), "middle": mark("middle"), "high": mark("high")}
    return say(words[group]) if group in words else group


def subject(group: str, answer: Answer, question: Question, say: Say) -> str:
    """The same at the beginning of a sentence: of whom it tells something."""
    name = group_name(group, answer, question, say)
    if any(cut.name == question.group for cut in answer.cuts):
        return name
    return say(mark("complaints with the %(dimension)s %(group)s")) % {
        "dimension": dimension_name(question.group, say), "group": name,
    }  # fmt: skip


def stratum_name(stratum: str, question: Question, say: Say) -> str:
    """A stratum as a person would say it: each of its parts in its words."""
    parts = stratum.split(BETWEEN)
    if len(parts) != len(question.strata):
        return stratum
    named = zip(parts, question.strata, strict=True)
    return BETWEEN.join(_labelled(part, dimension, say) for part, dimension in named)


def _labelled(value: str, dimension: str, say: Say) -> str:
    from web.pages.words import LABELS  # pages import this module themselves

    found = LABELS.get(dimension, {}).get(value)
    return say(found) if found else value


def per_cent(share: float) -> str:
    return f"{share * 100:.1f}%"


def did(measure: str, say: Say) -> str:
    if measure in DID:
        return say(DID[measure])
    kind, _, rest = measure.partition(".")
    words = mark("had the promise “%(what)s” kept") if kind == "promise_kept" else mark(
        "have %(what)s")  # fmt: skip
    return say(words) % {"what": _labelled(rest, _CODES.get(kind, ""), say)}


def measure_name(measure: str, say: Say) -> str:
    if measure in NAMES:
        return say(NAMES[measure])
    kind, _, rest = measure.partition(".")
    words = (
        mark("Promise kept: %(what)s") if kind == "promise_kept" else mark("Share with %(what)s")
    )
    return say(words) % {"what": _labelled(rest, _CODES.get(kind, ""), say)}


def dimension_name(name: str, say: Say) -> str:
    """What complaints are divided by, in words; the organisation's own names as they are."""
    if name in DIMENSIONS:
        return say(DIMENSIONS[name])
    plain = name.removeprefix("attribute.").removeprefix("area.")
    return plain.replace("_", " ")


def strata_name(question: Question, say: Say) -> str:
    return ", ".join(dimension_name(each, say) for each in question.strata)


def _gap(answer: ShareAnswer, first: Comparison, question: Question, say: Say) -> str:
    by_name: dict[str, GroupShare] = {each.group: each for each in answer.groups}
    mine, other = by_name[first.group].rate, by_name[first.reference].rate
    assert mine is not None
    assert other is not None
    sentence = say(mark("%(group)s %(did)s in %(rate)s of cases, %(reference)s in %(other)s")) % {
        "group": subject(first.group, answer, question, say),
        "did": did(question.measure, say), "rate": per_cent(mine),
        "reference": subject(first.reference, answer, question, say),
        "other": per_cent(other),
    }  # fmt: skip
    parts = [sentence, _times(first, say)]
    if first.stratified and first.simpson:
        parts.append(_mix(first.stratified.explained, question, say))
    told = say(mark("; ")).join(filter(None, parts))
    return _begun(say(SENTENCE) % {"sentence": told}, say)


def _times(first: Comparison, say: Say) -> str:
    if first.ratio is None:
        return ""
    less = 1 - first.ratio.value
    if less < -1:
        return say(mark("%(times)s times as often")) % {"times": f"{first.ratio.value:.1f}"}
    if less < 0:
        return say(mark("%(share)s more often")) % {"share": f"{-less * 100:.0f}%"}
    words = _step(_FRACTIONS, less)
    return say(words) if words else say(mark("%(share)s less often")) % {
        "share": f"{less * 100:.0f}%"
    }  # fmt: skip


def _mix(explained: float | None, question: Question, say: Say) -> str:
    given = {"strata": strata_name(question, say)}
    if explained is None:
        return ""
    if explained < 0:
        return say(mark("the mix of %(strata)s hides part of the gap")) % given
    if explained > 1:
        return say(mark("within %(strata)s the gap points the other way")) % given
    words = _step(_MIX, explained)
    share = f"{explained * 100:.0f}%"
    return say(words or mark("%(share)s of the gap is the mix of %(strata)s")) % (
        given | {"share": share}
    )


def _step(steps: tuple[tuple[float, str], ...], value: float) -> str:
    """The words for the first bound that the value stays below."""
    return next((words for bound, words in steps if value <= bound), "")


def _verdict(first: Comparison, question: Question, say: Say) -> str:
    given = {
        "p": f"{first.adjusted_p:.2g}" if first.adjusted_p is not None else "",
        "strata": strata_name(question, say),
        "least": f"{(first.detectable or 0) * 100:.1f}",
    }
    if first.verdict == "difference" and first.stratified:
        return say(mark(
            "Comparing like with like, by %(strata)s, a difference remains that chance alone would"
            " rarely make (p %(p)s)."
        )) % given  # fmt: skip
    if first.verdict == "difference":
        return say(mark("Chance alone would rarely make such a difference (p %(p)s).")) % given
    if first.detectable is None:
        return (
            say(mark("There is no evidence of a difference, and too little to find one.")) % given
        )
    return say(mark(
        "There is no evidence of a difference beyond chance. One of less than %(least)s percentage"
        " points would have been missed, so this does not show that they fare alike."
    )) % given  # fmt: skip
