"""What the words of a time mean: TIMEX3 values and the days that they cover.

Pure calendar work on the groups of a pattern of ``rules/times.toml``; nothing here reads a document. A season is the one of
the northern half of the globe, a night that has passed belongs to the day on which it began, weeks are those of ISO 8601.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from transforms.extraction.numbers import parse_number, parse_ordinal
from transforms.rules import load_rules

Match = re.Match[str]
Days = tuple[date, date]

PRECISION_OF = {
    "TS": "second", "TM": "minute", "TH": "hour", "D": "day", "N": "day", "W": "week", "F": "week", "M": "month", "Q": "quarter",
    "Y": "year", "DE": "decade", "CE": None,
}  # fmt: skip
_SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_DECADES = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_NUMBER_OF_SOME = "X"


@dataclass(frozen=True, slots=True)
class TimeValue:
    """What a time expression means. ``basis`` is explicit, anchor (the day of the text), text or unknown."""

    timex_type: str
    value: str | None
    days: Days | None
    precision: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of a time depends on.

    ``anchor`` is the day of the text, ``tense`` past, future or none, ``reference`` the time that the text spoke of last, and
    ``same_day`` a day that the same sentence names. ``is_direct``: the verb stands right over the time.
    """

    anchor: date | None = None
    tense: str = "none"
    is_direct: bool = False
    reference: TimeValue | None = None
    same_day: TimeValue | None = None


def work_out(kind: str, match: Match, context: Context) -> TimeValue | None:
    """The meaning of a match of a rule of this kind, or None where the words are no time after all."""
    return _KINDS[kind](match, context)


def unknown(timex_type: str, precision: str | None) -> TimeValue:
    """Words whose date nothing in the document tells."""
    return TimeValue(timex_type, None, None, precision, "unknown")


# --- days of calendar units -------------------------------------------------------------------------------------------


def month_days(year: int, month: int) -> Days:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_days(year: int, last: int | None = None) -> Days:
    """First day of a year and last day of the same or a later one."""
    return date(year, 1, 1), date(last or year, 12, 31)


