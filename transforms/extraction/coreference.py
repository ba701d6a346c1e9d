"""Which mentions of a document mean one thing: full name and surname, name and office, name and pronoun.

Two people are never made one: a surname that two full names share goes to the one named last before it, if only one was; an
office or a pronoun is resolved only where the document leaves one candidate, else it stays a description or no mention at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from spacy.tokens import Token

from transforms.extraction.countries import load_countries, plain_case
from transforms.extraction.names import Name, words
from transforms.language import NewsDoc
from transforms.rules import load_rules

_SUBJECTS = ("nsubj", "nsubjpass")
_SPEECH = frozenset(load_rules("offices")["speech"]["lemmas"])
_QUOTES = frozenset('"“”„«»')
_ACTING = ("nsubj", "nsubjpass", "dobj", "dative")
_REACH = 2
"""Sentences that a pronoun may look back."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a noun for an office or a role says of its holder."""

    rule_id: str
    label: str
    sectors: tuple[str, ...]
    leads: bool
    is_plural: bool


@dataclass(frozen=True, slots=True)
class Description:
    """A nominal mention: tokens [first, last), its head noun, the country that its words give and the entity it means."""

    first: int
    last: int
    noun: str
    office: Office
    country: str | None
    entity: str
    is_linked: bool


@dataclass(slots=True)
class Person:
    """What the document has said so far of somebody: gender, offices, and tokens at which the name stands."""

    gender: str | None = None
    roles: list[tuple[int, str, str | None]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)


# --- names ------------------------------------------------------------------------------------------------------------


def group_names(news: NewsDoc, names: Sequence[Name], metonyms: frozenset[int]) -> list[str]:
    """For each name the key of its entity within the document: the start of the entity's first mention and its kind.

    ``metonyms`` are starts of capitals that stand for their government; they are an entity apart from the city.
    """
    keys: list[str] = [""] * len(names)
    people = _People(names)
    forms: dict[tuple[str, str], str] = {}
    short_forms = {n.text.lower(): (n.same_as or "").lower() for n in names if n.same_as}
    longer = _longer_bodies(names)
    for n, name in enumerate(names):
        if name.label == "PERSON":
            keys[n] = people.key(n)
            continue
        surface = name.text.lower()
        form = _form(name, short_forms.get(surface, surface), longer, name.start in metonyms)
        keys[n] = forms.setdefault(form, f"{name.start}:{name.label}")
    return keys


def _form(name: Name, surface: str, longer: Mapping[str, str], is_metonym: bool) -> tuple[str, str]:
    """What makes two names that are not people one entity."""
    surface = surface.removeprefix("the ")
    if name.label == "GPE":
        return _place_form(name, surface, is_metonym)
    if name.label == "NORP":
        return ("people", name.country or surface.removesuffix("s"))
    if name.label == "ORG":
        return ("body", longer.get(surface, surface))
    return (name.label, surface)


def _place_form(name: Name, surface: str, is_metonym: bool) -> tuple[str, str]:
    countries = load_countries()
    capital = countries.country_of_capital(name.text)
    areas = {(a.kind, a.name) for a in countries.find_areas(name.text)}
    if is_metonym:
        return ("state", capital or surface)
    if len(areas) == 1:
        return areas.pop()
    return ("capital", capital) if capital else ("place", _without_region(surface))


def _without_region(surface: str) -> str:
    """'kursk region' and 'kursk' are one place where a document says both."""
    head, _, last = surface.rpartition(" ")
    return head if head and last in words()["whole_regions"] else surface


def _longer_bodies(names: Sequence[Name]) -> dict[str, str]:
    """A body's short name -> the one longer name of the document that it is a part of ("General Staff")."""
    bodies = sorted({n.text.lower().removeprefix("the ") for n in names if n.label == "ORG"})
    out: dict[str, str] = {}
    for short in bodies:
        if " " not in short:
            continue
        found = [b for b in bodies if b != short and (b.endswith(f" {short}") or b.startswith(f"{short} of ") or f" {short} of " in b)]
        if len(found) == 1:
            out[short] = found[0]
    return out


