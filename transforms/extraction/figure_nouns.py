"""What a number counts: its noun, its unit, and how far its words reach."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.extraction.figure_lexicon import FigureLexicon, Unit, singular
from transforms.extraction.figure_numbers import Quantity
from transforms.extraction.quote_tree import Tree, word_set

_RUN = frozenset(("JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "VBN", "VBG", "HYPH", "POS", "AFX", "ADD", "RB"))
_NOUNS = frozenset(("NN", "NNS", "NNP", "NNPS"))
_NO_COUNT = word_set("side hand way thing")
_NO_COUNT_FOR_ONE = word_set(
    "day time thing way point side hand reason another more occasion night morning evening moment instance case word note exception member part"
)
_SHORT_UNITS = word_set("mm cm km kms kg mg lb ft mph kph")
_SPEEDS = {"km": "km_per_hour", "mile": "mile_per_hour"}
_DECADES = word_set("twenties thirties forties fifties sixties seventies eighties nineties")
_COMPARED = word_set("as more higher larger bigger greater the less faster that what")
_MAX_RUN = 6
_PERSON_ENDINGS = ("ist", "ician", "sman", "swoman", "person")
OTHER = Unit("other", "counted")
FREQUENCY = Unit("other", "frequency")
PERCENT = Unit("percent", "percent")


@dataclass(frozen=True, slots=True)
class Counted:
    """The noun of a quantity: ``head`` is its token (None if the text leaves it out), ``first`` to ``end`` the counted words."""

    unit: Unit
    head: int | None
    first: int
    end: int
    elliptic: bool = False
    of_them: bool = False


def find_counted(tree: Tree, lexicon: FigureLexicon, q: Quantity) -> Counted | None:
    """What the quantity counts; None where it counts nothing that the words tell."""
    k, limit = q.end, tree.sentence_end[q.number]
    if _is_magnitude(tree, q):
        return Counted(Unit("magnitude", "measured"), None, k, k)
    if q.glued:
        unit = lexicon.units.get(q.glued)
        return Counted(unit, None, k, k) if unit else None
    if k < limit and (tree.words[k] == "%" or tree.lower[k] in ("percent", "pct", "per")):
        return _percent(tree, lexicon, q, k, limit)
    if k < limit and tree.words[k] in ("-", "–") and k + 1 < limit:
        return _hyphened(tree, lexicon, k + 1)
    if q.kind == "ratio":
        head = _head_noun(tree, lexicon, q, k, limit) if k < limit and tree.lower[k] != "of" else None
        return Counted(Unit("share", "share"), head, k, head + 1) if head is not None else None
    if part_of_number(tree, q) is not None:
        return None
    if k < limit and tree.lower[k] == "of" and not q.sign:
        return _after_of(tree, lexicon, q, k, limit)
    if q.kind == "fraction":
        return _half_of(tree, lexicon, k, limit)
    head = _head_noun(tree, lexicon, q, k, limit)
    if head is None:
        return None
    if singular(tree.words[head]) in _NO_COUNT or tree.words[head].endswith("-") or tree.lower[head] in _DECADES:
        return None
    if tree.lower[head] == "times" and head == k:
        return Counted(
            Unit("multiple", "measured") if tree.lower[k + 1 : k + 2] and tree.lower[k + 1] in _COMPARED else FREQUENCY, head, k, head + 1
        )
    unit = unit_of(tree, lexicon, head)
    per = _per_hour(tree, head + 1, limit)
    if per and unit.kind == "measured":
        return Counted(Unit(_SPEEDS.get(unit.name, "other"), "measured"), head, k, per)
    return Counted(unit, head, k, head + 1)


def _is_magnitude(tree: Tree, q: Quantity) -> bool:
    """ "magnitude 6.1", "a magnitude-6.1 quake", "a magnitude of 6.1": the unit stands before the number."""
    before = tree.lower[max(q.first - 2, 0) : q.first]
    return q.kind == "number" and (before[-1:] == ["magnitude"] or before in (["magnitude", "-"], ["magnitude", "of"]))


def _per_hour(tree: Tree, k: int, limit: int) -> int | None:
    """End of 'per hour', '/h', 'an hour' behind a distance."""
    if tree.lower[k : k + 2] in (["/", "h"], ["/", "h."], ["per", "hour"], ["an", "hour"]) and k + 2 <= limit:
        return k + 2
    return None


def unit_of(tree: Tree, lexicon: FigureLexicon, head: int) -> Unit:
    """The unit of a counted noun: by its last two words, else by the noun, else people if it names a nationality."""
    word = singular(tree.words[head])
    for before in (tree.lower[head - 1] if head else "", tree.lower[head - 2] if head > 1 and tree.words[head - 1] == "-" else ""):
        pair = lexicon.units.get(f"{before} {word}")
        if before and pair is not None:
            return pair
    found = lexicon.units.get(tree.lower[head]) or lexicon.units.get(word)
    if found is not None:
        return found
    if tree.entity[head] == "NORP" or (word.endswith(_PERSON_ENDINGS) and len(word) > 6):
        return Unit("person", "counted")
    return OTHER


def _head_noun(tree: Tree, lexicon: FigureLexicon, q: Quantity, k: int, limit: int) -> int | None:
    """The noun behind the number: by the parse if it is near, else the last of the run of nouns."""
    if k < limit and tree.lower[k] in _SHORT_UNITS:
        return k
    head = tree.head[q.end - 1]
    near = tree.dep[q.end - 1] in ("nummod", "quantmod", "amod", "compound") and k <= head < min(limit, k + _MAX_RUN + 2)
    if (
        near
        and tree.tag[head] in _NOUNS
        and not any(tree.words[n] in (",", "(", ";") or tree.dep[n] == "prep" or tree.tag[n] == "CD" for n in range(k, head))
        and not any(tree.lower[n] in ("and", "but") and tree.lower[n + 1] in lexicon.verbs for n in range(k, head))
    ):
        while tree.dep[head] == "compound" and head < tree.head[head] < k + _MAX_RUN + 2 and tree.tag[tree.head[head]] in _NOUNS:
            if any(tree.words[n] in (",", "(", ";") for n in range(head, tree.head[head])):
                break
            head = tree.head[head]
        if tree.tag[head] == "NNP" and head + 1 < limit and tree.tag[head + 1] in ("JJ", "NNP", "NNS"):
            return _past_hyphen(tree, _end_of_run(tree, head, limit) or head, limit)
        return _past_hyphen(tree, head, limit)
    if k < limit and tree.lower[k] in ("last", "next", "this", "that"):
        return None
    last = _end_of_run(tree, k, limit)
    return None if last is None else _past_hyphen(tree, last, limit)


def _end_of_run(tree: Tree, k: int, limit: int) -> int | None:
    """The last noun of the adjectives and nouns that stand from ``k`` on without a break."""
    last = None
    for n in range(k, min(limit, k + _MAX_RUN)):
        if (
            tree.tag[n] not in _RUN
            or (tree.entity[n] in ("DATE", "TIME") and last is not None)
            or (tree.tag[n] in ("VBG", "VBN", "RB") and last is not None)
        ):
            break
        if tree.tag[n] in _NOUNS:
            last = n
        elif last is not None and tree.tag[n] not in ("HYPH", "POS") and not (tree.entity[n] and tree.tag[last] == "NNP"):
            break
    return last


def _past_hyphen(tree: Tree, head: int, limit: int) -> int:
    """The last part of a noun that is cut at its hyphens ('co - workers')."""
    while head + 2 < limit and tree.words[head + 1] == "-" and tree.tag[head + 2] in _NOUNS:
        head += 2
    return head


def _percent(tree: Tree, lexicon: FigureLexicon, q: Quantity, k: int, limit: int) -> Counted | None:
    end = k + 1
    if tree.lower[k] == "per":
        if k + 1 >= limit or tree.lower[k + 1] != "cent":
            return None
        end = k + 2
    if end < limit and tree.lower[end] in ("point", "points"):
        return Counted(Unit("point", "measured"), end, k, end + 1)
    if end < limit and tree.lower[end] == "of" and end + 1 < limit:
        head = _of_object(tree, end, limit)
        if head is not None:
            return Counted(PERCENT, head, end + 1, head + 1)
    return Counted(PERCENT, None, end, end)


def _of_object(tree: Tree, of: int, limit: int) -> int | None:
    """The head noun of what stands behind 'of'."""
    head = tree.child(of, "pobj")
    if head is not None and of < head < min(limit, of + 9) and not any(tree.words[n] in (",", "(", ";") for n in range(of + 1, head)):
        return head
    last = None
    for n in range(of + 1, min(limit, of + 7)):
        if tree.tag[n] not in _RUN and tree.tag[n] not in ("DT", "PRP$", "PRP", "WP", "WDT", "CD"):
            break
        if tree.tag[n] in _NOUNS or tree.tag[n] in ("PRP", "WP", "WDT"):
            last = n
    return last


def _after_of(tree: Tree, lexicon: FigureLexicon, q: Quantity, k: int, limit: int) -> Counted | None:
    """'dozens of drones', '36 of them', 'a fifth of the land'; 'one of the ...' counts nothing."""
    head = _of_object(tree, k, limit)
    if head is None or (q.low == 1 and q.high == 1):
        return None
    if tree.lower[head] in ("them", "whom", "which", "those", "these", "us", "it"):
        return Counted(OTHER, None, k, head + 1, elliptic=True, of_them=True)
    if q.kind == "fraction":
        return Counted(Unit("share", "share"), head, k + 1, head + 1)
    if tree.lower[head] == "times":
        return Counted(FREQUENCY, head, k + 1, head + 1)
    if tree.tag[head] == "CD" or (q.kind == "number" and tree.tag[head] == "NNP" and tree.tag[k + 1] not in ("DT", "PRP$")):
        return None
    return Counted(unit_of(tree, lexicon, head), head, k + 1, head + 1)


def _half_of(tree: Tree, lexicon: FigureLexicon, k: int, limit: int) -> Counted | None:
    """'half the land', 'half an hour'; other fractions need their 'of'."""
    if k >= limit or tree.lower[k - 1] != "half" or tree.tag[k] not in ("DT", "PRP$"):
        return None
    head = next(
        (n for n in range(k + 1, min(limit, k + 5)) if tree.tag[n] in _NOUNS and (n + 1 >= limit or tree.tag[n + 1] not in _NOUNS)), None
    )
    if head is None:
        return None
    unit = unit_of(tree, lexicon, head)
    if tree.lower[k] in ("a", "an"):
        return Counted(unit, head, k, head + 1) if unit.kind in ("duration", "measured") else None
    return Counted(Unit("share", "share"), head, k, head + 1)


def _hyphened(tree: Tree, lexicon: FigureLexicon, k: int) -> Counted | None:
    """'34-year-old', 'five-year war', '9,000-strong', '5.6-magnitude', '12-member panel': a unit joined to its number."""
    word = tree.lower[k]
    if word == "strong":
        return Counted(Unit("person", "counted"), k, k, k + 1)
    if word == "magnitude":
        return Counted(Unit("magnitude", "measured"), k, k, k + 1)
    unit = lexicon.units.get(singular(word))
    if unit is None:
        return None
    end = k + 1
    if unit.name == "year" and end + 1 < len(tree) and tree.words[end] == "-" and tree.lower[end + 1] in ("old", "olds"):
        return Counted(Unit("year", "age"), end + 1, k, end + 2)
    return Counted(unit, k, k, end)


def part_of_number(tree: Tree, q: Quantity) -> int | None:
    """Where the number of the whole begins in '21 out of 48 drones', '21 of 48 drones', '21 of the 48 drones'; else None."""
    k, limit = q.end, tree.sentence_end[q.number]
    if q.kind != "number" or q.sign:
        return None
    if tree.lower[k : k + 2] == ["out", "of"]:
        k += 1
    if k >= limit or tree.lower[k] != "of":
        return None
    k += 2 if tree.lower[k + 1 : k + 2] == ["the"] else 1
    return k if k < limit and tree.tag[k] == "CD" and tree.lower[k] != "one" else None


def is_pronoun_one(tree: Tree, q: Quantity, counted: Counted | None) -> bool:
    """'no one', 'one of the', 'one day', 'this one': words that count nothing."""
    if q.end - q.number != 1 or tree.lower[q.number] != "one":
        return False
    before = tree.lower[q.number - 1] if q.number else ""
    if (
        before in ("no", "any", "every", "each", "this", "that", "the", "which", "another", "some", "only", "as", "than")
        and q.first == q.number
    ):
        return True
    if counted is None or counted.head is None:
        return counted is None or not counted.elliptic
    return q.comparator == "equal" and (singular(tree.words[counted.head]) in _NO_COUNT_FOR_ONE or counted.unit == OTHER)