def week_days(day: date) -> Days:
    """Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return monday, monday + timedelta(days=6)


def shift_months(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _quarter_days(year: int, quarter: int) -> Days:
    return date(year, quarter * 3 - 2, 1), month_days(year, quarter * 3)[1]


def _of_unit(unit: str, day: date, basis: str, timex_type: str = "DATE") -> TimeValue:
    """The day, week, month, quarter, year or decade in which the day lies."""
    value, days = _value_of_unit(unit, day)
    precision = "range" if unit == "CE" else PRECISION_OF[unit]
    return TimeValue(timex_type, value, days, precision, basis)


def _value_of_unit(unit: str, day: date) -> tuple[str, Days]:
    year, quarter = day.year, (day.month + 2) // 3
    decade, century = max(1, year // 10 * 10), (year - 1) // 100
    values: dict[str, tuple[str, Days]] = {
        "D": (day.isoformat(), (day, day)),
        "W": (_week_value(day), week_days(day)),
        "M": (f"{day:%Y-%m}", month_days(year, day.month)),
        "Q": (f"{year}-Q{quarter}", _quarter_days(year, quarter)),
        "Y": (f"{year:04d}", year_days(year)),
        "DE": (str(year // 10), year_days(decade, year // 10 * 10 + 9)),
        "CE": (str(century), year_days(century * 100 + 1, century * 100 + 100)),
    }
    return values[{"N": "D", "F": "W"}.get(unit, unit)]


def _move(day: date, unit: str, count: float) -> date | None:
    """The day so many units on; None beyond the calendar or for units of clock time."""
    try:
        if unit in ("D", "N"):
            return day + timedelta(days=int(count))
        if unit in ("W", "F"):
            return day + timedelta(days=int(count * (14 if unit == "F" else 7)))
        months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}.get(unit)
        return shift_months(day, round(count * months)) if months else None
    except (ValueError, OverflowError):
        return None


# --- words ------------------------------------------------------------------------------------------------------------


@cache
def _words(name: str) -> dict[str, Any]:
    rules = load_rules("times")
    return {**rules.get(f"{name}_short", {}), **rules[name]}


def _look(name: str, word: str) -> Any:
    """Meaning of a word of one of the lists of rules/times.toml."""
    return _words(name)[word.lower()]


@cache
def _unit(word: str) -> str:
    low = word.lower()
    low = "century" if low == "centuries" else low.removesuffix("s")
    return str(_words("unit")[low])


def _group(match: Match, *names: str) -> str | None:
    """The first of these groups that exists and matched."""
    groups = match.groupdict()
    return next((groups[n] for n in names if groups.get(n)), None)


def _number(match: Match) -> float | None:
    """The stated count, with its half; 1 for "a"; None for "several"."""
    if _group(match, "one"):
        return 1.0
    text = _group(match, "num")
    if text is None:
        return None
    value = parse_number(text)
    return None if value is None else value + (0.5 if _group(match, "half") else 0.0)


def _day_number(text: str) -> int:
    return int(text.rstrip("stndrhSTNDRH"))


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shift_of(word: str | None) -> int:
    """-1, 0 or 1 for last, this, next and their like."""
    word = (word or "").lower()
    if word.endswith(("last", "past", "previous", "preceding")):
        return -1
    return 1 if word.endswith(("next", "coming", "following")) else 0


# --- calendar dates ---------------------------------------------------------------------------------------------------


def _day_value(day: date, basis: str, part: str | None = None) -> TimeValue:
    if part is None:
        return TimeValue("DATE", day.isoformat(), (day, day), "day", basis)
    return TimeValue("TIME", f"{day.isoformat()}T{_look('part', part)}", (day, day), "part_of_day", basis)


def _iso(match: Match, context: Context) -> TimeValue | None:
    day = _safe_date(int(match["year"]), int(match["mm"]), int(match["day"]))
    return _day_value(day, "explicit") if day else None


def _numeric(match: Match, context: Context) -> TimeValue | None:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["sep"] == "/" and first <= 12 and second <= 12 and first != second:
        return unknown("DATE", "day")
    swapped = match["sep"] == "/" and second > 12
    day = _safe_date(year, first, second) if swapped else _safe_date(year, second, first)
    return _day_value(day, "explicit") if day else None


def _nearest(anchor: date, tense: str, candidates: list[date]) -> date | None:
    """The candidate that fits the tense best: the latest up to the anchor, the first from it on, or the nearest.

    Where no tense tells, a date ahead counts for twice its distance: news looks back more often than ahead.
    """
    if tense == "past":
        candidates = [c for c in candidates if c <= anchor] or candidates
    elif tense == "future":
        candidates = [c for c in candidates if c >= anchor] or candidates
    return min(candidates, key=lambda c: (c - anchor).days * 2 if c > anchor else (anchor - c).days, default=None)


def _year_of(match: Match, context: Context) -> tuple[int | None, str]:
    """The stated year and its basis, or None where the words leave it open."""
    text = _group(match, "year")
    if text:
        return int(text), "explicit"
    shift = _group(match, "yearshift")
    if shift and context.anchor:
        return context.anchor.year + _shift_of(shift), "anchor"
    return None, "unknown"


def _calendar_day(match: Match, context: Context) -> TimeValue | None:
    month, number = _look("month", match["month"]), _day_number(match["day"])
    year, basis = _year_of(match, context)
    if year is not None:
        day = _safe_date(year, month, number)
        return _day_value(day, basis) if day else None
    if context.anchor is None or _group(match, "yearshift"):
        return unknown("DATE", "day") if _safe_date(2000, month, number) else None
    years = range(context.anchor.year - 1, context.anchor.year + 2)
    candidates = [d for y in years if (d := _safe_date(y, month, number))]
    weekday = _group(match, "wd")
    if weekday:
        fitting = [d for d in candidates if d.isoweekday() == _look("weekday", weekday)]
        candidates = fitting or candidates
    chosen = _nearest(context.anchor, _direction(match, context), candidates)
    return _day_value(chosen, "anchor") if chosen else None


def _direction(match: Match, context: Context) -> str:
    """past or future as "last" or "next" say, else the tense if the verb stands right over the time."""
    shift = _shift_of(_group(match, "shift"))
    if shift:
        return "past" if shift < 0 else "future"
    return context.tense if context.is_direct or context.tense == "future" else "none"


def _day_range(match: Match, context: Context) -> TimeValue | None:
    month = _look("month", str(_group(match, "month", "monthb")))
    first, last = (_day_number(str(_group(match, a, b))) for a, b in (("day", "dayb"), ("day2", "dayb2")))
    if first >= last:
        return None
    year, basis = _year_of(match, context)
    if year is None:
        if context.anchor is None:
            return unknown("DATE", "range")
        candidates = [d for y in range(context.anchor.year - 1, context.anchor.year + 2) if (d := _safe_date(y, month, first))]
        chosen = _nearest(context.anchor, _direction(match, context), candidates)
        if chosen is None:
            return None
        year, basis = chosen.year, "anchor"
    start, end = _safe_date(year, month, first), _safe_date(year, month, last)
    if start is None or end is None:
        return None
    return TimeValue("DATE", f"{start}/{end}", (start, end), "range", basis)


def _month(match: Match, context: Context) -> TimeValue | None:
    month = _look("month", match["month"])
    year, basis = _year_of(match, context)
    if year is None:
        if context.anchor is None or _group(match, "yearshift"):
            return unknown("DATE", "month")
        year, basis = _month_year(month, _group(match, "shift"), context.anchor, _direction(match, context)), "anchor"
    return TimeValue("DATE", f"{year:04d}-{month:02d}", month_days(year, month), "month", basis)


def _month_year(month: int, shift: str | None, anchor: date, tense: str) -> int:
    """Year of a month that stands alone."""
    ahead = month - anchor.month
    word = (shift or "").lower()
    if word in ("last", "this past"):
        return anchor.year - (ahead >= 0)
    if word in ("next", "this coming"):
        return anchor.year + (ahead <= 0)
    if word == "this":
        return anchor.year
    if tense == "future":
        return anchor.year + (ahead < 0)
    if tense == "past":
        return anchor.year - (ahead > 0)
    nearest = _nearest(anchor.replace(day=1), tense, [date(y, month, 1) for y in range(anchor.year - 1, anchor.year + 2)])
    return nearest.year if nearest else anchor.year


def _year_range(match: Match, context: Context) -> TimeValue | None:
    first, text = int(match["year"]), match["year2"]
    last = int(text) if len(text) == 4 else first // 100 * 100 + int(text)
    if not first < last <= first + 150:
        return None
    return TimeValue("DATE", f"{first}/{last}", year_days(first, last), "range", "explicit")


def _year(match: Match, context: Context) -> TimeValue | None:
    year = int(match["year"])
    return TimeValue("DATE", match["year"], year_days(year), "year", "explicit")


def _year_words(match: Match, context: Context) -> TimeValue | None:
    first, rest = parse_number(match["century"]), parse_number(match["rest"])
    if first is None or rest is None:
        return None
    year = int(first * 100 + rest)
    return TimeValue("DATE", str(year), year_days(year), "year", "explicit")


def _decade(match: Match, context: Context) -> TimeValue | None:
    short = match["short"] or (str(_DECADES.index(match["word"].lower()) + 2) if match["word"] else "")
    decade = f"{match['century']}{match['decade']}" if match["century"] else f"19{short}"
    first = int(decade) * 10
    return TimeValue("DATE", decade, year_days(first, first + 9), "decade", "explicit")


def _century(match: Match, context: Context) -> TimeValue | None:
    rank = parse_ordinal(match["ord"])
    if rank is None or not 1 <= rank <= 21:
        return None
    return _of_unit("CE", date(rank * 100 - 99, 1, 1), "explicit")


# --- weekdays and days around the day of the text ---------------------------------------------------------------------


def _weekday(match: Match, context: Context) -> TimeValue | None:
    number, part = _look("weekday", match["wd"]), match["part"]
    shift = (match["shift"] or "").lower()
    precision = "part_of_day" if part else "day"
    timex_type = "TIME" if part else "DATE"
    if shift in ("the previous", "the following", "the next"):
        return _weekday_of_reference(number, shift, part, context) or unknown(timex_type, precision)
    if context.anchor is None:
        return unknown(timex_type, precision)
    anchor = context.anchor
    if match["week"]:
        day = week_days(anchor + timedelta(days=7 * _shift_of(match["week"])))[0] + timedelta(days=number - 1)
        return _day_value(day, "anchor", part)
    back, ahead = (anchor.isoweekday() - number) % 7, (number - anchor.isoweekday()) % 7
    if shift in ("last", "this past"):
        day = anchor - timedelta(days=back or 7)
    elif shift == "next":
        day = anchor + timedelta(days=ahead or 7)
    elif shift in ("this", "this coming", "coming") or context.tense == "future":
        day = anchor - timedelta(days=back) if shift == "this" and context.tense == "past" else anchor + timedelta(days=ahead)
    else:
        day = anchor - timedelta(days=back)
    return _day_value(day, "anchor", part)


def _weekday_of_reference(number: int, shift: str, part: str | None, context: Context) -> TimeValue | None:
    day = _reference_day(context)
    if day is None:
        return None
    ahead = (number - day.isoweekday()) % 7 or 7
    back = (day.isoweekday() - number) % 7 or 7
    return _day_value(day - timedelta(days=back) if shift == "the previous" else day + timedelta(days=ahead), "text", part)


def _weekday_set(match: Match, context: Context) -> TimeValue | None:
    number = _look("weekday", str(_group(match, "wd", "wds", "wdp")))
    part = _group(match, "part", "parts")
    tail = f"T{_look('part', part)}" if part else ""
    return TimeValue("SET", f"XXXX-WXX-{number}{tail}", None, "day", "explicit")


_DEICTIC = {"the day before yesterday": -2, "the day after tomorrow": 2, "today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}


def _deictic(match: Match, context: Context) -> TimeValue | None:
    word = (match["word"] or "").lower()
    part = match["part"] or match["thispart"] or match["lastpart"] or ("night" if match["overnight"] or word == "tonight" else None)
    if context.anchor is None:
        return unknown("TIME" if part else "DATE", "part_of_day" if part else "day")
    if match["last"] or match["overnight"]:
        ahead = bool(match["overnight"]) and context.tense == "future"
        day = context.anchor - timedelta(days=not ahead)
        value = _day_value(day, "anchor", part)
        # A night that has passed reaches into the day of the text.
        return TimeValue("TIME", value.value, (day, day + timedelta(days=1)), "part_of_day", "anchor") if part == "night" else value
    return _day_value(context.anchor + timedelta(days=_DEICTIC.get(word, 0)), "anchor", part)


def _reference_day(context: Context) -> date | None:
    """The one day that the text spoke of last, if it was a day."""
    reference = context.reference
    if reference is None or reference.days is None or reference.precision not in ("day", "part_of_day", "hour", "minute"):
        return None
    return reference.days[0]


def _that_day(match: Match, context: Context) -> TimeValue | None:
    day, part = _reference_day(context), match["part"]
    if day is None:
        return unknown("TIME" if part else "DATE", "part_of_day" if part else "day")
    side = (match["side"] or "").lower()
    offset = _shift_of(match["shift"]) if match["shift"] else {"before": -1, "earlier": -1, "after": 1}.get(side, 0)
    return _day_value(day + timedelta(days=offset), "text", part)


# --- weeks, months, years ---------------------------------------------------------------------------------------------


def _relative_unit(match: Match, context: Context) -> TimeValue | None:
    unit = _unit(match["unit"])
    if match["shift"].lower() == "the past" and unit in ("DE", "CE"):
        return _length(1, unit)
    if context.anchor is None:
        return unknown("DATE", PRECISION_OF[unit])
    day = _move(context.anchor.replace(day=1) if unit not in ("W",) else context.anchor, unit, _shift_of(match["shift"]))
    return _of_unit(unit, day, "anchor") if day else None


def _end_of_unit(match: Match, context: Context) -> TimeValue | None:
    unit = _unit(match["unit"])
    return _of_unit(unit, context.anchor, "anchor") if context.anchor else unknown("DATE", PRECISION_OF[unit])


def _weekend(match: Match, context: Context) -> TimeValue | None:
    if context.anchor is None:
        return unknown("DATE", "range")
    saturday = week_days(context.anchor)[0] + timedelta(days=5)
    shift, word = _shift_of(match["shift"]), (match["shift"] or "the").lower()
    if (word in ("the", "this") and context.tense != "future" and context.anchor < saturday) or shift < 0:
        saturday -= timedelta(days=7)
    elif shift > 0 and context.anchor >= saturday:
        saturday += timedelta(days=7)
    return TimeValue("DATE", _week_value(saturday) + "-WE", (saturday, saturday + timedelta(days=1)), "range", "anchor")


def _reference_unit(match: Match, context: Context) -> TimeValue | None:
    unit, reference = _unit(match["unit"]), context.reference
    fine = {"Y": ("year", "quarter", "season", "month", "week", "day"), "M": ("month", "day"), "W": ("week", "day")}[unit]
    if reference is None or reference.days is None or reference.precision not in fine:
        return unknown("DATE", PRECISION_OF[unit])
    day = reference.days[0]
    moved = _move(day if unit == "W" else day.replace(day=1), unit, _shift_of(match["shift"]))
    return _of_unit(unit, moved, "text") if moved else None


def _quarter(match: Match, context: Context) -> TimeValue | None:
    half = match["half"]
    name = _group(match, "ord", "possord")
    number = _look("ordinal_quarter", name) if name else int(match["q"] or (1 if half and half.lower() == "first" else 2))
    shift, text = _group(match, "yearshift", "halfshift", "possshift"), _group(match, "year", "yearq", "yearh")
    months = 6 if half else 3
    precision = "range" if half else "quarter"
    if text:
        year, basis = int(text), "explicit"
    elif context.anchor is None:
        return unknown("DATE", precision)
    elif shift:
        year, basis = context.anchor.year + _shift_of(shift), "anchor"
    else:
        begun = (number - 1) * months + 1 <= context.anchor.month
        year, basis = context.anchor.year - (not begun and context.tense != "future") - bool(match["ago"]), "anchor"
    days = date(year, (number - 1) * months + 1, 1), month_days(year, number * months)[1]
    return TimeValue("DATE", f"{year}-{'H' if half else 'Q'}{number}", days, precision, basis)


def _season(match: Match, context: Context) -> TimeValue | None:
    season = _look("season", str(_group(match, "season", "seasony", "seasonbare", "fall")))
    text, month = _group(match, "year", "yearb"), _SEASON_MONTHS[season]
    if text:
        year, basis = int(text), "explicit"
    elif context.anchor is None:
        return unknown("DATE", "season")
    else:
        year, basis = _season_year(month, _group(match, "shift"), context.anchor, context.tense), "anchor"
    start = date(year, month, 1)
    return TimeValue("DATE", f"{year}-{season}", (start, shift_months(start, 3) - timedelta(days=1)), "season", basis)


def _season_year(month: int, shift: str | None, anchor: date, tense: str) -> int:
    """Year in which the season begins; a winter in progress began the year before."""
    begun = date(anchor.year, month, 1) <= anchor
    latest = anchor.year if begun else anchor.year - 1
    running = anchor < shift_months(date(latest, month, 1), 3)
    step = _shift_of(shift)
    if step < 0:
        return latest - (running and not (shift or "").lower().startswith("this"))
    if step > 0 or (tense == "future" and not running):
        return latest + 1
    return anchor.year if (shift or "").lower() == "this" and not running else latest


def _holiday(match: Match, context: Context) -> TimeValue | None:
    name, shift = match["holiday"].lower(), _group(match, "shift")
    if match["year"]:
        return _day_value(_holiday_day(name, int(match["year"])), "explicit")
    if context.anchor is None:
        return unknown("DATE", "day")
    days = [_holiday_day(name, y) for y in range(context.anchor.year - 1, context.anchor.year + 2)]
    tense = {-1: "past", 1: "future"}.get(_shift_of(shift) if shift else 0, context.tense)
    chosen = _nearest(context.anchor, tense, days)
    return _day_value(chosen, "anchor") if chosen else None


def _holiday_day(name: str, year: int) -> date:
    rule = _look("holiday", name)
    if rule == "thanksgiving":
        first = date(year, 11, 1)
        return first + timedelta(days=(4 - first.isoweekday()) % 7 + 21)
    if rule.startswith("easter"):
        return _easter(year) + timedelta(days=int(rule.removeprefix("easter") or 0))
    month, day = rule.split("-")
    return date(year, int(month), int(day))


def _easter(year: int) -> date:
    """Western Easter by the anonymous Gregorian rule (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * e) // 451
    month, day = divmod(h + e - 7 * m + 114, 31)
    return date(year, month, day + 1)


