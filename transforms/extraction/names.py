"""Names in a document: what the model found, mended by rules and data, and what it overlooked.

A name never holds an article, a title ("President", "Mr"), a possessive ending or a glued stamp. Names whose type is known
(``rules/entities.toml``, ``rules/countries.toml``) take it from there; a surface that the model labels in two ways within one
document takes the label with more evidence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from spacy.tokens import Span, Token

from transforms.extraction.countries import load_countries, plain_case
from transforms.extraction.firms import with_firms
from transforms.extraction.places import load_gazetteer
from transforms.language import NewsDoc
from transforms.rules import load_rules
from warehouse.schema import ENTITY_LABELS

_LABELS = frozenset(ENTITY_LABELS)
_PROPER = ("NNP", "NNPS")
_EDGE = frozenset("\"'`“”‘’.,;:!?()[]{}-–—/…*&")
_POSSESSIVE = ("'s", "’s", "'", "’")
_GLUED_DIGITS = re.compile(r"^([^\W\d_]{2,})\d+$")
_ACRONYM = re.compile(r"^[A-Za-z][A-Za-z&.-]{1,7}$")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_CALENDAR = frozenset(
    [
        *load_rules("times")["weekday"],
        *load_rules("times")["month"],
        *load_rules("times")["holiday"],
        "today",
        "yesterday",
        "tomorrow",
        "christmas",
        "easter",
        "ramadan",
    ]
)
_MIN_TOWN, _TOWN = 4, 1000
"""Letters and inhabitants that make a word after "in" believable as a town."""

_OPENING, _CLOSING = frozenset('"“‘«'), frozenset('"”’»')
_SMALL_WORDS = frozenset(
    ["of", "the", "and", "for", "in", "on", "de", "la", "le", "al", "bin", "van", "von", "der", "del", "da", "di", "-", "&"]
)
_HEADLINE_WORDS, _MAX_PERSON_WORDS = 4, 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name: tokens [first, last), characters [start, end) of the document's text, and what is known of it."""

    first: int
    last: int
    start: int
    end: int
    text: str
    label: str
    rule_id: str
    country: str | None = None
    sectors: tuple[str, ...] = ()
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What ``rules/entities.toml`` says of a name."""

    label: str
    country: str | None
    sectors: tuple[str, ...]
    rule_id: str


def find_names(news: NewsDoc) -> list[Name]:
    """Names in the order of the text, not overlapping."""
    names = [n for e in news.doc.ents if e.label_ in _LABELS for n in _mend(news, e.start, e.end, e.label_)]
    # Names begin with a capital: the passes below look at these words alone.
    capitals = [t for t in news.doc if t.text[0].isupper()]
    names = _add(names, _listed_names(news, names, capitals))
    names = _add(names, _after_titles(news, names, capitals))
    names = _add(names, _abbreviated_states(news, names, capitals))
    names = [_known_label(news, n) for n in names]
    names = _add(names, _overlooked(news, names, capitals))
    names = _add(names, _towns_overlooked(news, names, capitals))
    names = _join(news, names)
    names = _add(names, _long_forms(news, names))
    names = _add(names, _acronyms(news, names))
    names = _one_label_per_surface(news, with_firms(news, _towns(news, names)))
    return sorted(names, key=lambda n: n.start)


def make_name(news: NewsDoc, first: int, last: int, label: str, rule_id: str) -> Name:
    """A name of these tokens, without digits glued to its last word."""
    start, end = news.starts[first], news.starts[last - 1] + len(news.doc[last - 1].text)
    glued = _GLUED_DIGITS.match(news.doc[last - 1].text)
    if glued and label == "PERSON":
        end = news.starts[last - 1] + len(glued[1])
    return Name(first, last, start, end, news.text[start:end], label, rule_id)


# --- data -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def known_names() -> dict[str, Known]:
    """Exact name -> what is known of it."""
    out: dict[str, Known] = {}
    for entry in load_rules("entities")["known"]:
        for country, names in entry["names"].items():
            out.update((n, Known(entry["label"], country or None, tuple(entry["sectors"]), entry["id"])) for n in names)
    return out


@lru_cache(maxsize=1)
def _by_prefix() -> dict[str, tuple[str, ...]]:
    """Two first letters -> names of the lists, longer ones first; also countries, peoples and wide areas."""
    countries = load_countries()
    names = {*known_names(), *countries.areas, *countries.adjectives, *countries.groups, *countries.wide_areas} - set(
        countries.state_abbreviations
    )
    out: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda n: (-len(n), n)):
        out[name[:2]].append(name)
    return {prefix: tuple(found) for prefix, found in out.items()}


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """Words in small letters that stand before a name without being a part of it."""
    title = load_rules("offices")["title"]
    return frozenset([*title["civil"], *title["military"], *title["political"]])


@lru_cache(maxsize=1)
def _kept_titles() -> frozenset[str]:
    """Titles that are a part of the name: a pope or a king is known by no other."""
    return frozenset(load_rules("offices")["title"]["kept"])


@lru_cache(maxsize=1)
def _heads() -> tuple[dict[str, Known], dict[str, Known]]:
    """Last words and first words that tell the type of a name."""
    last: dict[str, Known] = {}
    first: dict[str, Known] = {}
    for entry in load_rules("entities")["head"]:
        known = Known(entry["label"], None, tuple(entry.get("sectors", ())), entry["id"])
        last.update((w, known) for w in entry["last"])
        first.update((w, known) for w in entry["first"])
    return last, first


@lru_cache(maxsize=1)
def _bodies() -> tuple[tuple[str, Known], ...]:
    """Nouns for what a state has one of, longer ones first."""
    found = [(n, Known("ORG", None, tuple(b["sectors"]), b["id"])) for b in load_rules("entities")["body"] for n in b["nouns"]]
    return tuple(sorted(found, key=lambda x: (-len(x[0]), x[0])))


@lru_cache(maxsize=1)
def words() -> dict[str, frozenset[str]]:
    """The word lists of ``rules/entities.toml``."""
    lists: dict[str, Any] = load_rules("entities")["words"]
    return {name: frozenset(found) for name, found in lists.items()}


# --- spans of the model -----------------------------------------------------------------------------------------------


def _mend(news: NewsDoc, first: int, last: int, label: str) -> Iterator[Name]:
    """The names that a span of the model really holds: none, one, or several in a headline."""
    first, last = trim(news, first, last, cut_titles=label != "ORG")
    while last - first > 1 and label in ("GPE", "LOC", "NORP") and news.doc[first].text.islower() and news.doc[last - 1].text[0].isupper():
        first += 1
    if first >= last or _is_no_name(news.doc[first:last]):
        return
    if label == "PERSON" and last - first == 1:
        first = _first_names(news, first, last)
    if label == "PERSON" and first and news.doc[first - 1].lower_ in _kept_titles() and news.doc[first - 1].text[0].isupper():
        first -= 1
    name = make_name(news, first, last, label, "name-model")
    if not _is_headline(news.doc[first]) or _is_sure_in_headline(news, name):
        yield name


def _first_names(news: NewsDoc, first: int, last: int) -> int:
    """Where a person's name begins, with first names that the model left out."""
    doc = news.doc
    while first > 0 and last - first < _MAX_PERSON_WORDS and not doc[first].is_sent_start:
        before = doc[first - 1]
        is_part = (
            before.tag_ == "NNP"
            and before.dep_ == "compound"
            and first <= before.head.i < last
            and before.text.istitle()
            and before.is_alpha
        )
        if (
            not is_part
            or before.ent_type_
            or before.lower_ in titles()
            or before.lower_ in _kept_titles()
            or before.text in load_countries().adjectives
        ):
            break
        first -= 1
    return first


