"""Number words in a text: where they stand, what they state, and what the words beside them make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from transforms.extraction.figure_lexicon import FigureLexicon
from transforms.extraction.numbers import FRACTIONS, SCALES, SUFFIXES, TENS, UNITS, parse_number, parse_ordinal
from transforms.extraction.quote_tree import Tree

VAGUE = {
    "dozens": "dozens", "hundreds": "hundreds", "thousands": "thousands", "millions": "millions", "billions": "other", "scores": "other",
}  # fmt: skip
_VAGUE_SCALE = {"dozen": "dozens", "hundred": "hundreds", "thousand": "thousands", "million": "millions"}
_SOME = frozenset(("several", "few", "many"))
_DIGITS = re.compile(r"\d[\d,.]*$|\.\d+$|\d*[½¼¾⅓⅔]$")
_GLUED = re.compile(r"(\d[\d,]*(?:\.\d+)?)([a-z°²³/]+)$")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_RANGE = re.compile(r"(\d[\d,.]*)[-–](\d[\d,.]*)$")
_WORDS = frozenset((*UNITS, *TENS, *SCALES, "half"))
_LONG_SUFFIXES = frozenset(("bn", "mn", "mln", "tn", "trn"))
_BEFORE_SCALE = frozenset(("half", "several", "few", "-", "many", "couple"))
_CONNECTORS = frozenset(("-", "and", "a", "an"))
_DASHES = frozenset(("-", "–", "—"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """Number words: tokens ``first`` to ``end`` (exclusive) with their comparator, ``number`` is the first of the number itself.

    ``kind``: number, vague, fraction, ratio ("one in five") or ordinal. ``glued`` is a unit written onto the digits ("20km"),
    ``sign`` a currency sign before them.
    """

    first: int
    number: int
    end: int
    low: float | None
    high: float | None
    comparator: str
    kind: str = "number"
    glued: str = ""
    sign: str = ""


def find_quantities(tree: Tree, lexicon: FigureLexicon) -> list[Quantity]:
    """All number words of a document in the order of the text, none overlapping another; dates and labels are still among them."""
    out: list[Quantity] = []
    i = 0
    while i < len(tree):
        found = _read(tree, lexicon, i)
        if found is None:
            i += 1
            continue
        out.append(_with_comparator(tree, lexicon, found))
        i = found.end
    return out


def _read(tree: Tree, lexicon: FigureLexicon, i: int) -> Quantity | None:
    word = tree.lower[i]
    if word in VAGUE or word in _SOME or word == "tens":
        return _vague(tree, i)
    if _ORDINAL.match(word):
        rank = parse_ordinal(word)
        return Quantity(i, i, i + 1, float(rank), float(rank), "equal", "ordinal") if rank else None
    both = _RANGE.match(word)
    if both:
        low, high = parse_number(both[1]), parse_number(both[2])
        return Quantity(i, i, i + 1, low, high, "between") if low is not None and high is not None and low < high else None
    if not (_DIGITS.match(word) or word in _WORDS or word in ("a", "an") or _GLUED.match(word)):
        return None
    number = _number(tree, lexicon, i)
    return None if number is None else _range(tree, lexicon, number)


def _vague(tree: Tree, i: int) -> Quantity | None:
    """'Dozens', 'tens of thousands', 'several hundred'; 'several' alone counts too, 'few' and 'many' do not."""
    end = tree.sentence_end[i]
    word, after = tree.lower[i], tree.lower[i + 1 : min(i + 3, end)]
    first = i - 1 if i and tree.lower[i - 1] == "a" and word == "few" else i
    if word in ("tens", "hundreds") and len(after) == 2 and after[0] == "of" and after[1] in ("thousands", "millions", "billions"):
        name = f"{word}_of_thousands" if after[1] == "thousands" else VAGUE[after[1]]
        return Quantity(i, i, i + 3, None, None, name, "vague")
    if word in _SOME:
        if after and after[0] in _VAGUE_SCALE:
            return Quantity(first, first, i + 2, None, None, _VAGUE_SCALE[after[0]], "vague")
        return Quantity(i, i, i + 1, None, None, "several", "vague") if word == "several" else None
    return None if word == "tens" else Quantity(i, i, i + 1, None, None, VAGUE[word], "vague")


def _number(tree: Tree, lexicon: FigureLexicon, i: int) -> Quantity | None:
    """The longest run of tokens from ``i`` that states one number."""
    word = tree.lower[i]
    sign = _sign(tree, lexicon, i)
    glued = _GLUED.match(word)
    if (word[0] == "0" and word[1:2].isdigit()) or (word in SCALES and i and tree.lower[i - 1] in _BEFORE_SCALE):
        return None
    if glued:
        value = parse_number(word) if glued[2] in SUFFIXES and (sign or glued[2] in _LONG_SUFFIXES) else None
        if value is not None:
            return Quantity(i, i, i + 1, value, value, "equal", sign=sign)
        bare = parse_number(glued[1])
        return Quantity(i, i, i + 1, bare, bare, "equal", glued=glued[2], sign=sign) if bare is not None else None
    limit = min(i + 9, tree.sentence_end[i])
    stop = i + 1
    while stop < limit and (
        tree.lower[stop] in _WORDS | _CONNECTORS | FRACTIONS.keys()
        or tree.lower[stop] in _plural_fractions
        or _follows_digits(tree, stop, i)
    ):
        stop += 1
    for end in range(stop, i, -1):
        if tree.lower[end - 1] in _CONNECTORS:
            continue
        value = parse_number(_spell(tree, i, end, sign))
        if value is not None:
            last = tree.lower[end - 1]
            return _scaled(tree, Quantity(i, i, end, value, value, "equal", sign=sign), part=last in FRACTIONS or last in _plural_fractions)
    return None


def _scaled(tree: Tree, q: Quantity, *, part: bool) -> Quantity:
    """The number times the scale behind it ("three and a half million", "a quarter of a million"); a fraction where there is none."""
    value, end = q.low or 0.0, q.end
    after = tree.lower[end : end + 3]
    skip = (
        3 if len(after) == 3 and after[:2] == ["of", "a"] and after[2] in SCALES and part else 1 if after[:1] and after[0] in SCALES else 0
    )
    if skip:
        value, end, part = value * SCALES[after[skip - 1]], end + skip, False
    # Twelve digits: products of decimals with a scale keep no noise of their binary form.
    value = float(f"{value:.12g}")
    return replace(q, end=end, low=value, high=value, kind="fraction" if part and value < 1 else "number")


_plural_fractions = frozenset(f"{w}s" for w in FRACTIONS) | {"halves"}


def _follows_digits(tree: Tree, k: int, i: int) -> bool:
    """A scale letter behind digits ("2.5 m" tokenized in two) or digits of one number parted by a blank."""
    return k == i + 1 and tree.lower[k] in SUFFIXES and _DIGITS.match(tree.lower[i]) is not None


def _spell(tree: Tree, i: int, end: int, sign: str) -> str:
    words = tree.lower[i:end]
    if len(words) == 2 and words[1] in SUFFIXES:
        return "".join(words) if sign or words[1] in _LONG_SUFFIXES or _counts_something(tree, end) else " ".join(words)
    plain = [w for w in words if w != "-" or len(words) == 1]
    if "half" in plain[:2] and plain[-1] in SCALES and len(plain) <= 3:
        return f"half a {plain[-1]}"
    return " ".join(plain)


def _counts_something(tree: Tree, k: int) -> bool:
    return k < len(tree) and tree.tag[k] in ("NNS", "JJ") and tree.spaced[k - 1]


def _sign(tree: Tree, lexicon: FigureLexicon, i: int) -> str:
    if i and tree.words[i - 1] in lexicon.signs and tree.sentence[i - 1] == tree.sentence[i]:
        return tree.words[i - 1]
    return ""


def _range(tree: Tree, lexicon: FigureLexicon, a: Quantity) -> Quantity:
    """'40 to 60', '40-60', 'two or three', 'between 40 and 60' as one quantity; else the quantity itself."""
    k, limit = a.end, tree.sentence_end[a.number]
    if a.kind != "number" or a.low is None or k + 1 >= limit:
        return a
    link = tree.lower[k]
    if link in ("in", "of"):
        every = tree.lower[k + 1] == "every"
        return _ratio(tree, lexicon, a, k + 1 + every, every=every or link == "in")
    before = tree.lower[a.number - (2 if a.sign else 1)] if a.number > (1 if a.sign else 0) else ""
    fits = link in _DASHES or link == "or" or (link == "to" and before != "from") or (link == "and" and before == "between")
    j = k + 1
    if fits and j < limit and tree.words[j] in lexicon.signs:
        j += 1
    b = _number(tree, lexicon, j) if fits and j < limit and (_DIGITS.match(tree.lower[j]) or tree.lower[j] in _WORDS) else None
    if b is None or b.low is None or b.kind != "number":
        return a
    scale = next((SCALES[w] for w in tree.lower[j : b.end] if w in SCALES), 1.0)
    plain = not any(w in SCALES for w in tree.lower[a.number : a.end])
    low = a.low * scale if plain and scale > 1 and a.low * scale < b.low else a.low
    if low >= b.low or (link == "or" and b.low > 2 * low + 1) or (link in _DASHES and not _counts_after(tree, b.end)):
        return a
    return replace(a, end=b.end, low=low, high=b.low, comparator="between", glued=b.glued, sign=a.sign or b.sign)


def _ratio(tree: Tree, lexicon: FigureLexicon, a: Quantity, j: int, *, every: bool) -> Quantity:
    """'One in five', 'nine of every 10' and 'nine of ten' as a share; else the first number alone."""
    if j >= tree.sentence_end[a.number]:
        return a
    b = _number(tree, lexicon, j) if _DIGITS.match(tree.lower[j]) or tree.lower[j] in UNITS or tree.lower[j] in TENS else None
    if (
        b is None
        or a.low is None
        or b.low is None
        or not 0 < a.low < b.low <= 1000
        or (len(tree.words[j]) == 4 and tree.words[j].isdigit())
        or a.low > 10
        or not (every or b.low in (10, 100))
    ):
        return a
    return replace(a, end=b.end, low=a.low / b.low, high=a.low / b.low, kind="ratio")


def _counts_after(tree: Tree, k: int) -> bool:
    """A score ("won 3-2") is not followed by what it counts."""
    return k < len(tree) and (tree.tag[k] in ("NNS", "JJ", "NN") or tree.words[k] in ("%", "-"))


def _with_comparator(tree: Tree, lexicon: FigureLexicon, q: Quantity) -> Quantity:
    """The quantity with the words before it ("at least") or after it ("or more") that say how exact it is."""
    first = q.number - (1 if q.sign else 0)
    if q.kind == "ordinal":
        return q
    if q.comparator == "between":
        return replace(q, first=first - 1 if first and tree.lower[first - 1] == "between" else first)
    low = tree.sentence_start[q.number]
    for c in lexicon.before:
        a = first - len(c.words)
        if a >= low and tuple(tree.lower[a:first]) == c.words:
            return _compared(q, c.name, a, q.end)
    for c in lexicon.after:
        b = q.end + len(c.words)
        if tuple(tree.lower[q.end : b]) == c.words:
            return _compared(q, c.name, first, b)
    return replace(q, first=first)


def _compared(q: Quantity, name: str, first: int, end: int) -> Quantity:
    if q.kind == "vague":
        return replace(q, first=first, end=end)
    low = None if name in ("at_most", "less_than") else q.low
    high = None if name in ("at_least", "more_than") else q.high
    return replace(q, first=first, end=end, low=low, high=high, comparator=name)
