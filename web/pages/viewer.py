"""How does this person want things written: in which language, zone and light?

Dates come from Babel but are remembered by day: a queue shows two hundred instants, and Babel
takes longer over one than the database over the whole page.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from gettext import NullTranslations
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from fastapi import Request

from recovery.money import Money
from web.accounts import Session
from web.deps import find_session, now, runtime
from web.i18n import LANGUAGES, LOCALES, catalogue, negotiate
from web.zones import zones

SCHEMES = ("auto", "light", "dark")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Viewer:
    """Who looks, and how instants, amounts and numbers are written for them."""

    def __init__(
        self, *, language: str, zone: str, scheme: str, now: datetime,
        session: Session | None = None,
    ) -> None:  # fmt: skip
        self.language = language
        self.zone = ZoneInfo(zone)
        self.scheme = scheme
        self.now = now
        self.session = session
        self.locale: Locale = LOCALES[language]
        self.translations: NullTranslations = catalogue(language)
        self.say = self.translations.gettext
        self.count_of = self.translations.ngettext

    @classmethod
    def of(cls, request: Request) -> Viewer:
        """The viewer that a request comes from."""
        return cls._from(request, find_session(request))

    @classmethod
    def stranger(cls, request: Request) -> Viewer:
        """The same without asking the database: for saying that it does not answer."""
        return cls._from(request, None)

    @classmethod
    def _from(cls, request: Request, session: Session | None) -> Viewer:
        settings = runtime(request).settings
        cookies = request.cookies
        language = cookies.get("language", "")
        if language not in LANGUAGES:
            accepted = request.headers.get("accept-language", "")
            language = session.user.language if session else negotiate(accepted, settings.language)
        scheme = cookies.get("scheme", "")
        return cls(
            language=language if language in LANGUAGES else "en",
            zone=_zone(
                session.user.time_zone if session else "", unquote(cookies.get("zone", "")),
                settings.time_zone,
            ),
            scheme=scheme if scheme in SCHEMES else "auto",
            now=now(),
            session=session,
        )  # fmt: skip

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def hidden(self) -> frozenset[str]:
        """References of complaints that this person must not see."""
        return self.session.user.hidden if self.session else frozenset()

    # ------------------------------------------------------------ instants

    def short(self, at: datetime, precision: str = "instant") -> str:
        """The day and time as a list shows them: "09:10" today, "2 Mar, 09:10", "2 Mar 2025"."""
        there = at.astimezone(self.zone)
        day = there.date()
        clock = f"{there.hour:02}:{there.minute:02}"
        if precision == "day":
            return _day(day, self.language, day.year == self.today.year)
        if day == self.today:
            return clock
        if day.year != self.today.year:
            return _day(day, self.language, False)
        return f"{_day(day, self.language, True)} {clock}"

    def day(self, day: date) -> str:
        """A day of the calendar: "2 Mar", "2 Mar 2025"."""
        return _day(day, self.language, day.year == self.today.year)

    def weekday(self, at: datetime) -> str:
        """The day of the week too, and seconds where there are some: "Mon 2 Mar 2026, 09:10"."""
        there = at.astimezone(self.zone)
        clock = f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
        between = " " if self.language == "zh" else ", "
        return f"{self.weekday_alone(at)}{between}{clock}"

    def weekday_alone(self, at: datetime) -> str:
        """Likewise without the time: "Mon 2 Mar 2026"."""
        return _weekday(at.astimezone(self.zone).date(), self.language)

    def exact(self, at: datetime, precision: str = "instant") -> str:
        """The whole truth: "Monday 2 March 2026 at 09:10:00 GMT"."""
        return _exact(at, precision, self.zone, self.language)

    def span(self, length: timedelta) -> str:
        """A length in one or two words: "3 days", "5 h 20 min", "20 min"."""
        return _span(length // MINUTE, self.language)

    def until(self, due: datetime) -> str:
        """How far off an instant is: "3 days left", "20 min late"."""
        left = due - self.now
        if left >= timedelta(0):
            return self.say("%(span)s left") % {"span": self.span(left)}
        return self.say("%(span)s late") % {"span": self.span(-left)}

    # ------------------------------------------------------------ numbers

    def number(self, value: int) -> str:
        return _number(value, self.language)

    def money(self, value: Money) -> str:
        return format_currency(value.amount, value.currency, locale=self.locale)


@lru_cache(maxsize=4096)
def _span(minutes: int, language: str) -> str:
    said = catalogue(language)
    days, hours, rest = minutes // 1440, minutes // 60, minutes % 60
    if days >= 2:
        return said.ngettext("%(num)d day", "%(num)d days", days) % {"num": days}
    if hours >= 10 or (hours and not rest):
        return said.gettext("%(hours)d h") % {"hours": hours}
    if hours:
        return said.gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return said.gettext("%(minutes)d min") % {"minutes": rest}


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return format_decimal(value, locale=LOCALES[language])


@lru_cache(maxsize=8192)
def _exact(at: datetime, precision: str, zone: ZoneInfo, language: str) -> str:
    there = at.astimezone(zone)
    day = _long_day(there.date(), language)
    return day if precision == "day" else f"{day} {there:%H:%M:%S} {there.tzname()}"


@lru_cache(maxsize=8192)
def iso(at: datetime) -> str:
    """For `<time datetime>`: UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def _day(day: date, language: str, this_year: bool) -> str:
    if language == "zh":
        return f"{day.month}月{day.day}日" if this_year else f"{day.year}年{day.month}月{day.day}日"
    return format_date(day, "d MMM" if this_year else "d MMM y", locale=LOCALES[language])


@lru_cache(maxsize=4096)
def _weekday(day: date, language: str) -> str:
    shape = "y年M月d日 EEE" if language == "zh" else "EEE d MMM y"
    return format_date(day, shape, LOCALES[language])


@lru_cache(maxsize=4096)
def _long_day(day: date, language: str) -> str:
    return format_date(day, "full", locale=LOCALES[language])


def _zone(*wishes: str) -> str:
    return next((wish for wish in wishes if wish in zones()), "UTC")
