"""Mentions of people, bodies, states and places: by name, by office, by pronoun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.extraction.coreference import (
    Description,
    Person,
    Subject,
    find_descriptions,
    find_pronouns,
    group_names,
    is_subject,
    metonyms,
    office_facts,
    read_people,
)
from transforms.extraction.countries import load_countries
from transforms.extraction.names import Name, find_names
from transforms.extraction.place_names import place_names
from transforms.extraction.places import Place, capital_place
from transforms.language import NewsDoc
from warehouse.schema import Row, make_id

_KIND_OF_LABEL = {"PERSON": "person", "ORG": "body", "GPE": "body"}


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a document with their entities, the capitals that stand for a government, and places by start of the name."""

    names: Sequence[Name]
    keys: Sequence[str]
    states: frozenset[int]
    places: dict[int, Place]
    people: dict[str, Person]


def find_mentions(news: NewsDoc) -> list[Row]:
    """One row per mention, in the order of the text; columns: see table ``mentions``.

    Mentions of one thing within the document share ``local_entity_id``. A capital that acts for its government is an entity of
    its own with the state's code in ``country`` and sector GOV; its coordinates are those of the town that is named.
    """
    if not len(news.doc):
        return []
    names = find_names(news)
    places = place_names(news, names)
    states = _capitals_only(metonyms(news, names), places)
    keys = group_names(news, names, states)
    found = _Names(names, keys, states, places, read_people(news, names, keys))
    descriptions = find_descriptions(news, names, keys, found.people)
    subjects = _subjects(news, found, descriptions)
    rows = _name_rows(news, found)
    named = {row["local_entity_id"]: row for row in rows}
    rows += [row for d in descriptions if (row := _description_row(news, d, named)) is not None]
    meant = {row["local_entity_id"]: row for row in reversed(rows)}
    pronouns = find_pronouns(news, subjects, found.people, _people_by_sentence(news, found))
    rows += [row for token, subject in pronouns if (row := _pronoun_row(news, token, subject, meant)) is not None]
    return sorted(rows, key=lambda r: (r["start_char"], -r["end_char"]))


# --- names ------------------------------------------------------------------------------------------------------------


def _capitals_only(states: frozenset[int], places: dict[int, Place]) -> frozenset[int]:
    """Of names that act, those that mean the capital here and not a town of the same name."""
    countries = load_countries()
    return frozenset(s for s in states if s not in places or countries.country_of_capital(places[s].name) == places[s].country)


def _name_rows(news: NewsDoc, found: _Names) -> list[Row]:
    countries = load_countries()
    rows = []
    for name, key in zip(found.names, found.keys, strict=True):
        place, country, sectors = found.places.get(name.start), name.country, name.sectors
        if name.start in found.states:
            place, country, sectors = capital_place(name.text), countries.country_of_capital(name.text), ("GOV",)
        elif place is not None:
            country = place.country
        elif name.label == "PERSON":
            country, sectors = office_facts(found.people[key])
        row = _row(news, (name.first, name.last), "name", label=name.label, key=key, rule_id=name.rule_id)
        if row is None:
            continue
        row.update(
            {"start_char": name.start, "end_char": name.end, "text": name.text, "country": country, "sectors": list(sectors) or None}
        )
        row["mention_id"] = make_id("men", news.document["document_id"], name.start, name.end, "name")
        if place is not None:
            row.update(
                {"geonames_id": place.geonames_id, "latitude": place.latitude, "longitude": place.longitude, "admin1": place.admin1},
            )
        rows.append(row)
    return rows


def _row(news: NewsDoc, span: tuple[int, int], kind: str, *, label: str, key: str, rule_id: str) -> Row | None:
    """A row without country and place; None where the words reach over the end of their sentence."""
    first, last = span
    sentence = news.sentence(news.doc[first])
    start, end = news.starts[first], news.starts[last - 1] + len(news.doc[last - 1].text)
    if end > sentence["end_char"]:
        return None
    document_id = news.document["document_id"]
    return {
        "mention_id": make_id("men", document_id, start, end, kind),
        "document_id": document_id,
        "sentence_id": sentence["sentence_id"],
        "start_char": start,
        "end_char": end,
        "text": news.text[start:end],
        "label": label,
        "mention_kind": kind,
        "local_entity_id": make_id("loc", document_id, key),
        "country": None,
        "sectors": None,
        "geonames_id": None,
        "latitude": None,
        "longitude": None,
        "admin1": None,
        "rule_id": rule_id,
    }


# --- descriptions and pronouns ----------------------------------------------------------------------------------------


def _people_by_sentence(news: NewsDoc, found: _Names) -> dict[int, list[str]]:
    out: dict[int, list[str]] = defaultdict(list)
    for name, key in zip(found.names, found.keys, strict=True):
        if name.label == "PERSON":
            out[news.sentence_of_token[name.first]].append(key)
    return out


def _subjects(news: NewsDoc, found: _Names, descriptions: Sequence[Description]) -> list[Subject]:
    """Who stands in subject position, by name or description."""
    out = []
    for name, key in zip(found.names, found.keys, strict=True):
        kind = _KIND_OF_LABEL.get(name.label)
        head = news.doc[name.last - 1]
        # A person whose name the parser makes the head of the sentence is the subject of a verb that it has put elsewhere.
        leads = kind == "person" and head.dep_ == "ROOT" and head.i + 1 < len(news.doc) and news.doc[head.i + 1].text == ","
        if kind is not None and (leads or any(is_subject(t) for t in news.doc[name.first : name.last])):
            out.append(Subject(name.last - 1, key, kind))
    for description in descriptions:
        if is_subject(news.doc[description.last - 1]):
            kind = _KIND_OF_LABEL[description.office.label]
            out.append(Subject(description.last - 1, description.entity, kind, description.office.is_plural))
    return sorted(out, key=lambda s: s.token)


def _description_row(news: NewsDoc, description: Description, labels: dict[str, Row]) -> Row | None:
    office = description.office
    row = _row(news, (description.first, description.last), "nominal", label=office.label, key=description.entity, rule_id=office.rule_id)
    if row is None:
        return None
    named = labels.get(row["local_entity_id"])
    if named is not None:
        row["label"] = named["label"]
    return row | {"country": description.country, "sectors": list(office.sectors) or None}


def _pronoun_row(news: NewsDoc, token: int, subject: Subject, labels: dict[str, Row]) -> Row | None:
    """A pronoun takes label, country and sectors of the mention that it stands for."""
    row = _row(news, (token, token + 1), "pronoun", label="PERSON", key=subject.entity, rule_id="pronoun-subject-before")
    if row is None or row["local_entity_id"] not in labels:
        return None
    meant = labels[row["local_entity_id"]]
    return row | {"label": meant["label"], "country": meant["country"], "sectors": meant["sectors"]}
