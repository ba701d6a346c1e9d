"""Cues that stand beside their content: ', she said', 'according to the police'; the rest of the sentence is the content."""

from __future__ import annotations

from transforms.extraction.quote_direct import FINITE
from transforms.extraction.quote_lexicon import Lexicon, Sense
from transforms.extraction.quote_marks import Marked
from transforms.extraction.quote_model import PUNCT, Range, Statement, climb, kind_of, np_span, trim
from transforms.extraction.quote_subjects import noun_before
from transforms.extraction.quote_tree import Tree, word_set

_NO_CONTENT_START = word_set(
    "who which whose adding citing referring noting saying where while as after before when during following since because although though"
)


def is_inverted(tree: Tree, i: int) -> bool:
    """Does the verb stand behind a comma, a whole clause before it and its speaker behind it, as in '..., reported the mayor'?"""
    a, b = tree.sentence_start[i], tree.sentence_end[i]
    if i <= a + 3 or tree.words[i - 1] != "," or i + 1 >= b or tree.tag[i] not in ("VBD", "VBZ"):
        return False
    speaker = climb(tree, i + 1, i + 1, b)
    if speaker is None or not (tree.entity[speaker] or tree.tag[speaker] in ("NNP", "NNPS", "PRP") or tree.lower[i] in ("said", "says")):
        return False
    return any(tree.tag[k] in FINITE and tree.dep[k] not in ("relcl", "advcl") for k in range(a, i - 1))


def stands_between_commas(tree: Tree, i: int) -> bool:
    """Is the verb followed by a comma, as in 'The road, he said, is closed'?"""
    return i + 1 < tree.sentence_end[i] and tree.words[i + 1] == ","


def find_aside(tree: Tree, sense: Sense, marked: list[Marked], i: int, speaker: int | None, *, inverted: bool = False) -> Statement | None:
    """'It was late, she said': the rest of the sentence is the content."""
    if not ("quote" in sense.frames or sense.speech_class in ("evidence", "thought")) or tree.tag[i] in ("VB", "VBG"):
        return None
    if (
        not inverted
        and tree.words[i + 1 : i + 2] != [","]
        and any(
            (c > i and tree.dep[c] in ("ccomp", "xcomp", "attr", "acomp")) or (c > i and tree.dep[c] == "dobj" and not sense.addressee)
            for c in tree.children[i]
        )
    ):
        return None
    a, b = tree.sentence_start[i], tree.sentence_end[i]
    as_word = next((k for k in range(max(a, i - 12), i) if tree.lower[k] == "as" and (tree.head[k] == i or k == i - 1)), None)
    if as_word is None and tree.tag[i] == "VBN" and not any(tree.lower[c] in ("has", "have", "had", "'ve") for c in tree.children[i]):
        return None
    near = speaker if speaker is not None and a <= speaker < b else None
    beside = noun_before(tree, i, a) if as_word is None and not inverted else None
    if beside is not None and tree.words[max(np_span(tree, beside)[0] - 1, 0)] in PUNCT:
        near = beside
    if near is None and as_word is None:
        near = _noun_beside(tree, i, a, b)
    start = _cue_clause_start(tree, i, near, a, as_word)
    if start is None:
        return None
    if start == a and a > tree.segment_start[i] and tree.words[a - 1] in PUNCT:
        a = tree.sentence_start[a - 1]
    parted = start > a and tree.words[start - 1] in PUNCT | {"-", "”", '"', "''"}
    if not parted and (as_word is None or start != a):
        return None
    end = next((k for k in range(max(i + 1, near + 1 if near is not None else 0), b) if tree.words[k] in PUNCT), b)
    pieces = _pieces(tree, marked, a, b, start=start, end=end)
    if not pieces or (near is None and as_word is None) or not (_is_sentence(tree, pieces) or tree.lower[i] in ("says", "said", "say")):
        return None
    return Statement(pieces, kind_of(pieces, marked), sense.rule_id, (i, i + 1), near if near is not None else speaker)


def _is_sentence(tree: Tree, pieces: tuple[Range, ...]) -> bool:
    """Do the pieces hold a verb that is not subordinate?"""
    return any(
        tree.tag[k] in FINITE
        and tree.dep[k] not in ("advcl", "relcl", "acl")
        and not (tree.dep[k] in ("aux", "auxpass") and tree.dep[tree.head[k]] in ("advcl", "relcl", "acl"))
        for a, b in pieces
        for k in range(a, b)
    )


def _noun_beside(tree: Tree, i: int, a: int, b: int) -> int | None:
    """The noun phrase that stands next to a cue at a comma: ', police said' or ', said a nurse'."""
    if i + 1 < b and i > a and tree.words[i - 1] in PUNCT:
        return climb(tree, i + 1, i + 1, b)
    return noun_before(tree, i, a)


def _cue_clause_start(tree: Tree, i: int, speaker: int | None, a: int, as_word: int | None) -> int | None:
    if as_word is not None:
        return as_word
    if speaker is None:
        return None
    if speaker > i:
        return i
    start = max(np_span(tree, speaker)[0], a)
    while (
        start > a
        and tree.tag[start - 1] in ("RB", "IN", "DT")
        and tree.words[start - 1] not in PUNCT
        and tree.head[start - 1] in (i, speaker)
    ):
        start -= 1
    return start


def _pieces(tree: Tree, marked: list[Marked], a: int, b: int, *, start: int, end: int) -> tuple[Range, ...]:
    """What is left of the sentence [a, b) without the cue clause [start, end)."""
    out = []
    before = trim(tree, a, start, marked) if start > a else None
    if before is not None:
        out.append(before)
    k = end + 1
    if end < b and k < b and tree.lower[k] not in _NO_CONTENT_START and tree.tag[k] != "VBG":
        after = trim(tree, k, b, marked)
        if after is not None and after[1] - after[0] > 2:
            out.append(after)
    return tuple(out)


def find_phrase(tree: Tree, lexicon: Lexicon, marked: list[Marked], i: int) -> Statement | None:
    """'According to X': the rest of the sentence is what X says."""
    for phrase, rule_id in lexicon.phrases.items():
        if tree.lower[i] != phrase[0] or tuple(tree.lower[i : i + len(phrase)]) != phrase:
            continue
        k, a, b = i + len(phrase), tree.sentence_start[i], tree.sentence_end[i]
        if k >= b:
            continue
        head = tree.child(k - 1, "pobj", "pcomp")
        if head is None or not k <= head < b:
            head = climb(tree, k, k, b)
        if head is None:
            continue
        after = max(np_span(tree, head)[1], k + 1)
        end = next((n for n in range(after, b) if tree.words[n] in PUNCT), b)
        while end < b and tree.words[end] == "," and _apposition_follows(tree, head, end):
            end = next((n for n in range(end + 1, b) if tree.words[n] in PUNCT), b)
        pieces = _pieces(tree, marked, a, b, start=i, end=end)
        if pieces:
            return Statement(pieces, kind_of(pieces, marked), rule_id, (i, k), head)
    return None


def _apposition_follows(tree: Tree, head: int, comma: int) -> bool:
    return any(c > comma and tree.low[c] <= comma + 1 and tree.dep[c] in ("appos", "relcl", "acl") for c in tree.children[head])
