"""How a content hangs on its verb: as a clause, an infinitive, an object, behind a preposition ..."""

from __future__ import annotations

from transforms.extraction.quote_direct import FINITE, has_finite_verb
from transforms.extraction.quote_lexicon import PREPOSITIONS, Sense
from transforms.extraction.quote_marks import Marked
from transforms.extraction.quote_model import PUNCT, Range, marked_in, np_span
from transforms.extraction.quote_tree import PRONOUNS, Tree

Content = tuple[int, int, int]
"""Start and end of the content, and the end of a cue of several words (0 if the verb alone is the cue)."""

_TO_INFINITIVE = "TO"
_COMPLEMENTS = ("dobj", "oprd", "ccomp", "xcomp", "attr", "dative", "acomp")
_ADDING = ("adding", "saying", "noting", "citing", "calling")


def read_content(tree: Tree, sense: Sense, frame: str, i: int) -> Content | None:
    """The content that hangs on verb ``i`` in this frame, or None."""
    if frame in PREPOSITIONS:
        return find_prepositional(tree, i, frame)
    if frame.startswith("object_") and frame != "object_infinitive":
        return _object_and(tree, i, frame.removeprefix("object_"))
    if frame == "clause":
        return _plain_clause(tree, i, addressee=sense.addressee) if sense.plain and not tree.is_passive(i) else find_clause(tree, i)
    if frame == "infinitive":
        return find_infinitive(tree, i)
    if frame == "object_infinitive":
        return _object_infinitive(tree, i)
    if frame == "gerund":
        return _gerund(tree, i)
    if frame == "naming":
        return _naming(tree, i)
    return _object(tree, i) if frame == "object" else None


def _gerund(tree: Tree, i: int) -> Content | None:
    for c in tree.children[i]:
        if c > i and tree.tag[c] == "VBG" and tree.dep[c] in ("xcomp", "ccomp", "pcomp", "dobj"):
            return max(tree.low[c], i + 1), tree.high[c], 0
    return None


def with_marks(tree: Tree, frame: str, content: Content, marked: list[Marked], i: int) -> int:
    """End of the content, moved behind quoted words that close it: called the plan "a joke", accused X, its rival, of "reckless acts"."""
    if frame == "clause" or frame in PREPOSITIONS:
        return content[1]
    for m in marked:
        near = content[1] <= m.start < min(content[1] + 8, tree.segment_end[i]) and tree.sentence[m.start] == tree.sentence[i]
        if near and not any(
            tree.tag[k] in FINITE or tree.lower[k] in ("and", "but", "or", "who", "which") for k in range(content[1], m.start)
        ):
            return m.end
    return content[1]


def _that_behind(tree: Tree, i: int) -> int | None:
    """The 'that' which opens the content of a plain verb of saying, perhaps behind a time, a place or an addressee."""
    for k in range(i + 1, min(tree.sentence_end[i], i + 14)):
        if tree.lower[k] == "that" and tree.tag[k] in ("IN", "WDT"):
            return k if has_finite_verb(tree, k, tree.sentence_end[i]) else None
        if tree.tag[k] in FINITE or tree.words[k] in PUNCT:
            return None
    return None


def _plain_clause(tree: Tree, i: int, *, addressee: bool) -> Content | None:
    """The finite clause after a plain verb of saying, mended where the parse has cut off its beginning."""
    found = find_clause(tree, i)
    that = _that_behind(tree, i)
    if that is not None and (found is None or found[0] > that):
        return that, max(found[1] if found else 0, _end_of_content(tree, that)), 0
    if found is not None and not addressee:
        cut = next((c for c in tree.children[i] if i < c < found[0] and tree.dep[c] in ("dobj", "nsubj")), None)
        if cut is not None and tree.high[cut] >= found[0] - 1:
            return max(tree.low[cut], i + 1), found[1], 0
    return found


def _end_of_content(tree: Tree, start: int) -> int:
    """End of the sentence, or where a participle of saying begins another statement (', adding that')."""
    b = tree.sentence_end[start]
    return next(
        (k for k in range(start, b - 1) if tree.words[k] == "," and tree.lower[k + 1] in _ADDING),
        b,
    )


def find_clause(tree: Tree, i: int) -> Content | None:
    """A finite clause after the verb, with its 'that' or question word."""
    limit = tree.sentence_end[i]
    for c in tree.children[i]:
        if c <= i or tree.dep[c] not in ("ccomp", "xcomp", "advcl", "dep", "conj", "parataxis"):
            continue
        if tree.dep[c] != "ccomp" and not _has_that(tree, c):
            continue
        if is_to(tree, c) and not _wh(tree, c):
            continue
        start = max(tree.low[c], i + 1)
        if tree.lower[start - 1] == "that" and start - 1 > i:
            start -= 1
        return start, min(tree.high[c], limit), 0
    k = i + 1
    if k < limit and tree.lower[k] == "that" and tree.tag[k] == "IN":
        return k, limit, 0
    return None


def _has_that(tree: Tree, c: int) -> bool:
    return any(tree.lower[k] == "that" and tree.dep[k] == "mark" for k in tree.children[c])


def _wh(tree: Tree, c: int) -> bool:
    return tree.tag[tree.low[c]] in ("WRB", "WP", "WDT") or tree.lower[tree.low[c]] == "whether"


