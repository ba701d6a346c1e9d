"""Words of a text as linking compares them: lower case, without accents, function words or endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from transforms.rules import load_rules

WORD = re.compile(r"\d[\d.,]*\d|\d|[A-Za-z](?:[A-Za-z'-]*[A-Za-z])?")
WORD_OR_END = re.compile(WORD.pattern + r"|[.!?](?=[\"')\]]*\s)|\n")
"""A word, or the mark that ends a sentence."""

REMEMBERED = 500_000
"""Words whose form is remembered."""

SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+")
_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": " - ", "—": " - ", "‐": "-", "‑": "-"})
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae"})


def plain(text: str) -> str:
    """The text in ASCII letters: typographic marks made plain, accents taken off.

    >>> plain("Łódź’s café")
    "Lodz's cafe"
    """
    text = text.translate(_TYPOGRAPHIC).translate(_LETTERS)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Function words and the furniture of reporting."""
    return frozenset(load_rules("linking")["stopwords"]["words"])


@lru_cache(maxsize=1)
def background() -> tuple[dict[str, float], float]:
    """Share of articles that hold a word, and the share taken for a word that is not listed."""
    rules = load_rules("background")
    return {word: float(share) for share, words in rules["shares"].items() for word in words}, float(rules["rare"])


@lru_cache(maxsize=REMEMBERED)
def content_word(word: str) -> str | None:
    """The word in lower case, None for function words and single letters.

    >>> content_word("Arkaya's"), content_word("The"), content_word("63")
    ('arkaya', None, '63')
    """
    lower = word.lower().removesuffix("'s")
    if lower in stopwords() or (len(lower) < 2 and not lower.isdigit()):
        return None
    return lower


def stem(word: str) -> str:
    """A rough stem: plural, -ed and -ing taken off, so that forms of one word meet.

    >>> stem("troops"), stem("attacked"), stem("parties"), stem("pass")
    ('troop', 'attack', 'party', 'pass')
    >>> stem("missiles") == stem("missile"), stem("boxes") == stem("box"), stem("fishermen")
    (True, True, 'fisherman')
    """
    if word == "men" or (word.endswith("men") and len(word) > 4):
        return word[:-3] + "man"
    if len(word) < 4 or word[0].isdigit() or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e")


@lru_cache(maxsize=REMEMBERED)
def _stem_of(word: str) -> str | None:
    content = content_word(word)
    return stem(content) if content else None


def stems(text: str) -> list[str]:
    """Stems of the content words, in order.

    >>> stems("The troops attacked at 5")
    ['troop', 'attack', '5']
    """
    return [found for word in WORD.findall(plain(text)) if (found := _stem_of(word))]
