"""Quotations in marks: which cue, before or after the marks, gives them to whom."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.extraction.quote_lexicon import Lexicon, Sense
from transforms.extraction.quote_marks import CLOSING, SINGLE_CLOSING, Marked
from transforms.extraction.quote_model import Statement, climb
from transforms.extraction.quote_tree import Tree

FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
DASHES = frozenset(("—", "–", "--", "-", "―"))
SENTENCE_END = frozenset((".", "!", "?", "…", "..."))
_MAX_GAP = 45
"""Words between a quotation and its cue; longer asides do not occur in news."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cue beside a quotation: its tokens and the head of the speaker's noun phrase."""

    cue: tuple[int, int] | None
    speaker: int | None
    rule_id: str


def has_finite_verb(tree: Tree, start: int, end: int) -> bool:
    """Is there a finite verb in [start, end)?"""
    return any(tree.tag[i] in FINITE for i in range(start, end))


def reads_as_speech(tree: Tree, m: Marked) -> bool:
    """Can the stretch stand as an utterance: a clause, or words that end like a sentence?"""
    n = m.inner_end - m.inner_start
    if m.goes_on or (has_finite_verb(tree, m.inner_start, m.inner_end) and n >= 3):
        return True
    return n >= 2 and last_word(tree, m) in SENTENCE_END | {","} and tree.words[m.inner_start][0].isupper()


def last_word(tree: Tree, m: Marked) -> str:
    """The last token before the closing mark, marks of quotations inside left out."""
    i = m.inner_end - 1
    while i > m.inner_start and tree.words[i] in SINGLE_CLOSING | CLOSING:
        i -= 1
    return tree.words[i]


def lead_start(tree: Tree, m: Marked, floor: int) -> int:
    """Where the sentence before the opening mark begins, not before ``floor``; an abbreviation's stop does not end it."""
    i = m.start - 1
    while i >= floor:
        if (
            tree.words[i] in SENTENCE_END
            or tree.words[i] == ";"
            or (tree.words[i] in ('"', "”", "''") and i and tree.words[i - 1] in SENTENCE_END)
        ):
            return i + 1
        i -= 1
    return floor


def find_after(tree: Tree, lexicon: Lexicon, m: Marked, limit: int) -> Found | None:
    """The cue that follows the closing mark ("...," said X), before ``limit``; None where none does."""
    last, g = last_word(tree, m), m.end
    comma_after = g < limit and tree.words[g] in DASHES | {","}
    if m.goes_on or g >= limit or not (comma_after or last in SENTENCE_END | DASHES | {","}):
        return None
    while g < limit and tree.words[g] in DASHES | {","}:
        g += 1
    end = next((k for k in range(g, min(limit, g + _MAX_GAP)) if tree.words[k] in SENTENCE_END | {";"}), min(limit, g + _MAX_GAP))
    if g >= end or tree.lower[g] in ("and", "but", "or", "who", "which", "that"):
        return None
    new_sentence = last in SENTENCE_END and not comma_after and tree.words[g][0].isupper()
    if (
        tree.words[m.end] in DASHES
        and end == tree.segment_end[m.start]
        and not has_finite_verb(tree, g, end)
        and tree.tag[g] == "NNP"
        and end - g < 12
    ):
        return Found(None, climb(tree, g, g, end), "quote.dash")
    found = _phrase_after(tree, lexicon, g, end)
    if found is None:
        found = _verb_after(tree, lexicon, g, end, new_sentence=new_sentence)
    if found and new_sentence and last == "." and found.cue and end - found.cue[1] > 1:
        return None
    return found


def _phrase_after(tree: Tree, lexicon: Lexicon, g: int, end: int) -> Found | None:
    for phrase, rule_id in lexicon.phrases.items():
        n = len(phrase)
        if tuple(tree.lower[g : g + n]) == phrase and g + n < end:
            return Found((g, g + n), climb(tree, g + n, g + n, end), rule_id)
    return None


def _verb_after(tree: Tree, lexicon: Lexicon, g: int, end: int, *, new_sentence: bool) -> Found | None:
    for i in range(g, end):
        sense = quote_sense(tree, lexicon, i)
        if sense is None:
            aside = ("aux", "auxpass", "relcl", "advcl") if tree.tag[g] == "IN" else ("aux", "auxpass", "relcl")
            if tree.tag[i] in FINITE and tree.dep[i] not in aside and tree.lower[i] not in ("has", "had", "have"):
                return None
            continue
        if tree.tag[i] == "VBG" and tree.child(i, "nsubj", "aux") is None:
            continue
        if new_sentence and (tree.child(i, "ccomp") or 0) > i:
            return None
        speaker = speaker_near(tree, i, g, end)
        if speaker is not None and not _can_say(tree, sense, speaker):
            continue
        if speaker is not None:
            return Found((i, i + 1), speaker, "quote.after")
        if tree.tag[i] not in ("VBG", "VBN"):
            return None
    return None


