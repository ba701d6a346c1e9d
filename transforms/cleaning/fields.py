"""What a text says of itself: authors, origin, place of the dateline, day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from transforms.cleaning.context import DATABASE_CODE
from transforms.cleaning.inline import Dateline
from transforms.cleaning.page import Entry, Page
from transforms.cleaning.patterns import agencies, compile_pattern
from transforms.cleaning.stamps import Stamp, parse_day, read_stamp
from warehouse.schema import Row

BRACKETED = re.compile(r"\s?\([^()]{2,40}\)|\s@\w+")
"""The place or the handle behind a reporter's name."""

LABEL = re.compile(
    r"\b(first published|originally published|published|posted|original|created|last updated|updated|last modified|modified)\b",
    re.IGNORECASE,
)
FIRST_LABELS = ("first published", "originally published", "published", "posted", "original", "created")
NAME_BREAK = re.compile(r"\s*(?:,|;|\band\b|&|\bwith\b|/|\||·|•|—|–|\s-\s|\(|\)|\bfor\b|\bin\b|\bat\b)\s*")
NOT_A_NAME = re.compile(
    r"\b(?:staff|reporters?|reports?|correspondents?|editors?|writers?|news|press|agency|agencies|desk|team|bureau|newsroom|media|wire|online|web|"
    r"times|post|daily|herald|tribune|guest|special|contributor|columnist|associated|reuters|live|published|updated)\b",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"^\W*(?:byline\s?:\s?(?:by\s+)?"
    r"|(?:(?:story|words?|text|interview|obituary|essay|written|posted|reported|compiled|edited|analysis|report)\s+)?by:?\s+(?:from\s+)?)",
    re.IGNORECASE,
)
NOT_AN_AGENCY = re.compile(r"\b(?:desk|staff|agencies|bureau|correspondent|reporter|monitoring|online|exclusive|updated?)\b", re.IGNORECASE)
DATE_RULES = ("clean.timestamp.labelled", "clean.timestamp.labelled_outlet")


@cache
def _copyright_agency() -> re.Pattern[str]:
    return compile_pattern(r"(?:©|\([cC]\)|[Cc]opyright|COPYRIGHT)[\s©\d,–-]{0,20}(?:by )?({AGENCY})")


@cache
def _reported_by_agency() -> re.Pattern[str]:
    return compile_pattern(r"\W*[Rr]eport(?:ing|ed) by (?:the )?({AGENCY})(?=\W|$)")


@cache
def _agency_alone() -> re.Pattern[str]:
    return compile_pattern(r"[\s(/—–-]*({AGENCY})[\s).]*")


@cache
def _by_agency() -> re.Pattern[str]:
    return compile_pattern(r"(?:[Bb]y |BY )?({AGENCY})(?:[ ,|/·•—–-].{0,60})?")


@cache
def _source() -> re.Pattern[str]:
    return compile_pattern(r"\W*(?:[Ss]ource|SOURCE|[Vv]ia|[Oo]riginal source)\s*:\s*(.{2,60}?)\W*")


def find_authors(page: Page) -> list[str]:
    """The names in bylines, those above the text first; posts' authors belong to their posts."""
    of_posts = {i for e in page.entries if e.kind == "live_post" for i in range(e.first, e.stop)}
    lines = [i for i in range(len(page.lines)) if page.kind(i) == "byline" and i not in of_posts]
    lines.sort(key=lambda i: (not page.is_head(i), i))
    out: list[str] = []
    for i in lines:
        if out and not page.is_head(i):
            break
        out += [n for n in names_of_byline(page.lines[i].text) if n.casefold() not in {o.casefold() for o in out}]
    return out


