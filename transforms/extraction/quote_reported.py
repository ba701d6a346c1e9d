"""Reported speech: contents that hang on a verb, noun, adjective or phrase of saying."""

from __future__ import annotations

from transforms.extraction.quote_asides import find_aside, find_phrase, is_inverted, stands_between_commas
from transforms.extraction.quote_direct import has_finite_verb
from transforms.extraction.quote_frames import (
    Content,
    find_clause,
    find_infinitive,
    find_linear,
    find_prepositional,
    is_naming,
    is_to,
    read_content,
    with_marks,
)
from transforms.extraction.quote_lexicon import Lexicon, Sense, load_lexicon
from transforms.extraction.quote_marks import Marked
from transforms.extraction.quote_model import Statement, climb, kind_of, marked_in, trim
from transforms.extraction.quote_subjects import owner_of, speaker_of
from transforms.extraction.quote_tree import PRONOUNS, Tree

REFUSING = ("decline", "refuse")
_ACTIVE_ONLY = ("naming", "object_of", "object", "gerund", "object_infinitive")
"""Frames whose object would be the subject of a passive."""


def find_reported(tree: Tree, lexicon: Lexicon, marked: list[Marked], used: list[bool], inside: list[bool]) -> list[Statement]:
    """Statements in reported speech, in the order of their cues.

    ``used`` marks tokens that are cues of a quotation already; ``inside`` those that stand in a quotation.
    """
    out: list[Statement] = []
    for i in range(len(tree)):
        if used[i]:
            continue
        found = _at(tree, lexicon, marked, i, nested=inside[i])
        if found is not None:
            out.append(found)
    return out


def _at(tree: Tree, lexicon: Lexicon, marked: list[Marked], i: int, *, nested: bool) -> Statement | None:
    low = tree.lower[i]
    if tree.is_verb(i):
        senses = [s for s in lexicon.verbs.get(low, ()) if not s.particle or _has_particle(tree, i, s.particle)]
        for read in (_beside, _verb):
            for sense in senses:
                found = read(tree, sense, marked, i, nested=nested)
                if found is not None:
                    return found
    if nested:
        return None
    for sense in lexicon.nouns.get(tree.lemma[i], ()) if tree.tag[i] in ("NN", "NNS") else ():
        found = _noun(tree, sense, marked, i)
        if found is not None:
            return found
    for sense in lexicon.adjectives.get(low, ()):
        found = _adjective(tree, sense, marked, i)
        if found is not None:
            return found
    return find_phrase(tree, lexicon, marked, i)


def _has_particle(tree: Tree, i: int, particle: str) -> bool:
    return any(tree.lower[c] == particle and c > i for c in tree.children[i]) or (i + 1 < len(tree) and tree.lower[i + 1] == particle)


def _verb(tree: Tree, sense: Sense, marked: list[Marked], i: int, *, nested: bool) -> Statement | None:
    speaker = speaker_of(tree, sense, i)
    if (nested and not _may_nest(tree, sense, speaker)) or (tree.is_negated(i) and sense.rule_id != "quote.deny"):
        return None
    if (sense.only_subjects and speaker is None) or _keeps_silent(tree, i):
        return None
    found = None
    for frame in sense.frames if not nested else ("clause",):
        found = found or _framed(tree, sense, marked, i, frame, speaker=speaker)
    if found is None and "clause" in sense.frames and not nested:
        found = find_aside(tree, sense, marked, i, speaker) or _rest(tree, sense, marked, i, speaker)
    return found


def _keeps_silent(tree: Tree, i: int) -> bool:
    """True for both verbs of "declined to comment": nothing was said."""
    refusing, told = (i, None) if tree.lemma[i] in REFUSING else (tree.head[i], i)
    if tree.lemma[refusing] not in REFUSING or tree.is_passive(refusing):
        return False
    silent = load_lexicon().silent
    inner = tree.children[refusing] if told is None else (told,)
    return any(is_to(tree, c) and tree.lemma[c] in silent for c in inner)


def _beside(tree: Tree, sense: Sense, marked: list[Marked], i: int, *, nested: bool) -> Statement | None:
    """Statements whose cue stands between commas, or before its speaker at the end."""
    if nested or "quote" not in sense.frames or tree.is_negated(i):
        return None
    found = None
    if is_inverted(tree, i):
        found = find_aside(tree, sense, marked, i, climb(tree, i + 1, i + 1, tree.sentence_end[i]), inverted=True)
    if found is None and stands_between_commas(tree, i):
        found = find_aside(tree, sense, marked, i, speaker_of(tree, sense, i))
    return found