def _is_sure_in_headline(news: NewsDoc, name: Name) -> bool:
    """Where every word has a capital, only names that are listed, short names of people or names of running text are believed."""
    if name.text in known_names() or load_countries().find_areas(name.text) or load_countries().country_of_people(name.text):
        return True
    if (
        name.label == "PERSON"
        and name.last - name.first <= _MAX_PERSON_WORDS
        and not any(t.text in load_countries().adjectives for t in news.doc[name.first : name.last])
    ):
        return True
    at = news.text.find(name.text)
    while at >= 0:
        token = news.token_at(at)
        if token is not None and not _is_headline(token):
            return True
        at = news.text.find(name.text, at + 1)
    return False


def trim(news: NewsDoc, first: int, last: int, *, cut_titles: bool) -> tuple[int, int]:
    """The tokens without articles, titles, quotation marks and possessive endings at their edges."""
    doc, is_title = news.doc, titles() if cut_titles else frozenset[str]()
    while first < last and (
        doc[first].text in _EDGE or (doc[first].lower_ in is_title and last - first > 1) or doc[first].lower_ in ("the", "a", "an")
    ):
        first += 1
    while first < last and (
        doc[last - 1].text in _EDGE or doc[last - 1].text in _POSSESSIVE or doc[last - 1].lower_ in ("the", "of", "and", "'s")
    ):
        last -= 1
    if last - first > 1 and not doc[first].text[0].isupper() and doc[last - 1].text[0].isupper() and doc[first].lower_ in _NEVER_FIRST:
        first += 1
    return first, last


