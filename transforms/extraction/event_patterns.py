"""The event lexicon: rules read from ``transforms/rules/events`` and found by the lemma of their trigger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from spacy.tokens import Token

from transforms.rules import load_rules
from warehouse.schema import EVENT_TYPES

NO_EVENT = "NONE"
"""Type of the rules that only keep other rules from firing ("struck a chord")."""

FILES = (*(name.lower() for name in EVENT_TYPES), NO_EVENT.lower())

VERB_ACTOR = ("nsubj", "agent")
VERB_RECIPIENT = ("dobj", "nsubjpass", "dative")
NOUN_ACTOR = ("light", "prep:by", "poss", "origin")
NOUN_RECIPIENT = ("prep:on", "prep:against", "prep:upon")

CONTENT_POLICIES = ("keep", "drop", "negate")


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

    def verb_lemma(self, token: Token) -> str:
        """The lemma of a verb; regular forms of the lexicon's verbs are looked up, since taggers read "staged" as "stag"."""
        lemma = self.forms.get(token.lower_) or token.lemma_.lower()
        joined = hyphenated(token, lemma)
        return joined if joined in self.verbs else lemma


def read_rule(data: Mapping[str, Any], event_type: str) -> Rule:
    """The rule of one ``[[rule]]`` table; what it leaves out gets the default of its part of speech."""
    part = next(key for key in ("verbs", "nouns", "adjectives") if key in data)
    noun = part == "nouns"
    rule = Rule(
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
    if rule.content not in CONTENT_POLICIES:
        raise ValueError(f"rule {rule.id}: content is one of {CONTENT_POLICIES}")
    unknown = set(data) - set(Rule.__slots__) - {part, "reason", "examples", "counter"}
    if unknown:
        raise ValueError(f"rule {rule.id}: no rule has the keys {sorted(unknown)}")
    return rule


_SETS = ("subject", "not_subject", "object", "not_object", "near", "not_near", "modal", "light", "needs")


def read_rules(event_type: str) -> list[tuple[Rule, Mapping[str, Any]]]:
    """Every rule of a type with the table that it was read from, in the order of the file."""
    return [(read_rule(data, event_type), data) for data in load_rules(f"events/{event_type.lower()}")["rule"]]


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
    return Lexicon(index["verbs"], index["nouns"], index["adjectives"], rules, {**forms, **irregular})


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


@cache
def word_list(name: str) -> frozenset[str]:
    """A named word list of ``transforms/rules/events/words.toml``; a list may include others by ``@name``."""
    found: set[str] = set()
    for word in load_rules("events/words")["list"][name]["words"]:
        found |= word_list(word[1:]) if word.startswith("@") else {word}
    return frozenset(found)