# --- distances and lengths --------------------------------------------------------------------------------------------


def _ago(match: Match, context: Context) -> TimeValue | None:
    unit, count = _unit(match["unit"]), _number(match)
    if count is None:
        return TimeValue("DATE", "PAST_REF", None, None, "unknown")
    return _distance(unit, -count, context.anchor, "anchor")


def _distance(unit: str, count: float, origin: date | None, basis: str) -> TimeValue:
    """The unit that lies so many units from the origin."""
    precision = PRECISION_OF[unit]
    if unit.startswith("T"):
        return unknown("TIME", precision)
    moved = _move(origin, unit, count) if origin else None
    return _of_unit(unit, moved, basis) if moved else unknown("DATE", precision)


def _vague_past(match: Match, context: Context) -> TimeValue | None:
    return TimeValue("DATE", "PAST_REF", None, None, "unknown")


def _earlier_later(match: Match, context: Context) -> TimeValue | None:
    unit, count, reference = _unit(match["unit"]), _number(match), context.reference
    precision = PRECISION_OF[unit]
    if count is None or reference is None or reference.days is None:
        return unknown("TIME" if unit.startswith("T") else "DATE", precision)
    sign = 1 if match["side"].lower() in ("later", "afterward", "afterwards") else -1
    if unit == "Y" and reference.precision == "quarter":
        moved = _move(reference.days[0], unit, sign * count)
        return _of_unit("Q", moved, "text") if moved else None
    coarse = {"D": ("day", "part_of_day"), "N": ("day",), "W": ("day", "week", "part_of_day"), "F": ("day",), "M": ("day", "month", "week")}
    if unit in coarse and reference.precision not in coarse[unit]:
        return unknown("DATE", precision)
    return _distance(unit, sign * count, reference.days[0], "text")