_NEVER_FIRST = frozenset(["of", "and", "for", "in", "on", "that", "who", "what", "when", "his", "her", "their", "its"])


def _is_headline(token: Token) -> bool:
    """Does the token stand in a line of several words of which nearly all have a capital?"""
    words_ = [t for t in token.sent if t.is_alpha and len(t) > 3]
    if len(words_) < _HEADLINE_WORDS or sum(t.text[0].isupper() for t in words_) < 0.8 * len(words_):
        return False
    # A list of names has capitals as well; a headline has words with capitals that are no names.
    return any(t.text[0].isupper() and (not t.ent_type_ or t.tag_ in ("VBZ", "VBP", "VBD")) and not t.is_sent_start for t in words_)


def _is_no_name(span: Span) -> bool:
    """Words that the model takes for a name although they are none: days, numbers, pronouns, a word in small letters."""
    if not any(_HAS_LETTER.search(t.text) for t in span):
        return True
    if len(span) == 1:
        token = span[0]
        if token.lower_ in words()["generic"]:
            return True
        if token.lower_ in _CALENDAR or (token.pos_ in ("PRON", "DET", "ADP", "SCONJ", "AUX", "CCONJ") and not token.text.isupper()):
            return True
        if token.is_sent_start and token.tag_ in ("RB", "IN", "VBG", "VBN", "VB", "UH", "WRB", "JJR"):
            return not load_countries().country_of_people(token.text)
    if all(t.lower_ in titles() or t.lower_ in ("chief", "justice", "of", "state") for t in span):
        return True
    return not any(t.text[0].isupper() or t.text[:1].isdigit() for t in span) and not _is_small_people(span)


def _is_small_people(span: Span) -> bool:
    return load_countries().country_of_people(" ".join(t.text.capitalize() for t in span)) is not None


# --- lists ------------------------------------------------------------------------------------------------------------


def _listed_names(news: NewsDoc, names: Sequence[Name], capitals: Sequence[Token]) -> Iterator[Name]:
    """Names of the lists that no longer name of the model covers."""
    covered = {i: n for n in names for i in range(n.first, n.last)}
    text, prefixes = news.text, _by_prefix()
    at = 0
    for token in capitals:
        if token.i < at:
            continue
        start = news.starts[token.i]
        for name in prefixes.get(text[start : start + 2], ()):
            if not text.startswith(name, start) or text[start + len(name) : start + len(name) + 1].isalnum():
                continue
            span = news.span_at(start, start + len(name))
            if span is None or span[0].i != token.i or not _is_listed(span, covered, name):
                continue
            label, rule_id = _listed_label(name)
            if news.starts[span[-1].i] + len(span[-1].text) <= start + len(name) + 1 and span[0].sent.start == span[-1].sent.start:
                yield make_name(news, span[0].i, span[-1].i + 1, label, rule_id)
                at = span[-1].i + 1
                break


def _is_listed(span: Span, covered: dict[int, Name], name: str) -> bool:
    """May the words be the listed name, given what the model found there?"""
    under = {covered[t.i].start: covered[t.i] for t in span if t.i in covered}
    if any(n.first < span[0].i or n.last > span[-1].i + 1 for n in under.values()):
        return False
    if under:
        return True
    if len(span) > 1:
        return True
    token = span[0]
    if token.is_sent_start or (token.text.isupper() and all(t.text.isupper() for t in token.sent if t.is_alpha)):
        return name in load_countries().areas or name in load_countries().adjectives
    if name in load_countries().wide_areas and token.i + 1 < len(token.doc) and token.nbor(1).tag_ in _PROPER:
        return False
    return token.tag_ in _PROPER or (token.tag_ in ("JJ", "JJS") and load_countries().country_of_people(name) is not None)


def _listed_label(name: str) -> tuple[str, str]:
    known, countries = known_names().get(name), load_countries()
    if known is not None:
        return known.label, known.rule_id
    if name in countries.wide_areas:
        return "LOC", "name-wide-area"
    return ("GPE", "name-country") if name in countries.areas else ("NORP", "name-people")


