"""Numbers as English news writes them, in digits, in words or in both."""

from __future__ import annotations

import re
from functools import lru_cache

UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SCALES = {
    "dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
SUFFIXES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
"""Letters that news glues to digits ("1.2bn")."""

FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "sixth": 1 / 6, "eighth": 1 / 8, "tenth": 1 / 10}
VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17,
    "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100,
}  # fmt: skip

# Thousands in groups of three, or in the Indian way of two and a last three ("2,00,000"); thin and hard blanks also part groups.
_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_GLUED = re.compile(rf"({_DIGITS.pattern})([a-z]+)?")
_MIXED = re.compile(r"(?:(\d+)[ -])?(\d)/(\d{1,2})")
_ORDINAL_DIGITS = re.compile(r"(\d+)(?:st|nd|rd|th)")


@lru_cache(maxsize=8192)
def parse_number(text: str) -> float | None:
    """The value that the words state, or None where they state none ("dozens", "many", "second").

    Takes digits, words and mixtures of both; "a" counts as one before a scale or a fraction. Signs and currencies are not numbers.

    >>> parse_number("3,000"), parse_number("2.5 million"), parse_number("hundred and five"), parse_number("1.2bn")
    (3000.0, 2500000.0, 105.0, 1200000000.0)
    >>> parse_number("dozens") is None
    True
    """
    low = text.strip().lower().replace("\u2011", "-")
    glued = _GLUED.fullmatch(low)
    if glued:
        scale = SUFFIXES.get(glued[2], SCALES.get(glued[2])) if glued[2] else 1.0
        return None if scale is None else _digits(glued[1]) * scale
    mixed = _MIXED.fullmatch(low)
    if mixed:
        return int(mixed[1] or 0) + int(mixed[2]) / int(mixed[3]) if int(mixed[3]) else None
    if low[-1:] in VULGAR:
        whole = parse_number(low[:-1]) if len(low) > 1 else 0.0
        return None if whole is None else whole + VULGAR[low[-1]]
    return _words([w for w in low.replace("-", " ").split() if w])


def parse_ordinal(text: str) -> int | None:
    """The rank that the word states: "third" and "3rd" are 3; None where it states none.

    >>> parse_ordinal("twenty-first"), parse_ordinal("15th"), parse_ordinal("twelve")
    (21, 15, None)
    """
    low = text.strip().lower()
    digits = _ORDINAL_DIGITS.fullmatch(low)
    if digits:
        return int(digits[1])
    head, _, last = low.replace("-", " ").rpartition(" ")
    rank = ORDINALS.get(last)
    if rank is None or not head:
        return rank
    before = parse_number(head)
    return int(before) + rank if before is not None and rank < 20 else None


def _digits(text: str) -> float:
    return float(re.sub(r"[,\u00a0\u202f\u2009]", "", text))


def _words(words: list[str]) -> float | None:
    """Value of number words: scales multiply what stands before them, thousands and more close a group."""
    if not words or (words[0] in ("a", "an") and (len(words) == 1 or (words[1] not in SCALES and words[1] not in FRACTIONS))):
        return None
    fraction = _fraction(words)
    if fraction is not None:
        return fraction
    total, group, seen = 0.0, 0.0, False
    for n, word in enumerate(words):
        if word == "and":
            if not seen or n == len(words) - 1:
                return None
            continue
        if word in SCALES:
            scale, seen = SCALES[word], True
            group = (group or 1.0) * scale
            if scale >= 1000 or word == "dozen":
                total, group = total + group, 0.0
            continue
        value = _atom(word)
        if value is None or (group % 100 and not (group % 10 == 0 and group % 100 >= 20 and value < 10)):
            return None
        group, seen = group + value, True
    return total + group


def _atom(word: str) -> float | None:
    if word in ("a", "an"):
        return 1.0
    if word in UNITS:
        return float(UNITS[word])
    if word in TENS:
        return float(TENS[word])
    return _digits(word) if _DIGITS.fullmatch(word) else None


def _fraction(words: list[str]) -> float | None:
    """Value of "half a million", "two thirds", "three and a half"; None for other words."""
    if words[0] == "half" and len(words) == 3 and words[1] in ("a", "an") and words[2] in SCALES:
        return SCALES[words[2]] / 2
    last = words[-1]
    part = FRACTIONS.get(last) or FRACTIONS.get(last.removesuffix("s")) or (0.5 if last == "halves" else None)
    if part is None:
        return None
    if words == ["half"]:
        return part
    if len(words) > 3 and words[-3:-1] in (["and", "a"], ["and", "one"]):
        whole = _words(words[:-3])
        return None if whole is None else whole + part
    if len(words) != 2:
        return None
    count = _atom(words[0])
    return None if count is None else count * part
