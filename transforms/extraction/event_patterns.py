"""The event lexicon: rules read from ``transforms/rules/events`` and found by the lemma of their trigger."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from spacy.tokens import Token

from transforms.rules import load_rules
from warehouse.schema import EVENT_STATUSES, EVENT_TYPES

NO_EVENT = "NONE"
"""Type of the rules that only keep other rules from firing ("struck a chord")."""

FILES = (*(name.lower() for name in EVENT_TYPES), NO_EVENT.lower())

VERB_ACTOR = ("nsubj", "agent")
VERB_RECIPIENT = ("dobj", "nsubjpass", "dative")
NOUN_ACTOR = ("light", "prep:by", "poss", "origin")
NOUN_RECIPIENT = ("prep:on", "prep:against", "prep:upon")

CONTENT_POLICIES = ("keep", "drop", "negate")
COUNTS = ("", "dead", "injured", "size")
PARTS = ("verbs", "nouns", "adjectives")

NEEDS = frozenset(
    (
        "actor",
        "recipient",
        "complement",
        "infinitive",
        "light",
        "passive",
        "past",
        "bare",
        "object",
        "no_object",
        "no_infinitive",
        "negation",
        "aim",
        "two",
        "pair",
    )
)
VERB_PLACES = frozenset(("nsubj", "agent", "dobj", "nsubjpass", "direct", "dative", "object", "any_subject", "addressee", "clause_subject"))
NOUN_PLACES = frozenset(
    ("light", "light_dative", "passive_subject", "undergoer", "poss", "poss_if_of", "poss_no_of", "origin", "modifier", "setting")
)
CLASS_NAMES = frozenset(
    ("person", "body", "state", "party", "place", "thing", "weapon", "statement", "name", "pronoun", "human", "unknown", "counted", "act")
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the lexicon; the keys of the rule files are described in ``transforms/rules/events/README.md``."""

    id: str
    event_type: str
    part: str
    modes: tuple[str, ...]
    contexts: tuple[str, ...]
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    partner: tuple[str, ...]
    subject: frozenset[str]
    not_subject: frozenset[str]
    object: frozenset[str]
    not_object: frozenset[str]
    near: frozenset[str]
    not_near: frozenset[str]
    modal: frozenset[str]
    light: frozenset[str]
    needs: frozenset[str]
    clause_near: bool
    rank: int
    content: str
    agentless: bool
    status: str
    count: str

    @property
    def strictness(self) -> int:
        """How much the rule asks for beyond its trigger; the strictest rule that fits a trigger wins."""
        return sum(map(bool, (self.subject, self.object, self.near, self.modal, self.needs - {"actor"}, self.light)))


@dataclass(frozen=True, slots=True)
class Trigger:
    """The words that call a rule: the lemma it is indexed by, and the other words that must hang on it."""

    rule: Rule
    lemma: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All triggers by lemma, the strictest first."""

    verbs: Mapping[str, Sequence[Trigger]]
    nouns: Mapping[str, Sequence[Trigger]]
    adjectives: Mapping[str, Sequence[Trigger]]
    rules: Mapping[str, Rule]
    forms: Mapping[str, str]
    present: Mapping[str, str]

    def verb_lemma(self, token: Token) -> str:
        """The lemma of a verb; regular forms of the lexicon's verbs are looked up, since taggers read "staged" as "stag"."""
        lemma = self.forms.get(token.lower_) or token.lemma_.lower()
        joined = hyphenated(token, lemma)
        return joined if joined in self.verbs else lemma


def read_rule(data: Mapping[str, Any], event_type: str) -> Rule:
    """The rule of one ``[[rule]]`` table; what it leaves out gets the default of its part of speech.

    Raises:
        ValueError: the table breaks the form that the README of the rules describes; the message names file, rule and key.
    """
    check_rule(data, event_type)
    part = next(key for key in PARTS if key in data)
    noun = part == "nouns"
    return Rule(
        id=data["id"],
        event_type=event_type,
        part=part,
        modes=tuple(data.get("modes", ())),
        contexts=tuple(data.get("contexts", ())),
        actor=tuple(data.get("actor", NOUN_ACTOR if noun else VERB_ACTOR)),
        recipient=tuple(data.get("recipient", NOUN_RECIPIENT if noun else VERB_RECIPIENT)),
        partner=tuple(data.get("partner", ())),
        **{key: frozenset(data.get(key, ())) for key in _SETS},
        clause_near=data.get("clause_near", False),
        rank=data.get("rank", 0),
        content=data.get("content", "keep"),
        agentless=data.get("agentless", False),
        status=data.get("status", ""),
        count=data.get("count", ""),
    )


_SETS = ("subject", "not_subject", "object", "not_object", "near", "not_near", "modal", "light", "needs")
_PLACES = ("actor", "recipient", "partner")
_LISTS = (*PARTS, *_SETS, *_PLACES, "modes", "contexts", "examples", "counter")
_CHOICES = {"content": CONTENT_POLICIES, "status": ("", *EVENT_STATUSES), "count": COUNTS}
_TYPES: Mapping[str, type] = {"clause_near": bool, "agentless": bool, "rank": int, "reason": str}


def check_rule(data: Mapping[str, Any], event_type: str) -> None:
    """Refuses a table that is no rule.

    Raises:
        ValueError: a key is unknown, is missing or holds what it must not.
    """
    name = data.get("id")
    where = f"rules/events/{event_type.lower()}.toml, rule {name}"
    if not isinstance(name, str) or not name:
        raise ValueError(f"rules/events/{event_type.lower()}.toml: a rule has no id: {sorted(data)}")
    parts = [key for key in PARTS if key in data]
    if len(parts) != 1:
        raise ValueError(f"{where}: it needs one of the keys {', '.join(PARTS)}, it has {parts or 'none'}")
    for key, value in data.items():
        problem = _problem(key, value, parts[0])
        if problem:
            raise ValueError(f"{where}, key {key}: {problem}")