def _known_label(news: NewsDoc, name: Name) -> Name:
    """The name with the type, country and sectors that data or its head word tell."""
    known = known_names().get(name.text)
    if known is not None and not (name.label == "PERSON" and name.last - name.first > 1):
        return replace(name, label=known.label, country=known.country, sectors=known.sectors, rule_id=known.rule_id)
    is_titled = name.first > 0 and news.doc[name.first - 1].lower_ in titles()
    if _is_language(news, name):
        return replace(name, label="LANGUAGE", rule_id="name-language", country=None, sectors=())
    placed = _geographic(name) if not (is_titled and name.label in ("PERSON", "GPE")) else None
    if placed is not None:
        return placed
    if _is_quoted(news, name):
        return replace(name, label="WORK_OF_ART", rule_id="name-in-quotes")
    if _is_river(news, name):
        return replace(name, label="LOC", rule_id="name-with-article")
    return _head_label(news, name)


def _geographic(name: Name) -> Name | None:
    """The name as a country, people, capital or part of the world, if the lists have it."""
    countries, text = load_countries(), plain_case(name.text)
    people, capital = countries.country_of_people(name.text), countries.country_of_capital(name.text)
    if text in countries.wide_areas:
        return replace(name, label="LOC", rule_id="name-wide-area")
    if countries.find_areas(name.text) and name.label in ("ORG", "LOC", "NORP", "FAC", "GPE"):
        return replace(name, label="GPE", rule_id="name-country", country=countries.country_named(name.text))
    if name.last - name.first <= 2 and name.label != "PERSON" and (people or countries.is_group(name.text)):
        return replace(name, label="NORP", rule_id="name-people", country=people)
    if capital and name.label in ("ORG", "PERSON", "LOC", "GPE"):
        return replace(name, label="GPE", rule_id="name-capital", country=capital)
    return None


def _head_label(news: NewsDoc, name: Name) -> Name:
    """The name with the type that its last or first word tells ("... Ministry", "Treaty on ...")."""
    tokens = news.doc[name.first : name.last]
    if len(tokens) < 2:
        return name
    last, first = _heads()
    known = last.get(tokens[-1].text)
    if name.label == "PERSON" and (known is None or tokens[-1].text in words()["surnames"] or known.label not in ("ORG", "FAC", "LAW")):
        return name
    if known is None:
        known = first.get(" ".join(t.text for t in tokens[:2])) or first.get(tokens[0].text)
    if known is None:
        return _with_country(name, tokens) if name.label == "ORG" else name
    if known.label == "EVENT" and name.label not in ("ORG", "EVENT", "WORK_OF_ART", "LOC", "GPE"):
        return name
    return _with_country(replace(name, label=known.label, sectors=known.sectors, rule_id=known.rule_id), tokens)


def _with_country(name: Name, tokens: Span) -> Name:
    """A body's country from the adjective or state in its own name; None where it names none or several."""
    countries = load_countries()
    two = [" ".join(t.text for t in tokens[i : i + 2]) for i in range(len(tokens) - 1)]
    found = {c for w in two if (c := countries.country_of_people(w) or countries.country_named(w))}
    if not found:
        found = {
            c
            for t in tokens
            if (c := countries.country_of_people(t.text) or countries.country_named(t.text) or countries.country_of_capital(t.text))
        }
    return replace(name, country=found.pop()) if len(found) == 1 else name


# --- what the model overlooked ----------------------------------------------------------------------------------------


def _after_titles(news: NewsDoc, names: Sequence[Name], capitals: Sequence[Token]) -> Iterator[Name]:
    """People named after "Mr" and the like, whatever the model took them for."""
    civil = frozenset(["mr", "mr.", "mrs", "mrs.", "ms", "ms.", "comrade"])
    covered = {i: n for n in names for i in range(n.first, n.last)}
    for token in capitals:
        if token.lower_ not in civil:
            continue
        first = last = token.i + 1
        while (
            last < len(news.doc)
            and last - first < 3
            and news.doc[last].text[0].isupper()
            and news.doc[last].is_alpha
            and not news.doc[last].is_sent_start
        ):
            last += 1
        at = covered.get(first)
        if at is not None and at.label == "PERSON" and at.first == first:
            continue
        if last > first:
            yield make_name(news, first, last, "PERSON", "name-after-title")