def quote_sense(tree: Tree, lexicon: Lexicon, i: int) -> Sense | None:
    """The sense of a verb that can introduce words in marks."""
    if not tree.is_verb(i) and tree.child(i, "nsubj") is None and not (tree.tag[i] in ("JJ", "NNS", "NN") and tree.lower[i].endswith("ed")):
        return None
    for sense in lexicon.verbs.get(tree.lower[i], ()):
        if "quote" in sense.frames and (not sense.particle or sense.particle in tree.lower[i + 1 : i + 3]):
            return sense
    return None


def speaker_near(tree: Tree, i: int, low: int, high: int) -> int | None:
    """The speaker of a cue verb within [low, high): its subject, else the noun phrase next to it."""
    subject = tree.child(i, "nsubj")
    if subject is not None and low <= subject < high and tree.lower[subject] not in ("which", "what"):
        return _antecedent(tree, subject, i, low)
    before = i - 1
    while before >= low and (tree.tag[before] in ("RB", "MD") or tree.lower[before] in ("has", "had", "have", "was", "is")):
        before -= 1
    if before < low:
        after = i + 1
        while after < high and tree.tag[after] == "RB":
            after += 1
        return climb(tree, after, i + 1, high)
    if tree.words[before] in DASHES | {",", ")"} or not tree.is_noun(before):
        start = low
        while start < i and tree.tag[start] in ("IN", "RB"):
            start += 1
        return climb(tree, start, low, i)
    return climb(tree, before, low, i)


def _antecedent(tree: Tree, subject: int, verb: int, low: int) -> int:
    if tree.lower[subject] in ("who", "that") and tree.dep[verb] == "relcl" and tree.head[verb] >= low:
        return tree.head[verb]
    return subject


def find_before(tree: Tree, lexicon: Lexicon, m: Marked, floor: int) -> Found | None:
    """The cue that precedes the opening mark (X said: "..."), not before ``floor``; None where none does."""
    if m.start == tree.segment_start[m.start]:
        return _colon_of_paragraph_before(tree, lexicon, m)
    low = lead_start(tree, m, floor)
    if low >= m.start:
        return None
    last = tree.words[m.start - 1]
    if last == ":":
        return _before(tree, lexicon, low, m.start - 1, strict=False) or _colon(tree, m, low)
    if last in DASHES | {","}:
        return _before(tree, lexicon, low, m.start - 1, strict=True)
    near = _before(tree, lexicon, max(low, m.start - 5), m.start, strict=True, floor=low)
    if near is None or near.cue is None or not _opens_utterance(tree, m):
        return None
    between = range(near.cue[1], m.start)
    if all(tree.is_noun(k) or tree.tag[k] in ("DT", "PRP$", "RB", "CC") for k in between) and not any(
        tree.lower[k] == "that" for k in between
    ):
        return near
    return None


def _opens_utterance(tree: Tree, m: Marked) -> bool:
    return tree.words[m.inner_start][0].isupper() and reads_as_speech(tree, m)


def _before(tree: Tree, lexicon: Lexicon, low: int, end: int, *, strict: bool, floor: int | None = None) -> Found | None:
    """The nearest cue verb before ``end``; ``strict``: no other clause may stand between the two."""
    bottom = low if floor is None else floor
    for i in range(end - 1, low - 1, -1):
        sense = quote_sense(tree, lexicon, i)
        if sense is not None:
            speaker = tree.child(i, "nsubj")
            if speaker is None or speaker < bottom:
                speaker = _subject_before(tree, i, bottom, end)
            if speaker is not None and not _can_say(tree, sense, speaker):
                return None
            return Found((i, i + 1), speaker, "quote.before")
        if strict and tree.lower[i] == "that" and tree.tag[i] == "IN":
            return None
        if strict and tree.tag[i] in FINITE and tree.dep[i] not in ("relcl", "aux", "auxpass") and end - i < _MAX_GAP:
            return None
    return None


def _can_say(tree: Tree, sense: Sense, speaker: int) -> bool:
    """Some verbs tell speech only with certain subjects: the statement reads, a woman reads a book."""
    return not sense.only_subjects or tree.lemma[speaker] in sense.only_subjects


def _subject_before(tree: Tree, i: int, low: int, end: int) -> int | None:
    subject = tree.subject(i)
    if subject is not None and low <= subject < end:
        return subject
    return None if tree.tag[i] == "VBG" else speaker_near(tree, i, low, end)


