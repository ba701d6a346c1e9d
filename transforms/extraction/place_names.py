"""Which place each name of a document means: what is asked of the gazetteer, and what else the document says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Token

from transforms.extraction.countries import Area, load_countries
from transforms.extraction.names import Name, words
from transforms.extraction.places import Place, PlaceName, count_evidence, resolve_places
from transforms.language import NewsDoc

_PLACED = ("GPE",)
_LONGEST_TOWN = 2
"""Words of a building's name that may be a town's by mistake."""


def place_names(news: NewsDoc, names: Sequence[Name]) -> dict[int, Place]:
    """Start of a name -> the place that it means; regions and names unknown to the gazetteer are left out."""
    wanted = [n for n in names if n.label in _PLACED or n.label == "LOC" or (n.label == "FAC" and n.last - n.first <= _LONGEST_TOWN)]
    if not wanted:
        return {}
    regions = _regions(news, names)
    starts = {n.first: n for n in names}
    asked = [(n, _asked(news, n, regions, starts)) for n in wanted]
    places = resolve_places([p for _, p in asked], _evidence(news, names))
    placed = {n.start: place for (n, _), place in zip(asked, places, strict=True) if place is not None}
    return placed | _named_after_towns(news, names, placed)


def _named_after_towns(news: NewsDoc, names: Sequence[Name], placed: Mapping[int, Place]) -> dict[int, Place]:
    """A building whose name begins with that of a town which the document speaks of ("Truro Public Library") stands there."""
    towns = {_plain(n): placed[n.start] for n in names if n.start in placed and placed[n.start].kind == "city"}
    out = {}
    for name in names:
        if name.label != "FAC" or name.start in placed:
            continue
        firsts = (" ".join(t.text for t in news.doc[name.first : name.first + n]) for n in (2, 1) if name.first + n < name.last)
        town = next((towns[f] for f in firsts if f in towns), None)
        if town is not None:
            out[name.start] = replace(town, geonames_id=None)
    return out


def _plain(name: Name) -> str:
    return name.text.replace("\n", " ")


def _regions(news: NewsDoc, names: Sequence[Name]) -> frozenset[str]:
    """Names that the document calls a region somewhere and a town nowhere: they mean the region throughout."""
    lists = words()
    regions, towns = set(), set()
    for name in names:
        if name.label != "GPE":
            continue
        low = name.text.lower()
        head, _, last = low.rpartition(" ")
        kind = _kind_noun(news.doc[name.last - 1])
        if head and last in lists["whole_regions"]:
            regions.add(head)
        elif kind in lists["whole_regions"]:
            regions.add(low)
        elif kind in lists["settlements"]:
            towns.add(low)
    return frozenset(regions - towns)


def _kind_noun(token: Token) -> str:
    """The noun that says what a place is: "the regions of Lima and Cusco", "Lima and Cusco Regions"."""
    shared = [w.lower_ for c in token.rights if c.dep_ == "conj" for w in token.doc[c.i : c.i + 2] if w.lower_ in words()["regions"]]
    if shared:
        return shared[0]
    while token.dep_ == "conj" and token.head.i < token.i:
        token = token.head
    return token.head.head.lower_ if token.dep_ == "pobj" and token.head.lower_ == "of" else ""


def _asked(news: NewsDoc, name: Name, regions: frozenset[str], starts: dict[int, Name]) -> PlaceName:
    """What is asked of the gazetteer: countries and listed regions as such, other regions never as a town."""
    plain = _plain(name)
    low = plain.lower()
    is_listed = bool(load_countries().find_areas(plain))
    parts = low.split()
    is_region = not is_listed and (low in regions or parts[-1] in words()["regions"] or (len(parts) > 1 and parts[0] in words()["regions"]))
    is_vague = name.label not in _PLACED and not is_listed and not is_region
    return PlaceName(plain, _container(news, name, starts), is_region=is_region, is_vague=is_vague)


def _container(news: NewsDoc, name: Name, starts: dict[int, Name]) -> Area | None:
    """The state or country right behind the name ("Paris, Texas", "Lagos in Nigeria") or before it ("Chad's Abeche")."""
    doc, countries = news.doc, load_countries()
    if any(a.kind == "country" for a in countries.find_areas(name.text)):
        return None
    at = name.last
    if at + 1 < len(doc) and doc[at].text in (",", "(") and not doc[at + 1].is_sent_start:
        short = countries.state_abbreviations.get(doc[at + 1].text) or countries.state_abbreviations.get(doc[at + 1].text + ".")
        if short is not None and (len(doc[at + 1].text) > 2 or at + 2 >= len(doc) or doc[at + 2].text in ",.;)"):
            return short
        return _one_area(starts.get(at + 1), name)
    if name.first > 1 and doc[name.first - 1].text in ("'s", "’s"):
        before = next((n for n in starts.values() if n.last == name.first - 1), None)
        return _one_area(before, name)
    return None


def _one_area(other: Name | None, name: Name) -> Area | None:
    if other is None or other.label != "GPE" or other.text == name.text:
        return None
    areas = load_countries().find_areas(other.text)
    return areas[-1] if len(areas) == 1 or (areas and any(a.kind == "state" for a in areas)) else None


def _evidence(news: NewsDoc, names: Sequence[Name]) -> dict[str, float]:
    """Countries and states that the document speaks of."""
    spoken = Counter(n.text for n in names if n.label in ("GPE", "NORP", "LOC"))
    spoken.update(n.country for n in names if n.label == "ORG" and n.country and len(n.country) == 3)
    spoken.update(state for n in names if n.label in ("ORG", "FAC") for state in _states_within(news, n))
    counties: Counter[str] = Counter()
    known = load_countries()
    for token in news.doc[1:]:
        if token.lower_ in ("county", "parish") and token.text[0].isupper():
            for first in (token.i - 2, token.i - 1):
                county = " ".join(t.text for t in news.doc[max(0, first) : token.i + 1])
                if county in known.counties:
                    counties[county] += 1
                    break
        elif token.text in known.state_abbreviations and token.text[-1] == ".":
            spoken[known.state_abbreviations[token.text].name] += 1
    place = news.document.get("dateline_place")
    if place:
        spoken[place.title() if place.isupper() else place] += 1
    return count_evidence(spoken, counties)


def _states_within(news: NewsDoc, name: Name) -> list[str]:
    """States of the United States that a longer name begins with ("Ohio Department of Health")."""
    firsts = [" ".join(t.text for t in news.doc[name.first : name.first + n]) for n in (1, 2) if name.first + n < name.last]
    return [w for w in firsts if any(a.kind == "state" for a in load_countries().find_areas(w))]