def _abbreviated_states(news: NewsDoc, names: Sequence[Name], capitals: Sequence[Token]) -> Iterator[Name]:
    """States of the United States as news shortens them after a town: "Huntington, W.Va."."""
    states = load_countries().state_abbreviations
    covered = {i for n in names for i in range(n.first, n.last)}
    for token in capitals:
        if "." not in token.text or token.i in covered or token.i == 0 or token.nbor(-1).text != ",":
            continue
        if token.text in states or f"{token.text}." in states:
            yield make_name(news, token.i, token.i + 1, "GPE", "name-country")


def _towns_overlooked(news: NewsDoc, names: Sequence[Name], capitals: Sequence[Token]) -> Iterator[Name]:
    """Towns of the gazetteer after "in", "near" or "from", and in capitals at the head of a line ("LIMA, Peru --")."""
    covered = {i for n in names for i in range(n.first, n.last)}
    doc, gazetteer = news.doc, load_gazetteer()
    for token in capitals:
        if token.i in covered or len(token.text) < _MIN_TOWN:
            continue
        is_head = token.text.isupper() and (token.i == 0 or news.segment_of[token.i] != news.segment_of[token.i - 1])
        if not is_head and (
            token.tag_ not in _PROPER or token.i == 0 or doc[token.i - 1].lower_ not in ("in", "near", "from", "outside", "of")
        ):
            continue
        last = token.i + 1
        while (
            last < len(doc) and doc[last].text[0].isupper() and doc[last].is_alpha and last not in covered and not doc[last].is_sent_start
        ):
            last += 1
        is_set_off = last < len(doc) and doc[last].text in (",", "-", "--", "–", "—", "(", "/")
        if (is_head and not is_set_off) or (last < len(doc) and last in covered):
            continue
        name = make_name(news, token.i, last, "GPE", "name-town")
        if token.lower_ not in _CALENDAR and any(c.is_exact and (is_head or c.population >= _TOWN) for c in gazetteer.cities(name.text)):
            yield name


def _overlooked(news: NewsDoc, names: Sequence[Name], capitals: Sequence[Token]) -> list[Name]:
    """Names of the document where they stand again without the model's seeing them: whole ones, and surnames of full names."""
    covered = {i for n in names for i in range(n.first, n.last)}
    wanted: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for (words_, label), _ in sorted(_surfaces(news, names).items()):
        wanted[words_[0]].append((words_, label))
    for options in wanted.values():
        options.sort(key=lambda o: (-len(o[0]), o))
    out: list[Name] = []
    doc, at = news.doc, 0
    for token in capitals:
        if token.i < at or token.i in covered or token.text not in wanted:
            continue
        for words_, label in wanted[token.text]:
            last = token.i + len(words_)
            if tuple(t.text for t in doc[token.i : last]) != words_ or any(i in covered for i in range(token.i, last)):
                continue
            if len(words_) == 1 and not _is_name_again(token):
                continue
            out.append(make_name(news, token.i, last, label, "name-again"))
            at = last
            break
    return out


def _surfaces(news: NewsDoc, names: Sequence[Name]) -> Counter[tuple[tuple[str, ...], str]]:
    """Word sequences worth looking for elsewhere in the document, with their label."""
    out: Counter[tuple[tuple[str, ...], str]] = Counter()
    for name in names:
        tokens = tuple(t.text for t in news.doc[name.first : name.last])
        if name.label in ("PERSON", "ORG", "GPE", "LAW", "LOC", "FAC") and tokens[0][0].isupper():
            out[(tokens, name.label)] += 1
        if (
            name.label == "PERSON"
            and len(tokens) > 1
            and tokens[-1][0].isupper()
            and len(tokens[-1]) > 2
            and tokens[-1].lower() not in titles()
        ):
            out[(tokens[-1:], "PERSON")] += 1
    return out


def _is_name_again(token: Token) -> bool:
    """Is this single word a name here: a proper noun that no longer proper name goes on from?"""
    if token.tag_ not in _PROPER or token.lower_ in _CALENDAR:
        return False
    after = token.nbor(1) if token.i + 1 < len(token.doc) else None
    return after is None or not (after.tag_ in _PROPER and after.ent_type_ and token.dep_ == "compound") or after.text[0].islower()


# --- longer names -----------------------------------------------------------------------------------------------------