def _in_future(match: Match, context: Context) -> TimeValue | None:
    unit, count = _unit(match["unit"]), _number(match)
    if count is None:
        return None
    if context.tense == "future" and not unit.startswith("T"):
        return _distance(unit, count, context.anchor, "anchor")
    return _length(count, unit)


def _amount(count: float, unit: str) -> str:
    """TIMEX3 length: PT4H, P3Y, P2Y6M; decades and centuries in years."""
    times, unit = {"DE": (10, "Y"), "CE": (100, "Y"), "F": (2, "W"), "N": (1, "D")}.get(unit, (1, unit))
    count *= times
    clock, letter = ("T", unit[1]) if unit.startswith("T") else ("", unit)
    whole, rest = int(count), count - int(count)
    finer = {"Y": (12, "M"), "TH": (60, "M"), "TM": (60, "S")}.get(unit)
    if rest and finer:
        return f"P{clock}{f'{whole}{letter}' if whole else ''}{round(rest * finer[0])}{finer[1]}"
    return f"P{clock}{whole if not rest else count}{letter}"


def _length(count: float | None, unit: str, days: Days | None = None, basis: str = "explicit") -> TimeValue:
    if count is None:
        clock = "T" if unit.startswith("T") else ""
        value = f"P{clock}{_NUMBER_OF_SOME}{unit[-1] if clock else {'F': 'W', 'N': 'D'}.get(unit, unit)}"
    else:
        value = _amount(count, unit)
    return TimeValue("DURATION", value, days, "range" if days else PRECISION_OF[unit], basis)