def _framed(tree: Tree, sense: Sense, marked: list[Marked], i: int, frame: str, *, speaker: int | None) -> Statement | None:
    """The statement whose content hangs on the verb in this frame."""
    if (tree.is_passive(i) and frame in _ACTIVE_ONLY) or (frame == "object" and tree.tag[i] == "VB"):
        return None
    thought = sense.speech_class == "thought"
    if (thought or frame != "clause") if speaker is None else (thought and tree.lower[speaker] == "you"):
        return None
    content = read_content(tree, sense, frame, i)
    span = trim(tree, content[0], with_marks(tree, frame, content, marked, i), marked) if content else None
    if content is None or span is None or (span[1] - span[0] == 1 and tree.lower[span[0]] in PRONOUNS):
        return None
    if frame == "naming" and not is_naming(tree, i, span, marked):
        return None
    return Statement((span,), kind_of((span,), marked), sense.rule_id, (i, content[2] or i + 1), speaker)


def _rest(tree: Tree, sense: Sense, marked: list[Marked], i: int, speaker: int | None) -> Statement | None:
    """The rest of the sentence as the content of a plain verb of saying."""
    rest = find_linear(tree, sense, i) if speaker is not None and speaker < i else None
    if rest is None or not (has_finite_verb(tree, *rest) or marked_in(*rest, marked)):
        return None
    span = trim(tree, *rest, marked)
    return Statement((span,), kind_of((span,), marked), sense.rule_id, (i, i + 1), speaker) if span else None


def _may_nest(tree: Tree, sense: Sense, speaker: int | None) -> bool:
    """Within a quotation only plain saying by a third party is read: 'he told me that ...' in what she said."""
    return (
        sense.speech_class == "speech"
        and "clause" in sense.frames
        and speaker is not None
        and tree.lower[speaker] not in ("i", "you", "we", "it", "this", "that", "they")
    )


def _noun(tree: Tree, sense: Sense, marked: list[Marked], i: int) -> Statement | None:
    speaker = owner_of(tree, i)
    content: Content | None = None
    for frame in sense.frames:
        if frame == "clause":
            content = _that_of_noun(tree, i)
        elif frame == "infinitive":
            c = next((c for c in tree.children[i] if c > i and tree.dep[c] in ("acl", "xcomp", "relcl") and is_to(tree, c)), None)
            content = (max(tree.low[c], i + 1), tree.high[c], 0) if c is not None and tree.low[c] == i + 1 else None
        elif speaker is not None and tree.child(i, "poss") is not None:
            content = find_prepositional(tree, i, frame)
            content = content if content and content[2] else None
        if content is not None:
            break
    span = trim(tree, content[0], content[1], marked) if content else None
    if span is None or content is None:
        return None
    return Statement((span,), kind_of((span,), marked), sense.rule_id, (i, content[2] or i + 1), speaker)


def _that_of_noun(tree: Tree, i: int) -> Content | None:
    if i + 1 >= tree.sentence_end[i] or tree.lower[i + 1] != "that" or tree.tag[i + 1] != "IN":
        return None
    c = next((c for c in tree.children[i] if c > i and tree.low[c] == i + 1), None)
    if c is None:
        c = tree.head[i + 1]
    return (i + 1, min(tree.high[c], tree.sentence_end[i]), 0) if c > i + 1 else None


def _adjective(tree: Tree, sense: Sense, marked: list[Marked], i: int) -> Statement | None:
    verb = tree.head[i]
    if tree.dep[i] not in ("acomp", "ROOT", "ccomp", "xcomp", "oprd") or tree.is_negated(verb):
        return None
    content = find_clause(tree, i) if "clause" in sense.frames else None
    if content is None and sense.frames == ("infinitive",):
        content = find_infinitive(tree, i)
    subject = tree.subject(verb)
    span = trim(tree, content[0], content[1], marked) if content else None
    if span is None or subject is None or tree.lower[subject] in ("it", "there", "what", "that", "which"):
        return None
    start = verb if verb < i and i - verb <= 2 else i
    return Statement((span,), kind_of((span,), marked), sense.rule_id, (start, i + 1), subject)
