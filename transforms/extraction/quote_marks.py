"""Stretches of text in quotation marks, paired within each segment."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.extraction.quote_tree import Tree, word_set

OPENING = frozenset(("“", "„", "«", "``"))
CLOSING = frozenset(("”", "»"))
STRAIGHT = frozenset(('"', "''"))
SINGLE_OPENING = frozenset(("‘", "'", "’", "`"))
SINGLE_CLOSING = frozenset(("’", "'"))
_BEFORE_OPENING = frozenset(("(", "[", "—", "–", "-", "--", "―"))
_CLIPPED = word_set("em til tis twas cause cos n round bout s")
"""What may follow an apostrophe at the start of a word ('em, 'til): no quotation begins there."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch in quotation marks: tokens ``start`` to ``end`` (exclusive) with the marks, ``inner_end`` without the closing one.

    ``goes_on``: the closing mark is missing because the next paragraph opens with a mark again.
    """

    start: int
    end: int
    inner_end: int
    goes_on: bool = False
    single: bool = False

    @property
    def inner_start(self) -> int:
        """First token after the opening mark."""
        return self.start + 1


def find_marked(tree: Tree) -> list[Marked]:
    """Stretches in double marks, and those in single marks outside of them, in the order of the text."""
    out: list[Marked] = []
    a = 0
    while a < len(tree):
        b = tree.segment_end[a]
        double = _double(tree, a, b)
        out.extend(sorted([*double, *_single(tree, a, b, double)], key=lambda m: m.start))
        a = b
    return out


def _starts_word(tree: Tree, i: int, a: int) -> bool:
    """May an opening mark stand here: after a blank, a bracket, a dash or another mark, and close to the next word?"""
    before = i == a or tree.spaced[i - 1] or tree.words[i - 1] in _BEFORE_OPENING or tree.words[i - 1] in OPENING | STRAIGHT
    return before and not tree.spaced[i]


def _double(tree: Tree, a: int, b: int) -> list[Marked]:
    out: list[Marked] = []
    start, depth = -1, 0
    for i in range(a, b):
        word = tree.words[i]
        if word in OPENING or (word in STRAIGHT and (start < 0 or _starts_word(tree, i, a)) and _starts_word(tree, i, a)):
            if start >= 0 and word in OPENING and tree.words[start] in OPENING:
                depth += 1
            elif start < 0 or word in STRAIGHT:
                start = i
        elif (word in CLOSING or word in STRAIGHT) and start >= 0:
            if depth:
                depth -= 1
            elif i > start + 1:
                out.append(Marked(start, i + 1, i))
                start = -1
    if start >= 0:
        out.extend(_unclosed(tree, start, a, b, single=False))
    return out


def _unclosed(tree: Tree, start: int, a: int, b: int, *, single: bool) -> list[Marked]:
    """The stretch up to the end of the segment whose closing mark is missing, if it can be speech."""
    opening = SINGLE_OPENING if single else OPENING | STRAIGHT
    goes_on = b < len(tree) and tree.words[b] in opening and _starts_word(tree, b, b)
    likely = start == a or tree.words[start - 1] in (",", ":")
    if goes_on or (likely and not single and b - start > 4):
        return [Marked(start, b, b, goes_on, single)]
    return []


def _single(tree: Tree, a: int, b: int, double: list[Marked]) -> list[Marked]:
    out: list[Marked] = []
    covered = [False] * (b - a)
    for m in double:
        covered[m.start - a : m.end - a] = [True] * (m.end - m.start)
    i = a
    while i < b:
        if tree.words[i] in SINGLE_OPENING and not covered[i - a] and _opens_single(tree, i, a, b):
            close = _closing_single(tree, i, b, covered, a)
            if close > i + 1:
                out.append(Marked(i, close + 1, close, single=True))
                i = close
            elif i == a:
                out.extend(_unclosed(tree, i, a, b, single=True))
        i += 1
    return out


def _opens_single(tree: Tree, i: int, a: int, b: int) -> bool:
    if i + 1 >= b or not _starts_word(tree, i, a):
        return False
    following = tree.lower[i + 1]
    if tree.words[i] == "’" and i > a:
        return False
    return following not in _CLIPPED and not following[0].isdigit()


def _closing_single(tree: Tree, start: int, b: int, covered: list[bool], a: int) -> int:
    """The closing mark, or -1. A mark after a plural can be a genitive ("the workers' demands"): then a later one is preferred."""
    fallback = -1
    for j in range(start + 2, b):
        if covered[j - a]:
            continue
        if tree.words[j] in SINGLE_OPENING and _starts_word(tree, j, a):
            break
        if tree.words[j] not in SINGLE_CLOSING or tree.spaced[j - 1]:
            continue
        if not (j == b - 1 or tree.spaced[j] or not tree.words[j + 1][0].isalnum()):
            continue
        if tree.tag[j] == "POS" and tree.lower[j - 1].endswith("s") and j + 1 < b and tree.words[j + 1][0].isalnum():
            fallback = j if fallback < 0 else fallback
            continue
        return j
    return fallback
