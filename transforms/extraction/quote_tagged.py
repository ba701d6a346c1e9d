"""Statements whose speaker stands before a colon: transcripts and headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.extraction.event_patterns import word_list
from transforms.extraction.quote_direct import FINITE, SENTENCE_END, has_finite_verb
from transforms.extraction.quote_lexicon import Lexicon
from transforms.extraction.quote_marks import OPENING, STRAIGHT, Marked
from transforms.extraction.quote_model import Statement, kind_of, trim
from transforms.extraction.quote_tree import Tree

SPEAKING = frozenset(("i", "we", "you", "my", "our", "your", "me", "us"))
QUESTION_AND_ANSWER = ("Q", "A")
_MAX_NAME = 6
_HEADLINE = 30
"""Tokens of the longest headline that is read as one."""


def find_tagged(tree: Tree, lexicon: Lexicon, marked: list[Marked], found: list[Statement]) -> list[Statement]:
    """One statement per turn of a transcript ("HOLT: We will stay.") and per headline of speaker and colon that nothing else has read."""
    out: list[Statement] = []
    turns = _turns(tree)
    a = 0
    while a < len(tree):
        b = tree.segment_end[a]
        statement = _transcript(turns, a, b) or _headline(tree, marked, a, b) or _tail(tree, lexicon, marked, a, b)
        if statement is not None and not any(s.start < statement.end and statement.start < s.end and _covers(s, statement) for s in found):
            out.append(statement)
        a = b
    return out


def _covers(other: Statement, statement: Statement) -> bool:
    return 2 * (min(other.end, statement.end) - max(other.start, statement.start)) > statement.end - statement.start


def _colon(tree: Tree, a: int, b: int) -> int | None:
    return next((k for k in range(a + 1, min(b, a + _MAX_NAME + 1)) if tree.words[k] == ":"), None)


def _turns(tree: Tree) -> dict[int, int]:
    """Colons of the turns of a transcript by the start of their paragraph.

    One paragraph alone in which nobody says "I", "we" or "you" is no turn but a report with its place ("PATNA: The contractor ...").
    """
    found: dict[int, int] = {}
    a = 0
    while a < len(tree):
        first = a + 1 if tree.words[a] in OPENING | STRAIGHT else a
        colon = _colon(tree, first, tree.segment_end[a])
        if colon is not None and colon + 2 < tree.segment_end[a] and _is_label(tree.words[first:colon]):
            found[a] = colon
        a = tree.segment_end[a]
    if len(found) == 1:
        ((start, colon),) = found.items()
        spoken = range(colon + 1, tree.segment_end[start])
        if not has_finite_verb(tree, colon + 1, tree.segment_end[start]) or not any(tree.lower[k] in SPEAKING for k in spoken):
            return {}
    return found


def _is_label(words: Sequence[str]) -> bool:
    """ "MR LACEY-WARD", "Q": capitals only."""
    name = [w for w in words if w[0].isalnum()]
    if len(name) == 1 and name[0] in QUESTION_AND_ANSWER:
        return True
    return all(w.isupper() for w in name) and any(len(w) > 2 for w in name) and not any(w.isdigit() for w in name)


def _transcript(turns: Mapping[int, int], a: int, b: int) -> Statement | None:
    colon = turns.get(a)
    return None if colon is None else Statement(((colon + 1, b),), "direct", "quote.transcript", None, colon - 1)


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


def _tail(tree: Tree, lexicon: Lexicon, marked: list[Marked], a: int, b: int) -> Statement | None:
    """A headline that ends with who says it: "Bridge unsafe: auditor", "Ghost was an owl, warden clarifies"."""
    if a != 0 or b - a > _HEADLINE or tree.words[b - 1] in SENTENCE_END:
        return None
    mark = next((k for k in range(b - 2, max(a + 2, b - 1 - _MAX_NAME), -1) if tree.words[k] in (":", ",")), None)
    if mark is None or mark - a < 3:
        return None
    cue: tuple[int, int] | None = None
    last = b - 1
    if tree.words[mark] == ",":
        if not any("clause" in sense.frames for sense in lexicon.verbs.get(tree.lower[last], ())) or last - mark < 2:
            return None
        cue, last = (last, b), last - 1
    if not _can_speak(tree, last) or any(tree.tag[k] in FINITE or tree.tag[k] == "IN" for k in range(mark + 1, last + 1)):
        return None
    span = trim(tree, a, mark, marked)
    return Statement((span,), kind_of((span,), marked), "quote.headline", cue, last) if span else None


def _can_speak(tree: Tree, i: int) -> bool:
    lemma = tree.lemma[i].lower()
    return tree.entity[i] in ("PERSON", "ORG") or lemma in word_list("person") or lemma in word_list("body")