def _past_span(match: Match, context: Context) -> TimeValue | None:
    unit, count, shift = _unit(match["unit"]), _number(match), match["shift"].lower()
    anchor = context.anchor
    step = _shift_of(shift) or (-1 if shift in ("latest", "recent") else 0)
    if anchor is None or count is None or unit.startswith("T") or not step or _group(match, "approx"):
        return _length(count, unit)
    other = _move(anchor, unit, step * count)
    if other is None:
        return _length(count, unit)
    return _length(count, unit, (min(anchor, other), max(anchor, other)), "anchor")


def _duration(match: Match, context: Context) -> TimeValue | None:
    if match["halfan"]:
        return _length(0.5, _unit(match["unit"]))
    count = _number(match)
    if count is None and not match["some"]:
        return None
    unit = _unit(match["unit"])
    # "Three-quarters" is a share, "the 1988 quarter" a name.
    if unit == "Q" and (match["join"] == "-" or (count is not None and count > 40)):
        return None
    if " and a half" in match[0].lower() and count is not None and not match["half"]:
        count += 0.5
    return _length(count, unit)


def _one_unit(match: Match, context: Context) -> TimeValue | None:
    return None if match["one"].lower() == "the" else _length(1, _unit(match["unit"]))


def _vague_length(match: Match, context: Context) -> TimeValue | None:
    return _length(None, _unit(match["unit"]))


