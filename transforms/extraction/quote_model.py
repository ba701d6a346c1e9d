"""What the readers of direct and of reported speech hand to each other: statements in token numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.extraction.quote_marks import Marked
from transforms.extraction.quote_tree import Tree

Range = tuple[int, int]
"""Tokens, the end exclusive."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A content with its cue and its speaker, all in token numbers.

    ``speaker_head`` is the main word of the speaker's noun phrase; None where nobody was found in the sentence.
    ``carried`` tells that nobody is named beside the content and the speaker of the statement before goes on.
    """

    pieces: tuple[Range, ...]
    kind: str
    rule_id: str
    cue: Range | None = None
    speaker_head: int | None = None
    carried: bool = False

    @property
    def start(self) -> int:
        """First token of the content."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """End of the content, exclusive."""
        return self.pieces[-1][1]

    def with_piece(self, piece: Range) -> Statement:
        """The statement with one more piece of content."""
        return replace(self, pieces=(*self.pieces, piece))


_BREAKS = frozenset(("—", "–", "--", ")", ";", ":"))
"""What ends a dateline or a bracket that the parse draws into a noun phrase."""


def np_span(tree: Tree, head: int) -> Range:
    """The noun phrase of a head word without relative clauses, participles and appositions that are no name."""
    start, end = head, head + 1
    for c in tree.children[head]:
        dep = tree.dep[c]
        if c < head:
            if dep in ("det", "compound", "amod", "nummod", "poss", "nmod", "quantmod", "predet", "case", "appos"):
                start = min(start, max([tree.low[c], *(k + 1 for k in range(tree.low[c], head) if tree.words[k] in _BREAKS)]))
        elif dep in ("prep", "compound", "case", "nummod", "nmod") and tree.high[c] > end:
            end = _without_clause(tree, c)
        elif (dep == "conj" and tree.is_noun(c) and not any(w == "," for w in tree.words[end:c])) or (
            dep == "appos" and tree.tag[c].startswith("NNP") and not tree.tag[head].startswith("NNP")
        ):
            end = max(end, np_span(tree, c)[1])
    while end > head + 1 and not tree.words[end - 1][0].isalnum() and tree.words[end - 1] not in ("'s", "’s", ")", "%"):
        end -= 1
    return start, max(end, head + 1)


def _without_clause(tree: Tree, i: int) -> int:
    """End of a modifier, cut where a clause, a comma or a bracket begins in it."""
    end = tree.high[i]
    for k in range(i, end):
        if tree.words[k] in (",", "(", ";", "—", "–", "--") or tree.lower[k] in ("who", "which", "that") or tree.dep[k] in ("relcl", "acl"):
            return tree.low[k] if tree.dep[k] in ("relcl", "acl") and tree.low[k] > i else k
    return end


def climb(tree: Tree, i: int, low: int, high: int) -> int | None:
    """The head noun of the noun phrase that the token belongs to, looked for within [low, high)."""
    if not low <= i < high:
        return None
    steps = (
        "compound",
        "det",
        "poss",
        "amod",
        "nummod",
        "nmod",
        "pobj",
        "prep",
        "case",
        "quantmod",
        "appos",
        "predet",
        "conj",
        "advmod",
        "punct",
    )
    while tree.dep[i] in steps and low <= tree.head[i] < high and (tree.is_noun(tree.head[i]) or tree.dep[tree.head[i]] == "prep"):
        i = tree.head[i]
    return i if tree.is_noun(i) else None


PUNCT = frozenset((",", ";", ":", "—", "–", "--", "―"))
"""What parts a cue clause from its content."""

_EDGE = frozenset((",", ";", ":", ".", "—", "–", "--", "-", "(", "―"))


def trim(tree: Tree, start: int, end: int, marked: list[Marked]) -> Range | None:
    """A content without punctuation at its edges, with the marks of the quotations that begin or end in it."""
    while start < end and tree.words[start] in _EDGE | {")"}:
        start += 1
    for m in marked:
        if start <= m.start < end < m.end <= end + 3:
            end = m.end
        if m.start == start - 1 and m.end <= end + 1:
            start, end = m.start, max(end, m.end)
    while end > start and tree.words[end - 1] in _EDGE:
        end -= 1
    if end > start and tree.words[end - 1] == ")" and "(" not in tree.words[start:end]:
        end -= 1
    return (start, end) if end > start else None


def marked_in(start: int, end: int, marked: list[Marked]) -> list[Marked]:
    """The stretches in marks that begin within [start, end)."""
    return [m for m in marked if start <= m.start < end]


def kind_of(pieces: tuple[Range, ...], marked: list[Marked]) -> str:
    """indirect without marks, direct if each piece is one stretch in marks, else mixed."""
    inside = [m for a, b in pieces for m in marked_in(a, b, marked)]
    if not inside:
        return "indirect"
    spans = {(m.start, m.end) for m in inside}
    return "direct" if all(p in spans for p in pieces) else "mixed"
