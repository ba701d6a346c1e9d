"""Firms that bear the name of a person or a town: what the words around a name say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from spacy.tokens import Span, Token

from transforms.extraction.countries import load_countries
from transforms.extraction.places import load_gazetteer
from transforms.language import NewsDoc
from transforms.rules import load_rules

if TYPE_CHECKING:
    from transforms.extraction.names import Name

_POSSESSIVE = ("'s", "’s", "'", "’")
_CITY = 300_000
"""Inhabitants from which a city has shares of its own: its exchange is meant."""

_BY_WORD = {"in": "before_in", "of": "before_of", "at": "before_at", "with": "before_with"}


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    lists: dict[str, list[str]] = load_rules("entities")["firms"]
    return {name: frozenset(found) for name, found in lists.items()}


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    title = load_rules("offices")["title"]
    return frozenset([*title["civil"], *title["military"], *title["political"], *title["kept"]])


def with_firms(news: NewsDoc, names: Sequence[Name]) -> list[Name]:
    """The names; those of people and places of which the document speaks as of a firm become ORG, wherever they stand.

    A word that is also a part of a person's full name, or that a title or "who" says is a person, stays what it is, as do places of the lists.
    """
    told: Counter[str] = Counter()
    people: set[str] = set()
    for name in names:
        if name.label in ("PERSON", "GPE", "LOC", "PRODUCT", "ORG"):
            told[name.text] += tells_of_firm(news.doc[name.first : name.last], is_place=name.label in ("GPE", "LOC"))
        if name.label == "PERSON" and _is_surely_person(news, name):
            people.add(name.text)
    people |= {
        t.text for n in names if n.label == "PERSON" and n.last - n.first > 1 and not told[n.text] for t in news.doc[n.first : n.last]
    }
    return [
        replace(n, label="ORG", rule_id="name-firm", country=None, sectors=())
        if told[n.text] and n.label in ("PERSON", "GPE", "LOC", "PRODUCT") and n.text not in people and not _is_listed_place(n)
        else n
        for n in names
    ]


def tells_of_firm(span: Span, *, is_place: bool) -> bool:
    """Do the words right before or behind the name tell of a firm? Of a place only the surest: a town has workers and a market, too."""
    if any(t.text in _words()["joined"] for t in span[1:]):
        return True
    before = _before(span)
    if is_place:
        return before or _has_shares(span) or _is_apposed(span)
    return before or _has_shares(span) or _owns(span) or _is_apposed(span) or _is_a_thing(span) or _speaks_of_itself(span)


def _before(span: Span) -> bool:
    """ "Shares in Corvell", "an analyst at Corvell", "the carmaker Corvell"."""
    doc = span.doc
    if span.start == 0 or span[0].is_sent_start:
        return False
    word = doc[span.start - 1]
    if word.lower_ in _words()["kinds"] and word.text.islower():
        return True
    found = _words().get(_BY_WORD.get(word.lower_, ""))
    return found is not None and span.start > 1 and doc[span.start - 2].lemma_.lower() in found


def _has_shares(span: Span) -> bool:
    """ "Corvell shares rose", "Corvell's shares"."""
    after = _noun_behind(span)
    return after is not None and after.lemma_.lower() in ("share", "stock", "shareholder", "dividend", "subsidiary")


def _owns(span: Span) -> bool:
    """ "Corvell's profit", "a Corvell spokeswoman"."""
    after = _noun_behind(span)
    if after is None:
        return False
    is_owned = span.doc[span.end].text in _POSSESSIVE
    return after.lemma_.lower() in _words()["owned" if is_owned else "compounds"]


def _noun_behind(span: Span) -> Token | None:
    """The noun that the name owns or stands before, adjectives and numbers between them left aside."""
    doc, at = span.doc, span.end
    if at < len(doc) and doc[at].text in _POSSESSIVE:
        at += 1
    last = min(len(doc), at + 4)
    while at < last and doc[at].tag_ in ("JJ", "JJS", "CD", "NN", "VBG", "HYPH") and not doc[at].is_sent_start:
        if doc[at].tag_ == "NN" and (at + 1 >= len(doc) or doc[at + 1].tag_ not in ("NN", "NNS")):
            break
        at += 1
    found = doc[at] if at < len(doc) else None
    return found if found is not None and found.tag_ in ("NN", "NNS") and not found.is_sent_start and found.text.islower() else None


def _is_apposed(span: Span) -> bool:
    """ "Corvell, a maker of pumps, ..."."""
    doc = span.doc
    if span.end + 1 >= len(doc) or doc[span.end].text != ",":
        return False
    return any(
        c.dep_ == "appos" and c.lemma_.lower() in _words()["appositions"] and c.left_edge.i == span.end + 1 for t in span for c in t.rights
    )


def _is_a_thing(span: Span) -> bool:
    """ "Corvell, which ...": no person."""
    doc = span.doc
    if span.end + 1 >= len(doc) or doc[span.end].text != "," or doc[span.end + 1].lower_ != "which":
        return False
    which = doc[span.end + 1]
    return which.head.i > which.i and which.head.head in span


def _speaks_of_itself(span: Span) -> bool:
    """ "Corvell cut its forecast": the subject of a verb whose object, right behind it, is "its" something."""
    root = span.root
    verb = root.head
    if root.dep_ != "nsubj" or verb.pos_ != "VERB" or span.end != verb.i:
        return False
    return any(c.dep_ == "dobj" and c.left_edge.lower_ == "its" and c.left_edge.i == verb.i + 1 for c in verb.rights)


def _is_surely_person(news: NewsDoc, name: Name) -> bool:
    doc = news.doc
    if name.rule_id == "name-after-title" or (name.first and doc[name.first - 1].lower_ in _titles()):
        return True
    if name.last + 1 >= len(doc) or doc[name.last].text != ",":
        return False
    after = doc[name.last + 1]
    return after.lower_ == "who" or (after.text.isdigit() and 14 <= int(after.text) <= 105)


def _is_listed_place(name: Name) -> bool:
    if name.label not in ("GPE", "LOC"):
        return False
    countries = load_countries()
    if countries.find_areas(name.text) or countries.country_of_capital(name.text) or name.text in countries.wide_areas:
        return True
    return any(c.is_exact and c.population >= _CITY for c in load_gazetteer().cities(name.text))