class _People:
    """People of a document by name. Built once over all names; ``key`` tells who a name means."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._names = names
        self._keys: dict[int, str] = {}
        self._full: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        clusters: dict[tuple[str, ...], str] = {}
        last_of: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        by_part = self._parts()
        for n, name in enumerate(names):
            if name.label != "PERSON":
                continue
            parts = _parts(name.text)
            whole = self._whole(parts, by_part, last_of)
            self._keys[n] = clusters.setdefault(whole, f"{name.start}:PERSON")
            for part in (whole[0], whole[-1]):
                if whole in last_of[part]:
                    last_of[part].remove(whole)
                last_of[part].append(whole)

    def key(self, n: int) -> str:
        """The key of the person whom name ``n`` means."""
        return self._keys[n]

    def _parts(self) -> dict[str, list[tuple[str, ...]]]:
        """A first or last part of a name -> full names of the document with it, spellings of one person united."""
        out: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for name in self._names:
            parts = _parts(name.text)
            if name.label != "PERSON" or len(parts) < 2:
                continue
            for part in dict.fromkeys((parts[-1], parts[0])):
                known = out[part]
                if not any(_are_one(parts, other) for other in known):
                    known.append(parts)
        return out

    def _whole(
        self, parts: tuple[str, ...], by_part: Mapping[str, list[tuple[str, ...]]], said: Mapping[str, list[tuple[str, ...]]]
    ) -> tuple[str, ...]:
        """The full name that the parts stand for, or themselves."""
        options = by_part.get(parts[-1], []) if len(parts) == 1 else [o for o in by_part.get(parts[-1], []) if _are_one(parts, o)]
        if len(parts) > 1:
            return options[0] if options else parts
        surname = [o for o in options if o[-1] == parts[0]] or options
        if len(surname) == 1:
            return surname[0]
        before = [o for o in said.get(parts[0], []) if o in surname]
        return before[0] if len(before) == 1 else parts


def _parts(text: str) -> tuple[str, ...]:
    """A person's name as comparable words: small letters, hyphens as blanks."""
    return tuple(text.lower().replace("-", " ").replace(".", "").replace("’", "'").split()) or (text.lower(),)