def _join(news: NewsDoc, names: Sequence[Name]) -> list[Name]:
    """Names that go on: a state with its body ("Kenyan armed forces"), a place with its kind ("Kursk region")."""
    out: list[Name] = []
    for name in sorted(names, key=lambda n: n.start):
        if out and name.first < out[-1].last:
            continue
        body = _body(news, name) if name.label in ("NORP", "GPE") else _administration(news, name) if name.label == "PERSON" else None
        body = body or (_with_last_word(news, name) if name.label in ("PERSON", "GPE", "PRODUCT") else None)
        out.append(body or (_region(news, name) if name.label in ("GPE", "ORG") else name))
    return out


def _is_quoted(news: NewsDoc, name: Name) -> bool:
    """Is the name alone between quotation marks? Then it is a title, not a body or a place."""
    if name.label not in ("GPE", "ORG") or name.first == 0 or name.last >= len(news.doc) or _is_acronym(name.text):
        return False
    after = news.doc[name.last + 1].text if news.doc[name.last].text == "," and name.last + 1 < len(news.doc) else news.doc[name.last].text
    return news.doc[name.first - 1].text in _OPENING and after in _CLOSING and not load_countries().find_areas(name.text)


def _is_language(news: NewsDoc, name: Name) -> bool:
    """Is a language meant, and not its people: "spoke in Welsh", "Welsh speakers", "translated from the Welsh"?"""
    if name.text not in words()["languages"] or name.label == "PERSON":
        return False
    head = news.doc[name.last - 1]
    if name.last < len(news.doc) and news.doc[name.last].lower_ in words()["language_nouns"]:
        return head.dep_ in ("amod", "compound", "nmod")
    if (
        name.last + 1 < len(news.doc)
        and news.doc[name.last].text == "-"
        and news.doc[name.last + 1].lower_ in ("language", "speaking", "speaker")
    ):
        return True
    while head.dep_ == "conj" and head.head.i != head.i:
        head = head.head
    if head.dep_ == "dobj":
        return head.head.lemma_ in ("speak", "learn", "teach", "study", "understand", "read")
    if head.dep_ != "pobj":
        return False
    is_governed = head.head.lower_ == "in" or (head.head.lower_ in ("from", "into") and head.head.head.lemma_ in words()["language_verbs"])
    return is_governed and not any(c.dep_ != "det" for c in head.lefts)


def _is_acronym(text: str) -> bool:
    return len(text) <= 6 and text.isupper()


