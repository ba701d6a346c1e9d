"""Units, measures, comparators and currencies of ``transforms/rules/figures.toml``, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from transforms.extraction.quote_lexicon import verb_forms
from transforms.rules import load_rules

_IRREGULAR_PLURALS = {
    "people": "people", "men": "man", "women": "woman", "children": "child", "feet": "foot", "inches": "inch", "lives": "life", "wolves": "wolf",
    "troops": "troop", "bodies": "body", "policemen": "policeman", "servicemen": "serviceman", "firemen": "fireman", "wives": "wife", "knives": "knife",
    "thieves": "thief", "boxes": "box", "buses": "bus", "churches": "church", "gas": "gas", "staff": "staff", "police": "police", "personnel": "personnel",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the closed list and the way it is read: counted, measured or duration."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Comparator:
    """Words beside a number and what they make of it."""

    words: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class FigureLexicon:
    """The rule file by the words that are looked up.

    ``verbs`` maps a verb form to (lemma, role, measure, units) entries, ``nouns`` and ``adjectives`` a word to (measure, units), ``tolls`` a
    word to a measure and whether "the" or "of" must stand before it.
    """

    units: dict[str, Unit]
    before: tuple[Comparator, ...]
    after: tuple[Comparator, ...]
    labels: frozenset[str]
    windows: frozenset[str]
    signs: dict[str, str]
    currencies: dict[str, str]
    verbs: dict[str, tuple[tuple[str, str, str, frozenset[str]], ...]]
    nouns: dict[str, tuple[tuple[str, frozenset[str]], ...]]
    adjectives: dict[str, tuple[tuple[str, frozenset[str]], ...]]
    dimension_words: dict[str, str]
    dimension_units: dict[str, str]
    tolls: dict[str, tuple[tuple[str, bool], ...]]
    toll_links: dict[str, frozenset[str]]


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """The singular of an English noun as the rule file writes it.

    >>> singular("Drones"), singular("countries"), singular("women")
    ('drone', 'country', 'woman')
    """
    low = word.lower()
    if low in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[low]
    if low.endswith("men") and len(low) > 4:
        return low[:-3] + "man"
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("ches", "shes", "sses", "xes")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith("ss") and len(low) > 2 else low


@lru_cache(maxsize=1)
def load_figure_lexicon() -> FigureLexicon:
    """The rules of figures; read once per process."""
    data = load_rules("figures")
    money = data["currencies"][0]
    dimensions = data["dimensions"][0]
    return FigureLexicon(
        {w: Unit(u["unit"], u.get("kind", "counted")) for u in data["units"] for w in u["words"]},
        _comparators(data, "before"),
        _comparators(data, "after"),
        frozenset(w for entry in data["labels"] for w in entry["words"]),
        frozenset(w for entry in data["windows"] for w in entry["words"]),
        dict(money["signs"]),
        dict(money["words"]),
        _verbs(data),
        _words(data, "nouns"),
        _words(data, "adjectives"),
        dict(dimensions["words"]),
        dict(dimensions["units"]),
        {word: ((t["measure"], t["wants_article"]),) for t in data["tolls"] for word in t["words"]},
        {link: frozenset(words) for link, words in data["toll_links"].items()},
    )


def _comparators(data: dict[str, Any], side: str) -> tuple[Comparator, ...]:
    found = [Comparator(tuple(words.split()), entry["comparator"]) for entry in data["comparators"] for words in entry[side]]
    return tuple(sorted(found, key=lambda c: -len(c.words)))


def _verbs(data: dict[str, Any]) -> dict[str, tuple[tuple[str, str, str, frozenset[str]], ...]]:
    irregular = {line.split()[0]: tuple(line.split()) for line in data["irregular"]}
    out: dict[str, list[tuple[str, str, str, frozenset[str]]]] = {}
    for entry in data["measures"]:
        for role in ("object", "subject", "moved"):
            for lemma in entry.get(role, ()):
                verb = lemma.partition(" ")[0]
                for form in dict.fromkeys(verb_forms(verb, irregular)):
                    out.setdefault(form, []).append((lemma, role, entry["measure"], frozenset(entry["units"])))
    # A verb with its particle ("shoot down") is looked at before the bare verb.
    return {form: tuple(sorted(found, key=lambda f: -len(f[0].split()))) for form, found in out.items()}


def _words(data: dict[str, Any], key: str) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    out: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for entry in data["measures"]:
        for word in entry[key]:
            out[word] = (*out.get(word, ()), (entry["measure"], frozenset(entry["units"])))
    return out
