"""Stamps: lines that say when something was published or posted, and the day, clock time, zone and author that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import pairwise

import pytz

from transforms.cleaning.patterns import compile_pattern
from transforms.rules import load_rules

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DIGIT = re.compile(r"\d")
LONGEST = 170
JOINTS = re.compile(
    r"(?:\W|_|(?<![^\W\d_])(?:at|on|and|by|updated|posted|published|last|read|local time|hrs?|h|uhr|kl|today"
    r"|share|pinned|key event|breaking|new)(?![^\W\d_]))*",
    re.IGNORECASE,
)
"""What may stand between and beside the parts of a stamp: marks of any kind, and the words that houses print there."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp within a line: ``start`` to ``end`` are offsets into the line.

    ``day`` is None where the stamp gives no full date, ``clock`` where it gives no clock time; ``zone`` is the name of a zone, None
    where none or an ambiguous one is printed. ``author_start`` to ``author_end`` are the author's name on the same line, if any.
    """

    start: int
    end: int
    day: date | None
    clock: time | None
    zone: str | None
    is_age: bool
    author_start: int | None
    author_end: int | None

    @property
    def instant(self) -> datetime | None:
        """The instant in UTC, where day, clock time and zone are all known."""
        if self.day is None or self.clock is None or self.zone is None:
            return None
        naive = datetime.combine(self.day, self.clock)
        local: datetime = pytz.timezone(self.zone).localize(naive)
        return local.astimezone(UTC)

    @property
    def local(self) -> datetime | None:
        """Day and clock time as printed, where no zone is known."""
        if self.day is None or self.clock is None or self.zone is not None:
            return None
        return datetime.combine(self.day, self.clock)

    @property
    def shape(self) -> tuple[bool, bool, bool, bool]:
        """Which parts it has; the posts of one live blog are stamped alike."""
        return (self.author_start is not None, self.day is not None, self.clock is not None, self.is_age)


@cache
def _pieces() -> re.Pattern[str]:
    return compile_pattern(
        r"(?P<date>{DATE})|(?P<ago>(?<!\w){AGO})|(?P<time>(?<![\d:.]){CLOCK}(?![\d%]))|(?P<zone>(?<![A-Za-z]){ZONE}(?![A-Za-z]))"
        r"|(?P<day>(?:{WEEKDAY},? +)?(?:\d{1,2} {MONTH}|{MONTH} \d{1,2})(?!\w))|(?P<weekday>(?<![A-Za-z]){WEEKDAY}(?!\w))",
        ignore_case=True,
    )


@cache
def _author() -> re.Pattern[str]:
    return compile_pattern(r"(?:[Bb]y |BY )?({NAMES})")


@cache
def zones() -> Mapping[str, str]:
    """Printed abbreviation -> zone."""
    zones_of: Mapping[str, str] = load_rules("cleaning_stamps")["zones"]
    return zones_of


def parse_stamp(text: str) -> Stamp | None:
    """The stamp that the line is, with at most an author beside it; None for any other line.

    >>> parse_stamp("Ana Sousa25 October 2023 09:08").local
    datetime.datetime(2023, 10, 25, 9, 8)
    >>> parse_stamp("The strike began at 9:30") is None
    True
    """
    if len(text) > LONGEST or DIGIT.search(text) is None:
        return None
    found = list(_pieces().finditer(text))
    if not any(m.lastgroup in ("date", "time", "ago") for m in found):
        return None
    start, end = found[0].start(), found[-1].end()
    between = [text[a.end() : b.start()] for a, b in pairwise(found)]
    if not all(JOINTS.fullmatch(gap) for gap in between):
        return None
    before, after = _author_span(text, 0, start), _author_span(text, end, len(text))
    if before is False or after is False or (before and after):
        return None
    author = before or after or (None, None)
    return _read(found, start, end, author)


def _author_span(text: str, start: int, end: int) -> tuple[int, int] | bool | None:
    """The name in that stretch; None if there are marks alone; False if there is something else."""
    part = text[start:end]
    if JOINTS.fullmatch(part):
        return None
    bare = re.sub(r"^[\W_]+|[\W_]+$", "", part)
    m = _author().fullmatch(bare)
    if m is None or len(bare) > 80:
        return False
    at = start + part.index(bare) + m.start(1)
    return (at, at + len(m[1]))


def _read(found: list[re.Match[str]], start: int, end: int, author: tuple[int, int] | tuple[None, None] | bool) -> Stamp | None:
    span: tuple[int | None, int | None] = author if isinstance(author, tuple) else (None, None)
    dates = [m[0] for m in found if m.lastgroup == "date"]
    clocks = [m[0] for m in found if m.lastgroup == "time"]
    printed = [m[0].upper() for m in found if m.lastgroup == "zone"]
    day = parse_day(dates[0]) if dates else None
    clock = _parse_clock(clocks[0]) if clocks else None
    if clocks and clock is None:
        return None
    return Stamp(
        start=start,
        end=end,
        day=day,
        clock=clock,
        zone=zones().get(printed[0]) if printed else None,
        is_age=any(m.lastgroup == "ago" for m in found),
        author_start=span[0],
        author_end=span[1],
    )


def read_stamp(text: str) -> Stamp | None:
    """The first date and clock time in a stretch that is known to be a stamp, whatever stands around them; None without a date.

    >>> read_stamp("Tue., Nov. 19, 2019, Example Post").day
    datetime.date(2019, 11, 19)
    """
    found = list(_pieces().finditer(text[:LONGEST]))
    dates = [m for m in found if m.lastgroup == "date"]
    if not dates:
        return None
    before_second = [m for m in found if len(dates) < 2 or m.start() < dates[1].start()]
    return _read(before_second, found[0].start(), found[-1].end(), (None, None))


def parse_day(text: str) -> date | None:
    """The day that a printed date names; None where day and month could be exchanged or there is no such day.

    >>> parse_day("Tue., Nov. 19, 2019"), parse_day("03/04/2020"), parse_day("25/04/2020")
    (datetime.date(2019, 11, 19), None, datetime.date(2020, 4, 25))
    """
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    month = re.search("|".join(MONTHS), re.sub(r"(?i)\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?", " ", text).lower())
    if month is not None and len(numbers) >= 2:
        return _day(numbers[-1], MONTHS.index(month[0]) + 1, numbers[0])
    if len(numbers) != 3:
        return None
    a, b, c = numbers
    if a > 31:
        return _day(a, b, c)
    year = c + 2000 if c < 100 else c
    if a == b or a > 12:
        return _day(year, b, a)
    return _day(year, a, b) if b > 12 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1600 < year < 2200 else None
    except ValueError:
        return None


def _parse_clock(text: str) -> time | None:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    hour, minute = (numbers[0], numbers[1]) if len(numbers) > 1 else divmod(numbers[0], 100) if numbers[0] > 99 else (numbers[0], 0)
    half = re.search(r"([ap])\.?m", text.lower())
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
