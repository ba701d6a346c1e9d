"""The words that tell that somebody says something, from ``transforms/rules/quotes.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from transforms.rules import load_rules

PREPOSITIONS = ("of", "about", "for", "on", "against", "to", "at")
"""Frames that are named after the preposition that links the content to the cue."""

_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Sense:
    """One use of a word as a cue: the rule it stands in, the ways its content may hang on it, what limits it."""

    rule_id: str
    lemma: str
    speech_class: str
    frames: tuple[str, ...]
    particle: str = ""
    addressee: bool = False
    only_subjects: frozenset[str] = frozenset()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Cue words by form (verbs) or lemma (nouns, adjectives), prepositional phrases by their words.

    ``nesting`` are the rules whose statements are kept within another one: plain saying. What A says that B wants is A's statement alone.
    """

    verbs: dict[str, tuple[Sense, ...]]
    nouns: dict[str, tuple[Sense, ...]]
    adjectives: dict[str, tuple[Sense, ...]]
    phrases: dict[tuple[str, ...], str]
    nesting: frozenset[str]
    writings: frozenset[str]
    silent: frozenset[str]
    governing: frozenset[str]
    light: frozenset[str]


def verb_forms(lemma: str, irregular: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The forms of a verb as written in text, the lemma first.

    >>> verb_forms("deny", {}), "admitted" in verb_forms("admit", {}), "quipped" in verb_forms("quip", {})
    (('deny', 'denies', 'denied', 'denying'), True, True)
    """
    if lemma in irregular:
        return irregular[lemma]
    if lemma.endswith("e"):
        return (lemma, lemma + "s", lemma + "d", lemma[:-1] + "ing")
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return (lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
    third = lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    stems = [lemma]
    if lemma[-1] not in "wxy" + _VOWELS and lemma[-2] in _VOWELS and (len(lemma) < 3 or lemma[-3] not in _VOWELS or lemma[-3:-1] == "ui"):
        # "admit" doubles its last letter, "visit" does not: both spellings are listed, one of them is no word.
        stems.append(lemma + lemma[-1])
    return (lemma, third, *(s + "ed" for s in stems), *(s + "ing" for s in stems))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The cue words; read once per process."""
    data = load_rules("quotes")
    irregular = {line.split()[0]: tuple(line.split()) for line in data["irregular"]}
    verbs: dict[str, list[Sense]] = {}
    for group in data["verbs"]:
        for entry in group["lemmas"]:
            sense = _sense(group, entry)
            for form in dict.fromkeys(verb_forms(sense.lemma, irregular)):
                verbs.setdefault(form, []).append(sense)
    phrases = {tuple(p.split()): group["id"] for group in data["prepositions"] for p in group["phrases"]}
    return Lexicon(
        {form: tuple(senses) for form, senses in verbs.items()},
        _by_lemma(data["nouns"]),
        _by_lemma(data["adjectives"]),
        phrases,
        frozenset(e["id"] for table in ("verbs", "prepositions", "structures") for e in data[table] if e.get("nests")),
        frozenset(data["words"]["writings"]),
        frozenset(data["words"]["silent"]),
        _forms(data["words"]["governing"], irregular),
        _forms(data["words"]["light"], irregular),
    )


def _forms(lemmas: Iterable[str], irregular: dict[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(form for lemma in lemmas for form in verb_forms(lemma, irregular))


def _by_lemma(groups: Iterable[dict[str, Any]]) -> dict[str, tuple[Sense, ...]]:
    out: dict[str, tuple[Sense, ...]] = {}
    for group in groups:
        for entry in group["lemmas"]:
            out[entry] = (*out.get(entry, ()), _sense(group, entry))
        for entry in group.get("infinitive", ()):
            out[entry] = (Sense(group["id"], entry, group["class"], ("infinitive",)),)
    return out


def _sense(group: dict[str, Any], entry: str) -> Sense:
    lemma, _, particle = entry.partition(" ")
    frames = tuple(f for f in group["frames"] if entry not in group.get(f"not_{f}", ()))
    own = group.get("prepositions", {})
    if own:
        frames = tuple(own.get(entry, ())) + tuple(f for f in frames if f not in PREPOSITIONS)
    return Sense(
        group["id"],
        lemma,
        group["class"],
        frames,
        particle,
        bool(group.get("addressee")),
        frozenset(group.get("only_subjects", ())),
        bool(group.get("plain")),
    )
