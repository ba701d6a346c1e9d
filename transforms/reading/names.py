"""Bylines as inputs write them -> names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from transforms.rules import load_rules

LONGEST = 1000
"""A longer text is no byline."""

_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+", re.IGNORECASE)
_BY = re.compile(
    r"^\W*(?:(?:written|reported|reporting|story|text|words|posted|published|submitted|analysis|review|interview)\s+"
    r"|(?:view|see|read)\s+(?:all|more)\s+(?:posts|articles|stories)\s+)?by\b[:\s]+"
    r"|^\W*(?:text|words|story|report|reporting|author|authors|writer)\s*:\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[,;|/•·–—\n]|\s-\s|\s&\s|\band\b|\bwith\b(?=\s+[A-Z]))\s*")
_SUFFIX = re.compile(r",\s+(?=(?:Jr|Sr)\b\.?|(?:II|III|IV)\b)")
_DEGREE = re.compile(r"^(?:ph\.?d|m\.?d|m\.?a|b\.?a|esq|llb|mp|mep)\.?$", re.IGNORECASE)
_TAIL = re.compile(r"\s+(?:in|for|at|on|from|of)\s+.*$")
_PICTURES = re.compile(
    r"^\W*(?:photo(?:graph(?:s|y)?|s)?|pictures?|images?|illustrations?|graphics?|videos?|drawings?)\b(?:\s+by\b|\s*:)", re.IGNORECASE
)
_TOOK_PICTURES = re.compile(r"\(\s*(?:photo|picture|image|illustration|graphic|video|drawing)\w*\s*\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_MARKED = "\x00"
"""Stands behind the name of somebody who only took the pictures."""
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=1)
def _agency_names() -> frozenset[str]:
    return frozenset(name for rule in load_rules("cleaning_agencies")["agency"] for name in (rule["name"], *rule["written"]))


@lru_cache(maxsize=1)
def _job_words() -> re.Pattern[str]:
    rules = load_rules("reading_fields")["job"]
    anywhere = "|".join(re.escape(word) for rule in rules for word in rule["words"])
    whole = "|".join(re.escape(word) for rule in rules for word in rule["whole"])
    return re.compile(rf"\b(?:{anywhere})\b|^(?:{whole})$", re.IGNORECASE)


def clean_authors(values: Iterable[object]) -> list[str]:
    """Names in their order, each once; 'By', jobs, addresses and links taken off, and an agency beside a person.

    >>> clean_authors(["By Mira Holt and Tomas Reyk, Staff Writers"])
    ['Mira Holt', 'Tomas Reyk']
    """
    names: list[str] = []
    seen: set[str] = set()
    for value in values:
        if not isinstance(value, str) or len(value) > LONGEST:
            continue
        for name in _split(value):
            if name.casefold() not in seen:
                seen.add(name.casefold())
                names.append(name)
    return [name for name in names if name not in _agency_names()] or names


def _split(text: str) -> Iterable[str]:
    text = _ADDRESS.sub(" , ", text)
    text = _BY.sub("", _SPACE.sub(" ", text).strip())
    text = _SUFFIX.sub(" ", text)
    text = _BRACKETS.sub("", _TOOK_PICTURES.sub(_MARKED, text))
    names = [name for name in map(_one_name, _SPLIT.split(text)) if name]
    # "Ana Brandt, Lisbon": a single word behind a full name is a place or an agency.
    yield from (name for i, name in enumerate(names) if i == 0 or " " in name or " " not in names[0])


def _one_name(part: str) -> str | None:
    if _MARKED in part or _PICTURES.match(part):
        return None
    part = _BY.sub("", part).strip(' .:()[]"“”*')
    if part[:1] in "'‘" or part.count("'") > 1:
        part = part.strip("'‘’")
    # "Ana Brandt in Lisbon" and "Ana Brandt for the Post" name a person first; "News of the World" does not.
    tail = _TAIL.sub("", part)
    if tail != part and 2 <= len(tail.split()) <= 3:
        part = tail
    if not 2 <= len(part) <= 60 or _DIGIT.search(part) or len(part.split()) > 6:
        return None
    if _DEGREE.match(part) or _job_words().search(part):
        return None
    return part if any(ch.isalpha() for ch in part) and not part.islower() else (part if " " in part else None)
