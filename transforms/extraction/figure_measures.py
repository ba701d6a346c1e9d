"""What a figure tells (killed, deployed, price ...): from the noun, the adjectives and the verb that govern it."""

from __future__ import annotations

from transforms.extraction.figure_lexicon import FigureLexicon, singular
from transforms.extraction.figure_nouns import Counted
from transforms.extraction.figure_numbers import Quantity
from transforms.extraction.quote_tree import Tree

_PRISON = frozenset(("prison", "jail", "bars", "custody", "imprisonment", "detention", "probation", "house", "labour", "labor"))
_SENTENCED = frozenset(("sentenced", "jailed", "imprisoned", "imprisonment"))
_AGE = frozenset(("old", "aged", "age", "ages"))
_ELAPSED = frozenset(("later", "earlier", "ago", "after", "since", "before"))
TOLL_REACH = 14
"""Words between a toll and the number that it is put at."""
_LINKS = frozenset(("of", "by", "to", "at", "with", "including", "from"))
"""Prepositions through which a noun or verb governs a number: 'the downing of 12 drones', 'rose by 5 percent'."""
WITHOUT_NOUN = frozenset(("population",))
"""Further measures that tell by themselves that people are counted."""
HARM = frozenset(("killed", "injured", "missing", "captured", "detained", "released", "rescued", "displaced", "infected"))
"""Measures of people whose noun may be left out, and of single persons."""


def anchor(q: Quantity, counted: Counted) -> int:
    """The token that stands for the figure in the parse: its noun, else its last number word."""
    return counted.head if counted.head is not None and not counted.elliptic else q.end - 1


def measure_of(tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted) -> str:
    """The measure of a figure, from the closed list of the schema."""
    unit = counted.unit
    if q.kind == "ordinal":
        return "rank"
    if unit.kind == "age":
        return "age"
    if unit.kind == "duration":
        return _duration(tree, q, counted)
    if unit.kind == "measured" and unit.name not in ("point", "multiple"):
        return _dimension(tree, lexicon, q, counted)
    if unit.kind in ("share", "frequency"):
        return unit.kind
    own = _own_noun(tree, lexicon, counted)
    if unit.name in ("seat", "vote") and own:
        return own
    found = (
        _joined_verb(tree, lexicon, q, counted)
        or _adjective(tree, lexicon, q, counted)
        or _governed(tree, lexicon, counted, anchor(q, counted), q)
        or own
        or _verb_before(tree, lexicon, q, unit.name)
    )
    if found:
        return found
    if unit.name == "percent":
        return "share" if counted.head is not None else "other"
    if unit.name == "money" or unit.kind == "measured":
        return "other"
    return "seats" if unit.name == "seat" else "voted" if unit.name == "vote" else "count"


def toll_of(tree: Tree, lexicon: FigureLexicon, q: Quantity) -> str | None:
    """The measure of a bare number that a toll is put at: 'the death toll rose from nine to 14', 'the army put the dead at 12'."""
    link = q.first - 1
    if q.kind not in ("number", "vague") or link < 1 or tree.lower[link] not in lexicon.toll_links:
        return None
    helpers = lexicon.toll_links[tree.lower[link]]
    for k in range(link - 1, max(tree.sentence_start[q.number], q.first - TOLL_REACH) - 1, -1):
        if tree.words[k] in (";", ":"):
            return None
        for measure, wants_article in lexicon.tolls.get(tree.lower[k], ()):
            helped = helpers.intersection(tree.lower[max(k - 4, 0) : link]) if helpers else link - k <= 4
            if helped and (not wants_article or (k and tree.lower[k - 1] in ("the", "of"))):
                return measure
    return None


def _duration(tree: Tree, q: Quantity, counted: Counted) -> str:
    a, b = max(tree.sentence_start[q.number], q.first - 6), min(counted.end + 3, tree.sentence_end[q.number])
    after = tree.lower[counted.end : b]
    if (after[:1] and after[0] in _AGE) or tree.lower[max(a, q.first - 1)] == "aged":
        return "age"
    of_sentence = tree.lower[max(a, q.first - 2) : q.first] in (["sentence", "of"], ["term", "of"]) and set(tree.lower[a : b + 3]) & _PRISON
    if set(after) & _PRISON or set(tree.lower[a : q.first]) & _SENTENCED or of_sentence or after[:1] == ["sentence"]:
        return "sentence"
    if after[:1] and after[0] in _ELAPSED:
        return "elapsed"
    return "duration"


def _dimension(tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted) -> str:
    b = min(counted.end + 3, tree.sentence_end[q.number])
    for k in range(counted.end, b):
        if tree.lower[k] in lexicon.dimension_words:
            return lexicon.dimension_words[tree.lower[k]]
    if b > counted.end and tree.lower[counted.end] in (
        "from",
        "off",
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "inland",
    ):
        return "distance"
    word = " ".join(tree.lower[counted.first : counted.end])
    key = singular(word.split()[-1]) if word else ""
    return lexicon.dimension_units.get(counted.unit.name) or lexicon.dimension_units.get(key, "other")


def _fits(units: frozenset[str], unit: str) -> bool:
    return not units or unit in units


def _adjective(tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted) -> str | None:
    """'12 dead', 'nine wounded soldiers', 'nine sailors are missing'."""
    top = anchor(q, counted)
    near = [*range(q.end, max(counted.end, min(q.end + 1, tree.sentence_end[q.number])))]
    if counted.head is not None and counted.end < tree.sentence_end[q.number] and not counted.elliptic:
        near.append(counted.end)
    verb = tree.head[top]
    if tree.dep[top] in ("nsubj", "nsubjpass"):
        near.extend(c for c in (verb, *tree.children[verb]) if c > top and (c == verb or tree.dep[c] in ("acomp", "oprd")))
    for k in near:
        for measure, units in lexicon.adjectives.get(tree.lower[k], ()):
            if _fits(units, counted.unit.name) or counted.elliptic:
                return measure
    return None