def _nth_unit(match: Match, context: Context) -> TimeValue | None:
    return unknown("DATE", PRECISION_OF[_unit(match["unit"])])


# --- sets, clock, vague -----------------------------------------------------------------------------------------------


def _every(match: Match, context: Context) -> TimeValue | None:
    if match["unit"]:
        count = 2.0 if (match["num"] or "").lower() == "other" else _number(match) or 1.0
        unit = _unit(match["unit"])
        return TimeValue("SET", _amount(count, unit), None, PRECISION_OF[unit], "explicit")
    if match["month"]:
        return TimeValue("SET", f"XXXX-{_look('month', match['month']):02d}", None, "month", "explicit")
    if match["season"]:
        return TimeValue("SET", f"XXXX-{_look('season', match['season'])}", None, "season", "explicit")
    return TimeValue("SET", f"XXXX-XX-XXT{_look('part', match['part'])}", None, "part_of_day", "explicit")


def _times_a(match: Match, context: Context) -> TimeValue | None:
    unit = _unit(match["unit"])
    return TimeValue("SET", _amount(1, unit), None, PRECISION_OF[unit], "explicit")


def _frequency(match: Match, context: Context) -> TimeValue | None:
    value = _look("frequency", match["word"])
    return TimeValue("SET", value, None, {"D": "day", "W": "week", "M": "month", "Y": "year", "H": "hour"}[value[-1]], "explicit")


