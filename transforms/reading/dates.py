"""Publication dates as inputs write them: never more exact than written, NULL where two readings are possible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil import parser as date_parser  # type: ignore[import-untyped]

from transforms.rules import load_rules

FIRST_YEAR, LAST_YEAR = 1600, 2100
"""Newspapers begin in the 17th century; a year beyond these is an error of the input."""

_EPOCHS = ((1e8, 1e11, 1.0), (1e11, 1e14, 1e3), (5e14, 1e17, 1e6), (5e17, 1e20, 1e9))
"""Numbers that are taken for seconds, milli-, micro- and nanoseconds since 1970; the gaps are milliseconds of the year 9999."""

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_NUMBER = re.compile(r"-?\d{8,19}(?:\.\d+)?")
_ISO = re.compile(
    r"\d{4}-?\d{2}-?\d{2}"
    r"(?:[Tt ]\d{2}(?P<minute>:?\d{2})?(?P<second>:?\d{2}(?:[.,]\d+)?)?\s?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?)?"
)
_NEAR_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?P<rest>[Tt ]\d{2}:\d{2}[\d:.,]*(?:\s?[+-]\d{2}:?\d{2})?)?\s*(?P<zone>[A-Za-z]{2,4})?"
)
_MAIL = re.compile(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?P<second>:\d{2})?(?:\s+\S+)?")
_SLASHED = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b")
_WORDED = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\b\d{4}([/.])\d{1,2}\1\d{1,2}\b")
_CLOCK = re.compile(r"\d[:.]\d\d|\d\s?[ap]\.?m\b", re.IGNORECASE)
_NOISE = re.compile(r"^\s*(?:published|posted|first published|date)\s*(?:on|at)?\s*:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Published:
    """When something was published, as exact as it was written.

    ``at`` is set where the zone is known, else ``local``, both only for a precision of minute or second;
    ``day`` for a precision of day or better.
    """

    precision: str
    day: date | None = None
    at: datetime | None = None
    local: datetime | None = None


def parse_published(value: object, *, zone: tzinfo | None = None, day_first: bool = False) -> Published | None:
    """The date that a field holds, or None where it holds none, an impossible or an ambiguous one.

    ``zone`` is the source's own: it holds for times without one, and days are counted in it. Midnight sharp
    without a zone or in UTC is read as a day, for so day-exact dates are commonly stored.

    >>> parse_published("2025-03-04T10:15:00+02:00").at
    datetime.datetime(2025, 3, 4, 8, 15, tzinfo=datetime.timezone.utc)
    >>> parse_published("03/04/2025") is None
    True
    """
    try:
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float):
            return _from_number(float(value), str(int(value)), zone)
        if isinstance(value, str):
            return _from_text(_NOISE.sub("", value).strip(), zone, day_first)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return None


def _from_text(text: str, zone: tzinfo | None, day_first: bool) -> Published | None:
    if not text or len(text) > 80:
        return None
    if _YEAR.fullmatch(text):
        return Published("year") if FIRST_YEAR <= int(text) <= LAST_YEAR else None
    if m := _MONTH.fullmatch(text):
        return Published("month") if FIRST_YEAR <= int(m[1]) <= LAST_YEAR and 1 <= int(m[2]) <= 12 else None
    if _NUMBER.fullmatch(text) and not (len(text) == 8 and _plausible(text)):
        return _from_number(float(text), text.partition(".")[0], zone)
    text, named = _plain_iso(text)
    if m := _ISO.fullmatch(text):
        moment = datetime.fromisoformat(re.sub(r"\s(?=[Zz+-])", "", text).upper())
        if named is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=named)
        return _published(moment, "second" if m["second"] else "minute" if m["minute"] else "day", zone)
    if m := _MAIL.fullmatch(text):
        return _published(_mail_date(text), "second" if m["second"] else "minute", zone)
    return _from_words(text, zone, day_first)


def _plain_iso(text: str) -> tuple[str, tzinfo | None]:
    """A nearly ISO time (``2025-3-4 10:15 GMT``) as ISO 8601, and the zone that it names."""
    m = _NEAR_ISO.fullmatch(text)
    if m is None:
        return text, None
    day = f"{m['year']}-{int(m['month']):02}-{int(m['day']):02}"
    return day + (m["rest"] or ""), known_zone(m["zone"]) if m["zone"] else None


def _plausible(digits: str) -> bool:
    return FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR


def _from_number(number: float, digits: str, zone: tzinfo | None) -> Published | None:
    """A number is a year, yyyymmdd, yyyymmddhhmmss, or seconds, milli-, micro- or nanoseconds since 1970."""
    if len(digits) == 4:
        return _from_text(digits, zone, False)
    if len(digits) == 8 and _plausible(digits):
        return _published(datetime.strptime(digits, "%Y%m%d"), "day", zone)
    if len(digits) == 14 and _plausible(digits):
        return _published(datetime.strptime(digits, "%Y%m%d%H%M%S"), "second", zone)
    for low, high, unit in _EPOCHS:
        if low <= abs(number) < high:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(number / unit))
            return _published(moment, "second", zone)
    return None


def _mail_date(text: str) -> datetime:
    """RFC 2822; a zone by name counts only if we know it."""
    words = text.split()
    if not words[-1].isalpha():
        return parsedate_to_datetime(text)
    return parsedate_to_datetime(" ".join(words[:-1])).replace(tzinfo=known_zone(words[-1]))


def _from_words(text: str, zone: tzinfo | None, day_first: bool) -> Published | None:
    """A date in English words or with slashes; every part must be there, nothing is filled in."""
    slashed = _SLASHED.search(text)
    if slashed:
        first, mark, second = int(slashed[1]), slashed[2], int(slashed[3])
        day_first = day_first or mark == "." or first > 12
        if not day_first and first != second and second <= 12:
            return None
    elif not (_WORDED.search(text) and re.search(r"\b\d{4}\b", text)) and not _YEAR_FIRST.search(text):
        return None
    text = re.sub(r"(?<=\d)\.(?=\d\d\s?[ap]\.?m)", ":", text, flags=re.IGNORECASE)
    one, other = (
        date_parser.parse(text, default=filler, dayfirst=day_first, tzinfos=_zone_of, fuzzy=False)
        for filler in (datetime(2004, 1, 1), datetime(2008, 2, 2, 1, 1, 1, 1))
    )
    if one.date() != other.date():
        return None  # a part of the date came from the filler
    if not _CLOCK.search(text):
        return _published(one, "day", zone)
    return _published(one, "second" if one.second == other.second else "minute", zone)


def _zone_of(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return known_zone(name) if name else None


def _published(moment: datetime, precision: str, zone: tzinfo | None) -> Published | None:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    midnight = moment.timetz().replace(tzinfo=None) == time(0)
    if precision == "day" or (midnight and moment.utcoffset() in (None, timedelta(0))):
        return Published("day", day=moment.date())
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    if moment.tzinfo is None:
        return Published(precision, day=moment.date(), local=moment)
    day = (moment.astimezone(zone) if zone is not None else moment).date()
    return Published(precision, day=day, at=moment.astimezone(UTC))


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name: rule["is"] for rule in load_rules("reading_fields")["zone"] for name in rule["names"]}


def known_zone(name: str) -> tzinfo | None:
    """The zone that a name surely means in news, else None (``IST`` is three zones)."""
    meant = _zones().get(name.upper())
    if meant is None:
        return None
    if "/" in meant:
        return ZoneInfo(meant)
    sign, hours, minutes = meant[0], int(meant[1:3]), int(meant[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def more_exact(first: Published | None, other: Published | None) -> Published | None:
    """The first, or the other where it says the same day and more of it."""
    if first is None or other is None:
        return first or other
    ranks = ("year", "month", "day", "minute", "second")
    better = ranks.index(other.precision) > ranks.index(first.precision)
    return other if better and first.day is not None and first.day == other.day else first