def _own_noun(tree: Tree, lexicon: FigureLexicon, counted: Counted) -> str | None:
    if counted.head is None or counted.elliptic:
        return None
    for measure, units in lexicon.nouns.get(singular(tree.words[counted.head]), ()):
        if _fits(units, counted.unit.name):
            return measure
    return None


def _governed(tree: Tree, lexicon: FigureLexicon, counted: Counted, top: int, q: Quantity) -> str | None:
    """The measure of the participle behind the noun, of the nouns that it hangs on, or of its verb."""
    unit = counted.unit.name
    if q.end < len(tree) and tree.words[q.end] in ("-", "–") and counted.unit.kind == "counted":
        return None
    for c in tree.children[top]:
        if tree.dep[c] in ("acl", "relcl") and c > top and tree.tag[c] == "VBN":
            found = _verb(tree, lexicon, c, "object", unit)
            if found:
                return found
    for _ in range(8):
        up, dep = tree.head[top], tree.dep[top]
        if up == top:
            return None
        if dep in ("nsubj", "nsubjpass", "dobj", "npadvmod", "dep", "attr", "oprd", "dative", "advmod", "agent") or (
            dep in ("pobj", "prep") and tree.is_verb(up)
        ):
            role = "object" if dep in ("nsubjpass", "dobj", "oprd") else "subject" if dep == "nsubj" else "moved"
            return (
                _verb(tree, lexicon, up, role, unit) or _xcomp(tree, lexicon, up, role, unit) or _complement(tree, lexicon, up, dep, unit)
            )
        if dep == "pobj" and tree.lower[up] not in _LINKS and unit != "money":
            return None
        if dep in ("acl", "relcl", "advcl", "ccomp", "xcomp", "ROOT"):
            return _verb(tree, lexicon, top, "moved", unit) if tree.is_verb(top) else None
        found = _noun(tree, lexicon, up, unit) if dep != "conj" else None
        if found:
            return found
        top = up
    return None


def _joined_verb(tree: Tree, lexicon: FigureLexicon, q: Quantity, counted: Counted) -> str | None:
    """The second verb of "killed 12 and injured dozens", which the parse may take for an adjective."""
    k = q.first - 1
    if counted.elliptic and k > 1 and tree.lower[k - 1] in ("and", "but", ",") and tree.lower[k] in lexicon.verbs:
        return _verb(tree, lexicon, k, "object", counted.unit.name)
    return None


def _verb_before(tree: Tree, lexicon: FigureLexicon, q: Quantity, unit: str) -> str | None:
    """The verb right before the number words, with its particle: 'shot down 21', where the parse gives no link."""
    low = tree.sentence_start[q.number]
    for k in range(q.first - 1, max(low, q.first - 3) - 1, -1):
        if tree.is_verb(k) or (k + 1 < q.first and tree.lower[k] in lexicon.verbs):
            return _verb(tree, lexicon, k, "object", unit)
        if tree.tag[k] not in ("RP", "RB", "IN") or tree.lower[k] in ("of", "by", "for", "in"):
            return None
    return None


def _noun(tree: Tree, lexicon: FigureLexicon, k: int, unit: str) -> str | None:
    for measure, units in lexicon.nouns.get(singular(tree.words[k]), ()) if tree.tag[k].startswith("NN") else ():
        if _fits(units, unit):
            return measure
    return None


def _verb(tree: Tree, lexicon: FigureLexicon, verb: int, role: str, unit: str) -> str | None:
    roles = ("object", "moved") if role == "moved" else (role, "moved") if unit in ("percent", "point", "money", "degree") else (role,)
    for lemma, its_role, measure, units in lexicon.verbs.get(tree.lower[verb], ()):
        particle = lemma.partition(" ")[2]
        if its_role not in roles or not _fits(units, unit):
            continue
        if role == "moved" and its_role == "object" and unit not in ("money", "percent", "point", "person"):
            continue
        if not particle or any(tree.lower[c] == particle for c in tree.children[verb]) or tree.lower[verb + 1 : verb + 2] == [particle]:
            return measure
    return None


def _xcomp(tree: Tree, lexicon: FigureLexicon, verb: int, role: str, unit: str) -> str | None:
    """The verb that a helper leads to: 'were found dead', 'were said to be deployed'."""
    for c in tree.children[verb]:
        if tree.dep[c] in ("xcomp", "ccomp", "acomp") and c > verb:
            # "38 are known to have died": the subject of the passive is that of the infinitive
            raised = any(tree.tag[g] == "TO" for g in tree.children[c])
            found = _verb(tree, lexicon, c, "object" if tree.is_passive(c) else "subject" if raised else role, unit)
            if found:
                return found
    return None


def _complement(tree: Tree, lexicon: FigureLexicon, verb: int, dep: str, unit: str) -> str | None:
    """The other noun of a verb like 'be': 'the fine was $5 million', 'inflation stood at 4 percent'; the noun of 'in': '$5 million in aid'."""
    subject = tree.child(verb, "nsubj", "nsubjpass")
    if dep in ("nsubj", "nsubjpass") or subject is None or unit not in ("money", "percent", "point", "person"):
        return None
    return _noun(tree, lexicon, subject, unit)