def _problem(key: str, value: Any, part: str) -> str:
    """What is wrong with the value of a key; the empty string if nothing is."""
    if key in _LISTS:
        if not isinstance(value, list) or (key != "examples" and not all(isinstance(v, str) and v for v in value)):
            return "it must be a list of words"
        if key in PARTS and not value:
            return "it is empty"
        unknown = _unknown_words(key, value, part)
        return f"unknown: {', '.join(unknown)}" if unknown else ""
    if key in _CHOICES:
        return "" if value in _CHOICES[key] else f"it is one of {', '.join(filter(None, _CHOICES[key]))}, not {value!r}"
    if key in _TYPES:
        return "" if type(value) is _TYPES[key] else f"it must be of type {_TYPES[key].__name__}"
    return "" if key == "id" else "no rule has this key"


def _unknown_words(key: str, value: Sequence[Any], part: str) -> list[str]:
    if key == "needs":
        return [v for v in value if v not in NEEDS]
    if key in _PLACES:
        known = NOUN_PLACES if part == "nouns" else VERB_PLACES
        return [v for v in value if v not in known and not (v.startswith("prep:") and len(v) > 5)]
    if key in ("object", "not_object", "subject", "not_subject"):
        return [v for v in value if v.startswith("@") and v[1:] not in CLASS_NAMES]
    return []


def read_rules(event_type: str) -> list[tuple[Rule, Mapping[str, Any]]]:
    """Every rule of a type with the table that it was read from, in the order of the file.

    Raises:
        ValueError: the file is no TOML, or one of its rules is broken.
    """
    try:
        tables = load_rules(f"events/{event_type.lower()}")["rule"]
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"rules/events/{event_type.lower()}.toml: {error}") from error
    return [(read_rule(data, event_type), data) for data in tables]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon of all types; read once per process."""
    index: dict[str, dict[str, list[Trigger]]] = {"verbs": {}, "nouns": {}, "adjectives": {}}
    rules: dict[str, Rule] = {}
    for name in FILES:
        for rule, data in read_rules(name.upper()):
            if rule.id in rules:
                raise ValueError(f"two event rules have the id {rule.id}")
            rules[rule.id] = rule
            for text in data[rule.part]:
                words = text.split()
                # A verb leads its particle ("pull out"), a noun follows its modifier ("arrest warrant").
                lemma, rest = (words[-1], words[:-1]) if rule.part == "nouns" else (words[0], words[1:])
                index[rule.part].setdefault(lemma, []).append(Trigger(rule, lemma, tuple(rest)))
    for triggers in index.values():
        for lemma in triggers:
            triggers[lemma].sort(key=lambda t: (-t.rule.rank, -len(t.words), -t.rule.strictness, t.rule.id))
    irregular = load_rules("events/words")["irregular"]
    forms = {
        form: lemma for lemma in sorted({*index["verbs"], *(w.split()[0] for w in word_list("light"))}) for form in regular_forms(lemma)
    }
    present = {third_person(lemma): lemma for lemma in sorted(index["verbs"]) if lemma not in index["nouns"]}
    return Lexicon(index["verbs"], index["nouns"], index["adjectives"], rules, {**forms, **irregular}, present)


def singular(token: Token) -> str:
    """The lemma of a noun in small letters; a capitalised plural ("Negotiations began"), which lemmatizers leave alone, loses its "s"."""
    lemma = token.lemma_.lower()
    opens = token.tag_ == "NNP" and token.is_sent_start and not token.ent_type_
    if (
        (token.tag_ not in ("NNS", "NNPS") and not opens)
        or lemma != token.lower_
        or not lemma.endswith("s")
        or len(lemma) < 4
        or token.text == lemma
    ):
        return lemma
    if lemma.endswith("ies"):
        return f"{lemma[:-3]}y"
    return lemma[:-2] if lemma.endswith(("sses", "shes", "ches", "xes")) else lemma[:-1]


def hyphenated(token: Token, lemma: str) -> str:
    """The lemma with what a hyphen ties to its front ("cease-fire"), which the tokenizer cuts in three; else the lemma."""
    if token.i < 2 or token.doc[token.i - 1].text != "-" or token.doc[token.i - 1].whitespace_ or token.doc[token.i - 2].whitespace_:
        return lemma
    return f"{token.doc[token.i - 2].lower_}-{lemma}"


def regular_forms(lemma: str) -> tuple[str, ...]:
    """Regular past and "-ing" forms of a verb: "stage" gives "staged" and "staging", "ban" gives "banned" and "banning"."""
    if lemma.endswith("e"):
        return f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeou":
        return f"{lemma[:-1]}ied", f"{lemma}ing"
    doubled = lemma + lemma[-1] if lemma[-1] not in "aeiouwxy" and lemma[-2:-1] in "aeiou" and lemma[-3:-2] not in "aeiou" else lemma
    return f"{doubled}ed", f"{doubled}ing", f"{lemma}ed", f"{lemma}ing"


def third_person(lemma: str) -> str:
    """The form of the present with an "s": "lifts", "vetoes", "denies"."""
    if lemma.endswith("y") and lemma[-2:-1] not in "aeou":
        return f"{lemma[:-1]}ies"
    return f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{lemma}s"


@cache
def word_list(name: str) -> frozenset[str]:
    """A named word list of ``transforms/rules/events/words.toml``; a list may include others by ``@name``."""
    found: set[str] = set()
    for word in load_rules("events/words")["list"][name]["words"]:
        found |= word_list(word[1:]) if word.startswith("@") else {word}
    return frozenset(found)