def _clock_text(match: Match) -> tuple[str, str] | None:
    """Clock time as HH:MM and how exact it is; None for an impossible one."""
    if match["noon"]:
        return ("24:00" if match["noon"].lower() == "midnight" else "12:00"), "hour"
    if match["military"]:
        hour, minute = int(match["military"][:2]), int(match["military"][2:])
        return (f"{hour:02d}:{minute:02d}", "minute") if hour < 24 else None
    if match["hour24"]:
        return f"{int(match['hour24']):02d}:{match['minute24']}", "minute"
    hour, half = int(match["hour"]), match["ampm"].lower()[0]
    if not 1 <= hour <= 12:
        return None
    if half in "ap":
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{match['minute'] or '00'}", "minute" if match["minute"] else "hour"


def _clock(match: Match, context: Context) -> TimeValue | None:
    clock = _clock_text(match)
    if clock is None:
        return None
    day = _clock_day(match, context)
    if day is None:
        return unknown("TIME", clock[1])
    return TimeValue("TIME", f"{day[0].isoformat()}T{clock[0]}", (day[0], day[0]), clock[1], day[1])


def _clock_day(match: Match, context: Context) -> tuple[date, str] | None:
    """The day of a clock time and its basis: beside it, in its sentence, spoken of before, or that of the text."""
    if match["month"]:
        value = _calendar_day(match, context)
        return (value.days[0], value.basis) if value and value.days else None
    if match["wd"] or match["dayword"]:
        return (context.anchor + timedelta(days=_days_to(match, context)), "anchor") if context.anchor else None
    if context.same_day and context.same_day.days:
        return context.same_day.days[0], context.same_day.basis
    day, basis = _reference_day(context), "text"
    if day is None:
        day, basis = context.anchor, "anchor"
    return (day, basis) if day else None


