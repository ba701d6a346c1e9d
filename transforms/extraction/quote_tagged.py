"""Statements whose speaker stands before a colon: transcripts and headlines."""

from __future__ import annotations

from transforms.extraction.quote_direct import has_finite_verb
from transforms.extraction.quote_marks import OPENING, STRAIGHT, Marked
from transforms.extraction.quote_model import Statement, kind_of, trim
from transforms.extraction.quote_tree import Tree

_MAX_NAME = 6
_HEADLINE = 30
"""Tokens of the longest headline that is read as one."""


def find_tagged(tree: Tree, marked: list[Marked], found: list[Statement]) -> list[Statement]:
    """One statement per transcript paragraph ("HOLT: We will stay.") and per headline of speaker and colon that nothing else has read."""
    out: list[Statement] = []
    a = 0
    while a < len(tree):
        b = tree.segment_end[a]
        statement = _transcript(tree, marked, a, b) or _headline(tree, marked, a, b)
        if statement is not None and not any(s.start < statement.end and statement.start < s.end and _covers(s, statement) for s in found):
            out.append(statement)
        a = b
    return out


def _covers(other: Statement, statement: Statement) -> bool:
    return 2 * (min(other.end, statement.end) - max(other.start, statement.start)) > statement.end - statement.start


def _colon(tree: Tree, a: int, b: int) -> int | None:
    return next((k for k in range(a + 1, min(b, a + _MAX_NAME + 1)) if tree.words[k] == ":"), None)


def _transcript(tree: Tree, marked: list[Marked], a: int, b: int) -> Statement | None:
    first = a + 1 if tree.words[a] in OPENING | STRAIGHT else a
    colon = _colon(tree, first, b)
    if colon is None or colon + 2 >= b:
        return None
    name = [w for w in tree.words[first:colon] if w not in (".", ",")]
    if not all(w.isupper() and len(w) > 1 for w in name) or not any(len(w) > 2 for w in name) or not has_finite_verb(tree, colon + 1, b):
        return None
    span = (colon + 1, b)
    return Statement((span,), "direct", "quote.transcript", None, colon - 1)


def _headline(tree: Tree, marked: list[Marked], a: int, b: int) -> Statement | None:
    colon = _colon(tree, a, b)
    if colon is None or b - a > _HEADLINE or colon + 3 > b or (a != 0 and tree.words[b - 1] == "."):
        return None
    name = range(a, colon)
    if not all(
        (tree.tag[k] in ("NNP", "NNPS", "NN", "NNS", "POS", "HYPH") and tree.words[k][0].isupper()) or not tree.words[k][0].isalnum()
        for k in name
    ):
        return None
    if not any(tree.entity[k] in ("PERSON", "ORG", "GPE", "NORP") for k in name) or not has_finite_verb(tree, colon + 1, b):
        return None
    span = trim(tree, colon + 1, b, marked)
    return Statement((span,), kind_of((span,), marked), "quote.headline", None, colon - 1) if span else None