def _colon(tree: Tree, m: Marked, low: int) -> Found | None:
    """After a colon an utterance belongs to the subject of the clause before it."""
    if not _opens_utterance(tree, m) or m.inner_end - m.inner_start < 4:
        return None
    verb = next((i for i in range(m.start - 2, low - 1, -1) if tree.tag[i] in FINITE and tree.child(i, "nsubj") is not None), None)
    if verb is None:
        # "Another insider dishes: ...": what stands before the colon begins with who speaks, whatever the parse makes of it
        first = next((i for i in range(low, min(low + 4, m.start - 2)) if tree.is_noun(i)), None)
        return (
            None
            if first is None or any(tree.lower[i] in ("of", "as") for i in range(low, first))
            else Found(None, climb(tree, first, low, m.start - 1), "quote.colon")
        )
    subject = tree.child(verb, "nsubj")
    return Found(None, subject, "quote.colon") if subject is not None and subject >= low else None


def _colon_of_paragraph_before(tree: Tree, lexicon: Lexicon, m: Marked) -> Found | None:
    end = m.start - 1
    if end < 1 or tree.words[end] != ":" or not reads_as_speech(tree, m):
        return None
    low = max(tree.sentence_start[end], tree.segment_start[end])
    return _before(tree, lexicon, low, end, strict=False) or _colon(tree, m, low)


def attribute_marked(tree: Tree, lexicon: Lexicon, marked: list[Marked]) -> tuple[list[Statement], list[Marked]]:
    """Statements of the stretches that have a cue, and the stretches that have none."""
    statements: list[Statement] = []
    left: list[Marked] = []
    for n, m in enumerate(marked):
        before = marked[n - 1] if n else None
        floor = max(tree.segment_start[m.start], before.end if before else 0)
        limit = tree.segment_end[m.start]
        if n + 1 < len(marked):
            limit = min(limit, marked[n + 1].start)
        joined = _join(tree, lexicon, statements, before, m, limit=limit)
        if joined is not None:
            statements[-1] = joined
            continue
        statement = _attribute(tree, lexicon, m, marked, floor=floor, limit=limit)
        if statement is None:
            left.append(m)
        else:
            statements.append(statement)
    return statements, left


def _join(tree: Tree, lexicon: Lexicon, statements: list[Statement], before: Marked | None, m: Marked, *, limit: int) -> Statement | None:
    """The statement before with this stretch as one more piece: after "A," he said, and where a paragraph opens with a mark again."""
    if before is None or not statements or statements[-1].end != before.end:
        return None
    last = statements[-1]
    if before.goes_on and m.start == before.end:
        return last.with_piece((m.start, m.end))
    if tree.segment[before.start] != tree.segment[m.start] or last.cue is None or not before.end <= last.cue[0] < m.start:
        return None
    gap_end = tree.words[m.start - 1]
    stops = sum(tree.words[k] in SENTENCE_END for k in range(before.end, m.start))
    if stops > 2 or not reads_as_speech(tree, m):
        return None
    if gap_end in DASHES | {","}:
        own = find_before(tree, lexicon, m, last.cue[1])
        return None if own and own.cue and own.cue[0] > last.cue[1] else last.with_piece((m.start, m.end))
    if gap_end in SENTENCE_END and find_after(tree, lexicon, m, limit) is None:
        return last.with_piece((m.start, m.end))
    return None


def _attribute(tree: Tree, lexicon: Lexicon, m: Marked, marked: list[Marked], *, floor: int, limit: int) -> Statement | None:
    before = find_before(tree, lexicon, m, floor)
    if before is not None and (before.cue is not None or reads_as_speech(tree, m)):
        return Statement(((m.start, m.end),), "direct", before.rule_id, before.cue, before.speaker)
    after = find_after(tree, lexicon, m, limit)
    if after is None:
        return None
    low = lead_start(tree, m, tree.segment_start[m.start])
    start, kind = m.start, "direct"
    whole = _opens_utterance(tree, m) and tree.words[m.start - 1] != "," and has_finite_verb(tree, low, m.start) if low < m.start else True
    if not whole and any(tree.words[k][0].isalnum() for k in range(low, m.start)):
        start, kind = _content_start(low, m, marked), "mixed"
    while start < m.start and not tree.words[start][0].isalnum() and start not in {x.start for x in marked}:
        start += 1
    return Statement(((start, m.end),), kind, after.rule_id, after.cue, after.speaker)


def _content_start(low: int, m: Marked, marked: list[Marked]) -> int:
    """The lead's start, moved to the opening mark of a stretch that it would cut."""
    return next((x.start for x in marked if x.start < low < x.end), low)