def _is_river(news: NewsDoc, name: Name) -> bool:
    """Towns bear no article: "on the Volga" is no town. Countries and names with a noun behind them may."""
    if name.label != "GPE" or name.last - name.first > 1 or name.first == 0 or news.doc[name.first - 1].lower_ != "the":
        return False
    after = news.doc[name.last] if name.last < len(news.doc) else None
    if news.doc[name.first].dep_ not in ("pobj", "nsubj", "nsubjpass", "dobj"):
        return False
    is_known = load_countries().find_areas(name.text) or load_countries().country_of_capital(name.text)
    return not is_known and (after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM"))


def _body(news: NewsDoc, name: Name) -> Name | None:
    """The body of a state that the name begins, or None."""
    countries, doc, text = load_countries(), news.doc, news.text
    country = countries.country_of_people(name.text) or countries.country_named(name.text) or countries.country_of_capital(name.text)
    if country is None or name.last >= len(doc):
        return None
    after = doc[name.last]
    if name.label == "GPE":
        if after.text not in _POSSESSIVE or name.last + 1 >= len(doc):
            return None
        after = doc[name.last + 1]
    if after.is_sent_start:
        return None
    start = news.starts[after.i]
    low = text[start : start + 60].lower()
    for noun, known in _bodies():
        if not low.startswith(noun) or low[len(noun) : len(noun) + 1].isalpha():
            continue
        end = start + len(noun)
        more = re.match(r" of the armed forces", text[end : end + 30], re.IGNORECASE)
        span = news.span_at(start, end + (more.end() if more else 0))
        # "Russian military bases" are bases.
        if span is None or (span[-1].i + 1 < len(doc) and doc[span[-1].i + 1].pos_ in ("NOUN", "PROPN") and span[-1].head.i > span[-1].i):
            return None
        made = make_name(news, name.first, span[-1].i + 1, "ORG", known.rule_id)
        return replace(made, country=country, sectors=known.sectors)
    return None


def _administration(news: NewsDoc, name: Name) -> Name | None:
    """ "The Renko administration" is a government by the name of its head."""
    if name.last >= len(news.doc) or news.doc[name.last].lower_ != "administration":
        return None
    return replace(make_name(news, name.first, name.last + 1, "ORG", "name-administration"), sectors=("GOV",))


def _with_last_word(news: NewsDoc, name: Name) -> Name | None:
    """The name with the capitalised word behind it that says what it is: "Oduya" of "Oduya Capital" is no person."""
    doc = news.doc
    last = name.last
    while (
        last < len(doc) and last - name.last < 3 and doc[last].tag_ in _PROPER and doc[last].text.istitle() and not doc[last].is_sent_start
    ):
        last += 1
    known = _heads()[0].get(doc[last - 1].text) if last > name.last else None
    if known is None or known.label not in ("ORG", "FAC", "LAW") or doc[last - 1].ent_type_ == "PERSON":
        return None
    return _head_label(news, make_name(news, name.first, last, known.label, known.rule_id))


def _region(news: NewsDoc, name: Name) -> Name:
    """The name with the noun that says it is a region, a district or a peninsula."""
    doc = news.doc
    if name.last >= len(doc) or doc[name.last].lower_ not in words()["regions"] or doc[name.last].is_sent_start:
        return name
    countries, noun = load_countries(), doc[name.last]
    if any(a.kind == "country" for a in countries.find_areas(name.text)) or (name.label == "ORG" and not noun.text[0].isupper()):
        return name
    is_head = not (noun.dep_ == "compound" and noun.head.i > noun.i) or noun.lower_ in ("region", "oblast", "province")
    if not is_head or (noun.lower_ in ("state", "territory", "division", "department") and not noun.text[0].isupper()):
        return name
    made = make_name(news, name.first, name.last + 1, "GPE", "name-region")
    return replace(made, country=name.country or countries.country_named(name.text))


def _acronyms(news: NewsDoc, names: Sequence[Name]) -> Iterator[Name]:
    """Short forms in brackets right behind the name that they stand for."""
    doc = news.doc
    for name in names:
        at = name.last
        if at + 2 >= len(doc) or doc[at].text not in ("(", "[") or doc[at + 2].text not in (")", "]") or name.label in ("PERSON", "NORP"):
            continue
        short = doc[at + 1]
        if (
            name.last - name.first > 1
            and _ACRONYM.match(short.text)
            and _stands_for(short.text, [t.text for t in doc[name.first : name.last]])
        ):
            made = make_name(news, at + 1, at + 2, name.label, "name-acronym")
            yield replace(made, country=name.country, sectors=name.sectors, same_as=name.text)


def _long_forms(news: NewsDoc, names: Sequence[Name]) -> Iterator[Name]:
    """Long forms of acronyms that the model cut short: "Centre for Soil (CSW)" has its words before the bracket, one for each letter.

    After Schwartz and Hearst (2003), with initials alone: words with a capital, one for each letter, small words between them free.
    """
    doc = news.doc
    by_end = {n.last: n for n in names}
    for token in doc[1:-1]:
        letters = token.text.replace(".", "")
        if not (token.nbor(-1).text in ("(", "[") and token.nbor(1).text in (")", "]") and 3 <= len(letters) <= 8 and letters.isupper()):
            continue
        first = _first_of_initials(news, token.i - 1, letters)
        if first is None or (token.i - 1 in by_end and by_end[token.i - 1].first <= first):
            continue
        inside = [n.label for n in names if first <= n.first < token.i - 1 and n.label not in ("PERSON", "NORP", "GPE")]
        yield _head_label(news, make_name(news, first, token.i - 1, inside[0] if inside else "ORG", "name-long-form"))


def _first_of_initials(news: NewsDoc, last: int, letters: str) -> int | None:
    """The token where a run of capitalised words up to ``last`` begins that has these initials; None if there is none."""
    doc, wanted, at = news.doc, list(letters.lower()), last - 1
    while at >= 0 and wanted and not doc[at].is_punct:
        word = doc[at].text
        if word[0].isupper() and word[0].lower() == wanted[-1]:
            wanted.pop()
        elif word.lower() not in _SMALL_WORDS:
            return None
        if not wanted:
            return at
        if doc[at].is_sent_start:
            return None
        at -= 1
    return None


def _stands_for(short: str, long: Sequence[str]) -> bool:
    """Do the letters of the short form begin words of the long one, in this order?

    >>> _stands_for("KCNA", ["Korean", "Central", "News", "Agency"]), _stands_for("CEO", ["Acme", "Corp."])
    (True, False)
    """
    joined = "".join(long).lower()
    initials = "".join(w[0] for w in long if w.lower() not in _SMALL_WORDS).lower()
    letters = short.lower().replace(".", "").replace("-", "").removesuffix("s")
    if letters[0] != joined[0]:
        return False
    if letters == initials or (letters in initials and len(letters) > 1):
        return True
    at = 0
    for letter in letters:
        at = joined.find(letter, at) + 1
        if at == 0:
            return False
    return short.isupper() or sum(c in initials for c in letters) >= 2


# --- all together -----------------------------------------------------------------------------------------------------


def _add(names: Sequence[Name], more: Iterable[Name]) -> list[Name]:
    """The names with the further ones, which take the place of those that they overlap."""
    extra = list(more)
    taken = {i for n in extra for i in range(n.first, n.last)}
    kept = [n for n in names if not any(i in taken for i in range(n.first, n.last))]
    return sorted([*kept, *extra], key=lambda n: n.start)


def _towns(news: NewsDoc, names: Sequence[Name]) -> list[Name]:
    """Towns that the model took for people or landscapes, and people whom it took for places.

    Towns are in the gazetteer, and the text says "in" before them; a word that is a part of a full name stays a person. Two
    words that act, are in no gazetteer and never stand after "in" are a person.
    """
    parts = {t.text for n in names if n.label == "PERSON" and n.last - n.first > 1 for t in news.doc[n.first : n.last]}
    told = {n.text for n in names if n.first and _is_locative(news.doc[n.first - 1]) and not news.doc[n.first].is_sent_start}
    acting = {n.text for n in names if news.doc[n.last - 1].dep_ in ("nsubj", "nsubjpass") and news.doc[n.last - 1].head.pos_ == "VERB"}
    out = []
    for name in names:
        is_open = name.rule_id in ("name-model", "name-again")
        out.append(_retyped(news, name, parts=parts, told=told, acting=acting) if is_open else name)
    return out


def _is_locative(preposition: Token) -> bool:
    """ "In Macomia", not "confidence in Norwick"."""
    if preposition.lower_ not in ("in", "near", "outside"):
        return False
    return preposition.lower_ != "in" or preposition.head.lemma_.lower() not in words()["believing"]


def _retyped(news: NewsDoc, name: Name, *, parts: set[str], told: set[str], acting: set[str]) -> Name:
    length = name.last - name.first
    if name.label not in ("PERSON", "LOC", "GPE") or name.text in parts:
        return name
    is_town = any(c.is_exact for c in load_gazetteer().cities(name.text))
    is_landscape = name.label == "LOC" and (name.first == 0 or news.doc[name.first - 1].lower_ != "the")
    if is_town and (is_landscape or (name.label == "PERSON" and length == 1 and name.text in told)):
        return replace(name, label="GPE", rule_id="name-town")
    is_two_names = length == 2 and all(t.is_alpha and t.text.istitle() and t.tag_ == "NNP" for t in news.doc[name.first : name.last])
    is_person = is_two_names and not is_town and name.text in acting and name.text not in told
    if is_person and name.label in ("LOC", "GPE") and (name.first == 0 or news.doc[name.first - 1].lower_ != "the"):
        return replace(name, label="PERSON", rule_id="name-acting")
    return name


def _one_label_per_surface(news: NewsDoc, names: Sequence[Name]) -> list[Name]:
    """Names of one surface with one label: the one with more evidence, where data do not fix it."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    fixed: dict[str, Name] = {}
    for name in names:
        votes[name.text.lower()][name.label] += 1 if name.rule_id == "name-model" else 2
        if name.rule_id not in ("name-model", "name-again"):
            fixed.setdefault(name.text.lower(), name)
        if name.label == "PERSON" and name.last - name.first > 1:
            votes[news.doc[name.last - 1].lower_]["PERSON"] += 2
        if name.rule_id == "name-region":
            votes[name.text.lower().rpartition(" ")[0]]["GPE"] += 2
    surnames = {news.doc[n.last - 1].text for n in names if n.label == "PERSON" and n.last - n.first > 1}
    out = []
    for name in names:
        key = name.text.lower()
        sure = fixed.get(key)
        if name.text in surnames and sure is None and news.doc[name.first].head.lower_ not in words()["locative"]:
            out.append(replace(name, label="PERSON", country=None, sectors=()))
            continue
        label = sure.label if sure else max(votes[key].items(), key=lambda v: (v[1], v[0] == name.label, v[0]))[0]
        if label == name.label:
            out.append(name)
        else:
            out.append(replace(name, label=label, country=sure.country if sure else None, sectors=sure.sectors if sure else ()))
    return out