def is_to(tree: Tree, c: int) -> bool:
    return any(tree.tag[k] == _TO_INFINITIVE and k < c and tree.dep[k] == "aux" for k in tree.children[c])


def find_infinitive(tree: Tree, i: int) -> Content | None:
    for c in tree.children[i]:
        if c > i and tree.dep[c] in ("xcomp", "ccomp", "advcl", "acl") and is_to(tree, c):
            to = next(k for k in tree.children[c] if tree.tag[k] == _TO_INFINITIVE)
            if tree.dep[c] == "advcl" and to > i + 2:
                continue
            return max(tree.low[c], i + 1) if tree.dep[c] != "advcl" else to, tree.high[c], 0
    return None


def _object_infinitive(tree: Tree, i: int) -> Content | None:
    for c in tree.children[i]:
        if c <= i or tree.dep[c] not in ("xcomp", "ccomp", "advcl", "acl") or not is_to(tree, c):
            continue
        first = tree.child(i, "dobj", "dative") or tree.child(c, "nsubj")
        if first is not None and i < first < c:
            return max(min(tree.low[first], tree.low[c]), i + 1), tree.high[c], 0
    o = tree.child(i, "dobj")
    acl = (
        next((c for c in tree.children[o] if tree.dep[c] in ("acl", "relcl") and is_to(tree, c)), None) if o is not None and o > i else None
    )
    if o is not None and acl is not None:
        return max(tree.low[o], i + 1), tree.high[acl], 0
    return None


def find_prepositional(tree: Tree, i: int, word: str) -> Content | None:
    for p in tree.children[i]:
        if p > i and tree.lower[p] == word and tree.dep[p] in ("prep", "prt", "mark", "aux", "advcl"):
            if p + 1 >= tree.high[p] or p > i + 6:
                continue
            end = min(tree.high[p], tree.sentence_end[i])
            goal = next(
                (c for c in tree.children[i] if c > p and tree.dep[c] in ("xcomp", "advcl") and is_to(tree, c) and tree.low[c] == end),
                None,
            )
            return p + 1, tree.high[goal] if goal is not None else end, p + 1 if p == i + 1 else 0
    return None


def _object(tree: Tree, i: int) -> Content | None:
    o = next((c for c in tree.children[i] if c > i and tree.dep[c] == "dobj"), None)
    if o is None or not tree.is_noun(o) or tree.lower[o] in PRONOUNS or tree.lower[o].endswith(("self", "selves")):
        return None
    return max(tree.low[o], i + 1), tree.high[o], 0


def _object_and(tree: Tree, i: int, word: str) -> Content | None:
    """Object and a phrase with this preposition: 'accused the minister of lying', 'described it as calm'."""
    o = next((c for c in tree.children[i] if c > i and tree.dep[c] in ("dobj", "dative")), None)
    holders = [i] if o is None else [i, o]
    for p in (p for h in holders for p in tree.children[h]):
        if p <= i or tree.lower[p] != word or tree.dep[p] not in ("prep", "mark", "advcl") or tree.high[p] <= p + 1:
            continue
        if o is not None and o < p:
            return max(tree.low[o], i + 1), max(tree.high[p], tree.high[o]), 0
        if word == "as" and p == i + 1 and not tree.is_passive(i):
            return p, tree.high[p], 0
    return None


def _naming(tree: Tree, i: int) -> Content | None:
    parts = [c for c in tree.children[i] if c > i and tree.dep[c] in _COMPLEMENTS]
    if not parts or any(is_to(tree, c) for c in parts):
        return None
    return max(min(tree.low[c] for c in parts), i + 1), max(tree.high[c] for c in parts), 0


def is_naming(tree: Tree, i: int, span: Range, marked: list[Marked]) -> bool:
    """Two complements (the plan a joke), or quoted words among one: 'called the plan' alone tells nothing."""
    parts = [c for c in tree.children[i] if c > i and tree.dep[c] in _COMPLEMENTS]
    two = len(parts) > 1 or (tree.dep[parts[0]] in ("ccomp", "oprd") and span[1] - span[0] > 1)
    return two or bool(marked_in(span[0], span[1], marked))


def find_linear(tree: Tree, sense: Sense, i: int) -> Range | None:
    """What follows a plain verb of saying up to the end of the sentence, where the parse gives the verb no content."""
    b = tree.sentence_end[i]
    participle = tree.tag[i] == "VBN" and not any(tree.lower[c] in ("has", "have", "had", "'ve", "’ve") for c in tree.children[i])
    if participle or not sense.plain or tree.is_passive(i) or i + 3 >= b:
        return None
    that = next((k for k in range(i + 1, min(b, i + 14)) if tree.lower[k] == "that" and tree.tag[k] in ("IN", "WDT")), None)
    if that is not None and not has_finite_verb(tree, i + 1, that) and has_finite_verb(tree, that, b):
        return that, b
    start = i + 1
    if sense.addressee:
        to = next((c for c in tree.children[i] if c > i and tree.dep[c] in ("dobj", "dative", "nsubj")), None)
        start = np_span(tree, to)[1] if to is not None else b
    if start >= b or not (tree.is_noun(start) or tree.tag[start] in ("DT", "PRP$", "EX", "JJ", "``")):
        return None
    if tree.lower[start] in ("nothing", "so", "no", "enough", "this", "that", "the") and not has_finite_verb(tree, start + 1, b):
        return None
    return start, b