def _days_to(match: Match, context: Context) -> int:
    """Days from the day of the text to the weekday or day word beside a clock time."""
    if match["dayword"] or context.anchor is None:
        return _DEICTIC[match["dayword"].lower()]
    ahead = _look("weekday", match["wd"]) - context.anchor.isoweekday()
    return int(ahead % 7 if context.tense == "future" else -(-ahead % 7))


def _part_of_day(match: Match, context: Context) -> TimeValue | None:
    day = context.same_day.days[0] if context.same_day and context.same_day.days else _reference_day(context)
    part = match["part"].lower()
    if day is None:
        return unknown("TIME", "part_of_day")
    return _day_value(day, "text", "evening" if part == "dusk" else part)


def _vague(match: Match, context: Context) -> TimeValue | None:
    return TimeValue("DATE", _look("vague", match["word"]), None, None, "unknown")


_KINDS: dict[str, Callable[[Match, Context], TimeValue | None]] = {
    "iso": _iso,
    "numeric": _numeric,
    "day": _calendar_day,
    "day_range": _day_range,
    "month": _month,
    "year_range": _year_range,
    "year": _year,
    "year_words": _year_words,
    "decade": _decade,
    "century": _century,
    "weekday": _weekday,
    "weekday_set": _weekday_set,
    "deictic": _deictic,
    "reference_day": _that_day,
    "relative_unit": _relative_unit,
    "end_of_unit": _end_of_unit,
    "weekend": _weekend,
    "reference_unit": _reference_unit,
    "quarter": _quarter,
    "season": _season,
    "holiday": _holiday,
    "ago": _ago,
    "vague_past": _vague_past,
    "earlier_later": _earlier_later,
    "in_future": _in_future,
    "past_span": _past_span,
    "duration": _duration,
    "one_unit": _one_unit,
    "vague_length": _vague_length,
    "nth_unit": _nth_unit,
    "every": _every,
    "times_a": _times_a,
    "frequency": _frequency,
    "clock": _clock,
    "part_of_day": _part_of_day,
    "vague": _vague,
}