def names_of_byline(text: str) -> list[str]:
    """The names of people in a byline, without "By", titles, functions and outlets; names in capitals are put in small letters.

    >>> names_of_byline("By Ana Sousa and Jon Voss, Example Post")
    ['Ana Sousa', 'Jon Voss']
    """
    text = re.split(r"\d", LEADING.sub("", DATABASE_CODE.sub(r"\2", BRACKETED.sub(" ", text))), maxsplit=1)[0]
    out = []
    for part in NAME_BREAK.split(text):
        name = re.sub(r"^(?:Dr|Mr|Mrs|Ms|Prof|Sir|Dame)\.? ", "", part.strip(" .:*_-"))
        words = name.split()
        if not 2 <= len(words) <= 5 or NOT_A_NAME.search(name) or any(w[0].islower() for w in (words[0], words[-1])):
            continue
        if re.search(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*$", name):
            name = " ".join(words[:-1])
        if len(name.split()) >= 2:
            out.append(small_case(name))
    return out


def small_case(name: str) -> str:
    """A name in capitals with its first letters alone in capitals; any other name as it is.

    >>> small_case("ANA O'NEILL-SOUSA"), small_case("Ana SOUSA")
    ("Ana O'Neill-Sousa", 'Ana SOUSA')
    """
    if not name.isupper():
        return name
    return re.sub(r"[^\W\d_]+", lambda m: m[0][0] + m[0][1:].lower(), name)


def find_origin(page: Page, datelines: Sequence[Dateline]) -> str | None:
    """The agency that dateline, credit, byline or copyright notice names, else the outlet behind "Source:"; None without one."""
    named = agencies()
    for dateline in datelines:
        if dateline.agency is not None and not NOT_AN_AGENCY.search(dateline.agency):
            return named.get(dateline.agency, dateline.agency)
    for i, line in enumerate(page.lines):
        kind = page.kind(i)
        if kind in ("body", "subhead", "caption", "title", "subtitle", "live_segment_header"):
            m = _mark_at_end(page, i)
        elif kind == "byline":
            m = _by_agency().fullmatch(line.head)
        elif _agency_alone().fullmatch(line.head):
            m = _agency_alone().fullmatch(line.head) if _is_the_texts_own(page, i) else None
        else:
            m = _copyright_agency().match(line.head) or _reported_by_agency().match(line.head)
        if m is not None:
            return named[m[1]]
    sources = (_source().fullmatch(x.head) for i, x in enumerate(page.lines) if page.kind(i) == "credit")
    return next((m[1] for m in sources if m is not None), None)


@cache
def _end_mark() -> re.Pattern[str]:
    return compile_pattern(r"(?<=[.!?”\"])\s*(?:[–—-]{1,2} ?|/|\()({AGENCY})\)?\s*\Z")


def _mark_at_end(page: Page, i: int) -> re.Match[str] | None:
    """The agency's mark behind the last sentence of the text."""
    if page.kind(i) != "body" or any(page.kind(k) == "body" for k in range(i + 1, min(i + 40, len(page.lines)))):
        return None
    text = page.lines[i].text
    return _end_mark().search(text, max(0, len(text) - 60))


def _is_the_texts_own(page: Page, i: int) -> bool:
    """Whether an agency's name alone on its line stands where a byline or a closing credit stands, not under a picture."""
    around = (page.kind(i - 1), page.kind(i + 1))
    if "caption" in around or "credit" in around:
        return False
    if page.is_head(i):
        return any(k in ("byline", "timestamp", "title", "subtitle") for k in around)
    return page.kind(i - 1) == "body" and page.is_tail(i)


def find_published(page: Page, datelines: Sequence[Dateline]) -> Row:
    """The published_* columns that the text gives; empty where it gives no full date.

    A live blog counts as published at its newest stamp. Dates in captions and in running text never count.
    """
    stamps = [e.stamp for e in page.entries if e.stamp is not None and e.stamp.day is not None]
    if stamps:
        newest = max(stamps, key=lambda s: datetime.combine(s.day or date.min, s.clock or datetime.min.time()))
        return _columns(newest)
    best = min(_dated_lines(page), key=lambda x: x[0], default=None)
    if best is not None:
        return _columns(best[1])
    days = [d for d in (parse_day(x.day) for x in datelines[:1] if x.day is not None) if d is not None]
    return {"published_date": days[0], "published_precision": "day", "published_basis": "text"} if days else {}


def date_posts(page: Page) -> list[Entry]:
    """The entries, posts that are stamped with a clock time alone dated by the day printed above them.

    Only where the clock times run in one direction, so that no midnight lies between them, and the page prints one day, not an update.
    """
    clocks = [e.stamp.clock for e in page.entries if e.stamp is not None and e.stamp.day is None and e.stamp.clock is not None]
    if len(clocks) < len(page.entries) or not clocks or clocks not in (sorted(clocks), sorted(clocks, reverse=True)):
        return page.entries
    days = {s.day for (rank, i), s in _dated_lines(page) if rank < 2 and i < page.entries[0].first}
    if len(days) != 1:
        return page.entries
    day = days.pop()
    return [replace(e, stamp=None if e.stamp is None else replace(e.stamp, day=day)) for e in page.entries]


def _dated_lines(page: Page) -> Iterator[tuple[tuple[int, int], Stamp]]:
    """Stamps of the page with a full date, each with its rank: published before unlabelled before updated, then in their order."""
    for i, line in enumerate(page.lines):
        verdict = page.verdicts[i]
        if verdict is None or verdict.kind not in ("timestamp", "byline"):
            continue
        if not page.is_head(i) and verdict.rule_id not in DATE_RULES:
            continue
        for label, part in _labelled_parts(line.head):
            stamp = read_stamp(part)
            if stamp is not None and stamp.day is not None:
                yield ((0 if label in FIRST_LABELS else 2 if label else 1, i), stamp)


def _labelled_parts(text: str) -> Iterator[tuple[str, str]]:
    """The line cut at the words that label its dates."""
    pieces = LABEL.split(text)
    if pieces[0].strip():
        yield "", pieces[0]
    yield from ((label.lower(), part) for label, part in zip(pieces[1::2], pieces[2::2], strict=True))


def _columns(stamp: Stamp) -> Row:
    out: dict[str, Any] = {"published_date": stamp.day, "published_precision": "day", "published_basis": "text"}
    if stamp.clock is not None:
        out |= {"published_at": stamp.instant, "published_local": stamp.local, "published_precision": "minute"}
    return out
