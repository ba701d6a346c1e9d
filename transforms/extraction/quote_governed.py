"""Quoted words inside a sentence that no frame of a verb covers."""

from __future__ import annotations

from transforms.extraction.quote_lexicon import Lexicon
from transforms.extraction.quote_marks import Marked
from transforms.extraction.quote_model import Statement, kind_of, trim
from transforms.extraction.quote_tree import Tree


def find_governed(tree: Tree, lexicon: Lexicon, left: list[Marked], found: list[Statement]) -> list[Statement]:
    """Quoted words inside a sentence that hang on a verb of saying or judging through other words: 'lauded him in a letter for "new ideas"'."""
    out: list[Statement] = []
    for m in left:
        if any(a <= m.start < b for s in (*found, *out) for a, b in s.pieces):
            continue
        verb = _governor(tree, lexicon, m)
        if verb is None:
            continue
        subject = tree.subject(verb)
        if subject is None or tree.is_passive(verb) or tree.lower[subject] in ("which", "what", "there", "you"):
            continue
        if any(s.cue and s.cue[0] == verb for s in found):
            continue
        span = trim(tree, verb + 1, m.end, left)
        if span is not None and span[1] - span[0] >= 2:
            head = (
                tree.head[tree.head[subject]]
                if tree.lower[subject] in ("who", "that") and tree.dep[tree.head[subject]] == "relcl"
                else subject
            )
            out.append(Statement((span,), kind_of((span,), left), "quote.governed", (verb, verb + 1), head))
    return out


def _governor(tree: Tree, lexicon: Lexicon, m: Marked) -> int | None:
    """The nearest verb before the marks, if it is one of saying or judging, or the words are its 'as ...'."""
    low = max(tree.segment_start[m.start], tree.sentence_start[m.start], m.start - 16)
    for i in range(m.start - 1, low - 1, -1):
        if tree.words[i] in (";", ":") or (tree.tag[i] == "CC" and tree.head[i] < i and tree.is_verb(tree.head[i]) and tree.head[i] < low):
            return None
        if not tree.is_verb(i) or tree.dep[i] in ("aux", "auxpass", "amod", "compound"):
            continue
        if tree.lower[i] in lexicon.governing or any(
            s.speech_class in ("speech", "writing") and not s.only_subjects for s in lexicon.verbs.get(tree.lower[i], ())
        ):
            return i
        if tree.tag[i] != "VBG":
            return i if _as_before(tree, i, m) else None
    return None


def _as_before(tree: Tree, verb: int, m: Marked) -> bool:
    """Does 'as', perhaps with an article, stand between the verb's object and the marks?"""
    before = m.start - 1
    if before > verb and tree.lower[before] in ("a", "an", "the"):
        before -= 1
    return before > verb + 1 and tree.lower[before] == "as"