def _are_one(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Are two full names one person's: same surname, and first names that are equal, initials or one left out?

    >>> _are_one(("ina", "sol"), ("i", "sol")), _are_one(("ina", "sol"), ("ina", "maria", "sol")), _are_one(("ina", "sol"), ("per", "sol"))
    (True, True, False)
    """
    if a[-1] != b[-1] or not a[:-1] or not b[:-1]:
        return a == b
    if a[0] == b[0]:
        return set(a) <= set(b) or set(b) <= set(a) or len(a) == len(b) == 2
    return (len(a[0]) == 1 or len(b[0]) == 1) and a[0][0] == b[0][0]


def metonyms(news: NewsDoc, names: Sequence[Name]) -> frozenset[int]:
    """Starts of capitals that stand for their government: they speak, act, or own troops and demands."""
    countries, lists = load_countries(), words()
    out = []
    for name in names:
        if name.label != "GPE" or name.last - name.first > 2 or plain_case(name.text) in lists["not_a_government"]:
            continue
        if countries.country_of_capital(name.text) and _acts_as_state(news.doc[name.last - 1], lists):
            out.append(name.start)
    return frozenset(out)


def _acts_as_state(token: Token, lists: Mapping[str, frozenset[str]]) -> bool:
    head = token.head
    if token.dep_ == "conj":
        return _acts_as_state(head, lists) if head.ent_type_ == "GPE" else False
    if token.dep_ in ("nsubj", "nsubjpass"):
        is_state_verb = head.lemma_ in lists["state_verbs"] and not any(c.dep_ in ("xcomp", "acomp") for c in head.children)
        return head.pos_ in ("VERB", "AUX") and not is_state_verb
    if token.dep_ == "poss":
        return not {head.lemma_.lower(), head.lower_}.isdisjoint(lists["owned"] | lists["regimes"])
    if token.dep_ in ("compound", "amod", "nmod"):
        return head.lower_ in lists["regimes"]
    if token.dep_ == "pobj":
        return _is_state_beside(head, lists)
    return token.dep_ in ("dobj", "dative") and head.lemma_ in (
        "accuse",
        "urge",
        "warn",
        "blame",
        "condemn",
        "thank",
        "tell",
        "ask",
        "press",
    )


def _is_state_beside(preposition: Token, lists: Mapping[str, frozenset[str]]) -> bool:
    """Does the preposition bind a state: talks with, an attack by, a warning to it?"""
    word, governor = preposition.lower_, preposition.head
    if word == "between" or (word in ("with", "against") and governor.pos_ != "VERB"):
        return governor.lemma_.lower() in lists["relations"]
    if word in ("by", "with", "against"):
        return True
    return word == "to" and governor.pos_ == "VERB" and governor.lemma_ in _SPEECH


# --- offices ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def offices() -> dict[str, Office]:
    """Nouns, singular and plural, of one to three words -> what they say of their holder."""
    out: dict[str, Office] = {}
    for entry in load_rules("offices")["office"]:
        sectors, leads = tuple(entry["sectors"]), bool(entry.get("leads"))
        for noun in entry["nouns"]:
            out[noun] = Office(entry["id"], entry["label"], sectors, leads, False)
            out[_plural(noun)] = Office(entry["id"], entry["label"], sectors, leads, True)
        for noun in entry.get("plurals", ()):
            out[noun] = Office(entry["id"], entry["label"], sectors, leads, True)
    return out


def _plural(noun: str) -> str:
    """Plural of an English noun.

    >>> _plural("ministry"), _plural("minister"), _plural("judge"), _plural("spokesman")
    ('ministries', 'ministers', 'judges', 'spokesmen')
    """
    if noun.endswith("man"):
        return noun[:-2] + "en"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "ch", "x")) else "s")


def office_at(token: Token) -> tuple[int, str, Office] | None:
    """The longest noun for an office that ends at this token: its first token, the noun and what it says."""
    known, doc = offices(), token.doc
    for length in (3, 2, 1):
        first = token.i - length + 1
        if first < 0 or (length > 1 and doc[first].sent.start != token.sent.start):
            continue
        noun = " ".join(t.lower_ for t in doc[first : token.i + 1])
        found = known.get(noun)
        if found is not None:
            return first, noun, found
    return None


# --- what the document says of people ---------------------------------------------------------------------------------


def read_people(news: NewsDoc, names: Sequence[Name], keys: Sequence[str]) -> dict[str, Person]:
    """Person's key -> gender, offices and places of mention, from titles before the names and words beside them."""
    people: dict[str, Person] = {}
    ends = {n.last: n for n in names}
    starts = {n.first: n for n in names}
    for name, key in zip(names, keys, strict=True):
        if name.label != "PERSON":
            continue
        person = people.setdefault(key, Person())
        person.at.append(name.first)
        before = news.doc[name.first - 1] if name.first and not news.doc[name.first].is_sent_start else None
        if before is None:
            found = None
        else:
            person.gender = person.gender or _gender_of_title(before.lower_)
            found = office_at(before)
            if found is None and before.text == "," and before.i > 1 and _is_beside(news, name, before):
                found = office_at(before.nbor(-1))
        for first, noun, _ in [found] if found else _offices_after(news, name):
            is_past = any(t.lower_ in ("former", "ex", "late", "then") for t in news.doc[max(0, first - _FORMER_REACH) : first])
            country = _country_before(news, first, ends) or _country_after(news, first + len(noun.split()), starts)
            person.roles.append((name.first, f"former {noun}" if is_past else noun, country))
    return people


_FORMER_REACH = 4


@lru_cache(maxsize=1)
def _genders() -> dict[str, str]:
    title = load_rules("offices")["title"]
    return {**dict.fromkeys(title["male"], "male"), **dict.fromkeys(title["female"], "female")}


def office_facts(person: Person) -> tuple[str | None, tuple[str, ...]]:
    """Country and sectors that the offices of a person give, ELI where all lie in the past; None and nothing where they differ."""
    known = offices()
    held = [(noun, country) for _, noun, country in person.roles if not noun.startswith("former ")]
    countries = {country for _, country in held if country}
    sectors = {known[noun].sectors for noun, _ in held if noun in known and known[noun].sectors}
    if person.roles and not held:
        countries, sectors = {country for _, _, country in person.roles if country}, {("ELI",)}
    return (countries.pop() if len(countries) == 1 else None, sectors.pop() if len(sectors) == 1 else ())


def _gender_of_title(word: str) -> str | None:
    return _genders().get(word)


def _is_beside(news: NewsDoc, name: Name, comma: Token) -> bool:
    """Does "the leader, Ina Sol," set the name beside the office?"""
    return news.doc[name.last - 1].dep_ == "appos" and comma.nbor(-1).i <= news.doc[name.last - 1].head.i


def _offices_after(news: NewsDoc, name: Name) -> Iterator[tuple[int, str, Office]]:
    """Offices in apposition behind the name: "Ina Sol, the finance minister of Chad,"."""
    doc = news.doc
    if name.last >= len(doc) or doc[name.last].text != ",":
        return
    for token in doc[name.last + 1 : name.last + 9]:
        if token.is_sent_start or token.pos_ in ("VERB", "AUX", "PRON", "ADP") or token.text in ",;:.":
            return
        found = office_at(token)
        if found and token.dep_ != "compound" and (token.dep_ == "appos" or _ends_apposition(token)):
            yield found
            return


def _ends_apposition(token: Token) -> bool:
    """Is the noun the last or only the head of words between commas?"""
    return token.i + 1 < len(token.doc) and token.nbor(1).lower_ in (",", ".", ";", "of", "who", "for", "in", ")", "-", "–", "—")


def _country_before(news: NewsDoc, first: int, ends: Mapping[int, Name]) -> str | None:
    """The country of the name right before an office ("Chad's foreign minister", "former US president")."""
    at = first
    for _ in range(3):
        if at in ends:
            return _country_of(ends[at])
        if at == 0 or news.doc[at - 1].pos_ not in ("ADJ", "PART", "PROPN", "NOUN"):
            return None
        at -= 1
    return None


def _country_after(news: NewsDoc, at: int, starts: Mapping[int, Name]) -> str | None:
    """The country named behind an office ("president of Chad")."""
    doc = news.doc
    if at >= len(doc) or doc[at].lower_ != "of":
        return None
    at += 1
    at += at < len(doc) and doc[at].lower_ == "the"
    return _country_of(starts[at]) if at in starts else None


def _country_of(name: Name) -> str | None:
    countries = load_countries()
    if name.label in ("NORP", "ORG"):
        return name.country or countries.country_of_people(name.text)
    if name.label == "GPE":
        return countries.country_named(name.text) or countries.country_of_capital(name.text)
    return None


# --- descriptions -----------------------------------------------------------------------------------------------------


def find_descriptions(news: NewsDoc, names: Sequence[Name], keys: Sequence[str], people: Mapping[str, Person]) -> list[Description]:
    """Nominal mentions: offices and roles that act or are acted on, tied to a name where only one fits."""
    covered = {i for n in names for i in range(n.first, n.last)}
    ends, starts = {n.last: n for n in names}, {n.first: n for n in names}
    key_of = {n.first: k for n, k in zip(names, keys, strict=True)}
    known, out = offices(), []
    own: dict[tuple[str | None, str], str] = {}
    for token in news.doc:
        if token.lower_ not in known or token.i in covered or token.pos_ not in ("NOUN", "PROPN") or not _is_acting(token):
            continue
        found = office_at(token)
        if found is None or _is_title(token, starts):
            continue
        first, noun, office = found
        country = _country_before(news, first, ends) or _country_after(news, token.i + 1, starts)
        first = _leftmost(token, first)
        beside = (
            _name_beside(token, starts)
            or _name_ahead(token, first, ends)
            or (ends.get(first) if office.label == "ORG" and not office.is_plural else None)
        )
        if beside is not None and (beside.label in ("PERSON", "ORG")):
            entity: str | None = key_of[beside.first]
        elif office.label == "PERSON":
            entity = _holder(token, noun, office, country, people)
        else:
            entity = _body_named(noun, token, names, keys, country)
        is_linked = entity is not None
        if entity is None:
            is_one = not office.is_plural and any(c.lower_ in ("a", "an", "another", "one") for c in token.lefts)
            key = (country, " ".join(t.lower_ for t in news.doc[first : token.i + 1]))
            entity = f"{news.starts[first]}:role" if is_one else own.setdefault(key, f"{news.starts[first]}:role")
        out.append(Description(first, token.i + 1, noun, office, country, entity, is_linked))
    return out


def _is_acting(token: Token) -> bool:
    """Is the noun a subject, an object or the agent of a verb, or joined to one?"""
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
    return token.dep_ in _ACTING or (token.dep_ == "pobj" and token.head.dep_ == "agent")


def _is_title(token: Token, starts: Mapping[int, Name]) -> bool:
    """Is the noun a title of the name that follows right behind it?"""
    after = starts.get(token.i + 1)
    return after is not None and after.label == "PERSON" and not token.doc[token.i + 1].is_sent_start


def _name_beside(token: Token, starts: Mapping[int, Name]) -> Name | None:
    """The person whom a comma sets beside the noun: "the head of the mission, Ina Sol"."""
    doc = token.doc
    for other in doc[token.i + 1 : token.i + _BESIDE_REACH]:
        if other.is_sent_start or other.pos_ in ("VERB", "AUX") or other.text in ".;:":
            return None
        name = starts.get(other.i + 1) if other.text == "," else None
        if name is None:
            continue
        end = doc[name.last] if name.last < len(doc) else None
        is_set_off = end is None or end.text in ",.;)" or end.is_sent_start
        return name if name.label == "PERSON" and is_set_off and (other.i == token.i + 1 or doc[name.last - 1].dep_ == "appos") else None
    return None


def _name_ahead(token: Token, first: int, ends: Mapping[int, Name]) -> Name | None:
    """The person beside whom a comma sets the noun: "Ina Sol, the head of the mission,"."""
    doc = token.doc
    while (
        first > 0 and doc[first - 1].dep_ in ("det", "amod", "poss", "case", "compound") and doc[first - 1].sent.start == token.sent.start
    ):
        first -= 1
    if first == 0 or doc[first - 1].text != "," or not _ends_apposition(token):
        return None
    name = ends.get(first - 1)
    return name if name is not None and name.label == "PERSON" and doc[name.first].sent.start == token.sent.start else None


_BESIDE_REACH = 12


_NO_PREMODIFIER = frozenset(["DT", "CD", "PDT", "PRP$", "IN", "RB", ",", "WDT", "RBR", "RBS", "-LRB-", "-RRB-", "``", "''", ":"])


def _leftmost(token: Token, first: int) -> int:
    """The first token of the noun phrase without articles, numbers and possessive pronouns."""
    doc, left = token.doc, token.left_edge.i
    while first > left and doc[first - 1].tag_ not in _NO_PREMODIFIER:
        if doc[first - 1].pos_ in ("VERB", "AUX", "CCONJ", "SCONJ", "ADP", "PUNCT") and doc[first - 1].tag_ not in ("VBN", "VBG", "HYPH"):
            break
        first -= 1
    return first


def _holder(token: Token, noun: str, office: Office, country: str | None, people: Mapping[str, Person]) -> str | None:
    """The one person named before who holds this office, or None."""
    determiner = {c.lower_ for c in token.lefts if c.dep_ in ("det", "poss")}
    if (
        office.is_plural
        or determiner & {"a", "an", "another", "any", "no", "every", "each", "some"}
        or (not determiner and country is None)
    ):
        return None
    before = [key for key, p in people.items() if p.at[0] < token.i and any(_fits(noun, office, country, r) for r in p.roles)]
    if before or country is None:
        return before[0] if len(before) == 1 else None
    later = [key for key, p in people.items() if any(_same_noun(r[1], noun) and r[2] == country for r in p.roles)]
    return later[0] if len(later) == 1 else None


def _same_noun(held: str, noun: str) -> bool:
    return held.replace("-", " ") == noun.replace("-", " ")


def _fits(noun: str, office: Office, country: str | None, role: tuple[int, str, str | None]) -> bool:
    """Can the noun mean the holder of the role? Without a country the words must agree, with one they must lead alike."""
    _, held, held_country = role
    is_same = _same_noun(held, noun) or (held.endswith(f" {noun}") and not held.startswith("former "))
    if country is None:
        return is_same
    if held_country != country:
        return False
    other = offices().get(held)
    return is_same or (office.leads and other is not None and other.leads)


def _body_named(noun: str, token: Token, names: Sequence[Name], keys: Sequence[str], country: str | None) -> str | None:
    """The one body named before whose name ends in this noun ("the court" after "Lima District Court"), or None."""
    if not any(c.lower_ in ("the", "this", "that") for c in token.lefts) or country is not None:
        return None
    found = {
        k: None
        for n, k in zip(names, keys, strict=True)
        if n.label == "ORG" and n.last <= token.i and n.text.lower().endswith(noun) and token.i - n.last < _BODY_REACH
    }
    return next(iter(found)) if len(found) == 1 else None


_BODY_REACH = 200
"""Tokens over which "the court" may look back."""


# --- pronouns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody in subject position: token of the head, entity, and whether it is a person, a body or many."""

    token: int
    entity: str
    kind: str
    plural: bool = False


def find_pronouns(
    news: NewsDoc, subjects: Sequence[Subject], people: Mapping[str, Person], named: Mapping[int, Collection[str]]
) -> list[tuple[int, Subject]]:
    """Subject pronouns with the one subject before them, in the same or the sentence before, that they can mean.

    ``named`` are the people whom each sentence names, by its number: a sentence that names somebody who is no subject is not looked past.
    """
    found: list[tuple[int, Subject]] = []
    by_sentence: dict[int, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_sentence[news.sentence_of_token[subject.token]].append(subject)
    quoted = _inside_quotes(news)
    genders = {key: p.gender for key, p in people.items()}
    for token in news.doc:
        if token.lower_ not in _PRONOUNS or token.dep_ not in _SUBJECTS or quoted[token.i]:
            continue
        n = news.sentence_of_token[token.i]
        antecedent = _antecedent(news, token, n, by_sentence, genders, named)
        if antecedent is None:
            continue
        if token.lower_ in ("he", "she"):
            genders[antecedent.entity] = genders.get(antecedent.entity) or ("male" if token.lower_ == "he" else "female")
        resolved = replace(antecedent, token=token.i)
        by_sentence[n].append(resolved)
        by_sentence[n].sort(key=lambda s: s.token)
        found.append((token.i, resolved))
    return found


_PRONOUNS = frozenset(["he", "she", "it", "they"])


def _antecedent(
    news: NewsDoc,
    token: Token,
    n: int,
    by_sentence: Mapping[int, list[Subject]],
    genders: Mapping[str, str | None],
    named: Mapping[int, Collection[str]],
) -> Subject | None:
    if token.lower_ in ("it", "they") and token.head.lemma_ not in _SPEECH:
        return None
    here = news.sentences[n]
    for back in range(_REACH + 1):
        if n - back < 0 or news.sentences[n - back]["entry_id"] != here["entry_id"]:
            return None
        before = [s for s in by_sentence.get(n - back, ()) if s.token < token.i and _is_compatible(token, s, genders)]
        entities = {s.entity: s for s in before}
        if len(entities) > 1 and token.head.lemma_ in _SAYING:
            before = [s for s in before if _says(news, s)]
            entities = {s.entity: s for s in before}
        if len(entities) > 1:
            return None
        if entities:
            return before[-1]
        if any(s.token < token.i for s in by_sentence.get(n - back, ())) and (back or token.lower_ == "it"):
            return None
        if back and token.lower_ in ("he", "she") and named.get(n - back):
            return None
    return None


_SAYING = frozenset(["say", "add", "tell", "note", "continue", "explain", "stress", "warn", "write", "insist", "claim"])


def _says(news: NewsDoc, subject: Subject) -> bool:
    """Is this the subject of a verb of saying?"""
    token = news.doc[subject.token]
    return is_subject(token) and token.head.lemma_ in _SAYING


def _is_compatible(token: Token, subject: Subject, genders: Mapping[str, str | None]) -> bool:
    word = token.lower_
    if word in ("he", "she"):
        gender = genders.get(subject.entity)
        return subject.kind == "person" and not subject.plural and gender in (None, "male" if word == "he" else "female")
    if word == "it":
        return subject.kind == "body" and not subject.plural
    return subject.plural


def _inside_quotes(news: NewsDoc) -> list[bool]:
    """For each token whether it stands between quotation marks; marks are closed at the end of their line."""
    out, is_open, segment = [], False, -1
    for token in news.doc:
        if news.segment_of[token.i] != segment:
            segment, is_open = news.segment_of[token.i], False
        if token.text in _QUOTES:
            is_open = token.text in "“„«" or (token.text == '"' and not is_open)
        out.append(is_open)
    return out


def is_subject(token: Token) -> bool:
    """Is the token the subject of a verb?"""
    return token.dep_ in _SUBJECTS
