"""Writes predicted places for a file of labelled news, for a scorer to compare.

    python benchmarks/measure_places.py GOLD.jsonl[.gz] PREDICTED.jsonl [--limit N] [--skip N] [--peoples]

GOLD has one object per line with ``id``, ``text`` and perhaps ``places``. PREDICTED gets ``id`` and ``places``: start, end,
lat and lon (null where the gazetteer does not have it) of every place by name. ``--peoples`` counts adjectives and names of
peoples as their country, as some gold standards do. ``--errors`` prints what differs from GOLD.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from tests.support import news_doc
from transforms.extraction.countries import load_countries
from transforms.extraction.mentions import find_mentions
from warehouse.schema import Row

NEAR_KM = 161.0
"""A hundred miles, the usual mark of the field."""


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def predict(record: dict[str, Any], *, peoples: bool) -> list[dict[str, Any]]:
    """Places of one record."""
    out = []
    for row in find_mentions(news_doc(record["text"])):
        if row["mention_kind"] != "name":
            continue
        if row["label"] in ("GPE", "LOC", "FAC"):
            out.append(_place(row, row["latitude"], row["longitude"]))
        elif peoples and row["label"] == "NORP" and row["country"]:
            area = next(
                (a for found in load_countries().areas.values() for a in found if a.kind == "country" and a.country == row["country"]), None
            )
            if area is not None:
                out.append(_place(row, area.latitude, area.longitude))
    return out


def _place(row: Row, latitude: float | None, longitude: float | None) -> dict[str, Any]:
    return {
        "start": row["start_char"],
        "end": row["end_char"],
        "lat": latitude,
        "lon": longitude,
        "text": row["text"],
        "label": row["label"],
    }


def distance_km(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Kilometres between two places with lat and lon, by the haversine formula."""
    lat1, lon1, lat2, lon2 = (radians(v) for v in (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 12742.0 * asin(min(1.0, sqrt(h)))


def count_errors(record: dict[str, Any], found: list[dict[str, Any]], errors: Counter[tuple[str, str]]) -> None:
    """Counts names that were missed, invented, left without coordinates or put too far away."""
    for gold in record["places"]:
        hits = [p for p in found if p["start"] < gold["end"] and gold["start"] < p["end"]]
        if not hits:
            errors["missed", gold["text"]] += 1
        elif gold["lat"] is not None and hits[0]["lat"] is None:
            errors["no coordinates", gold["text"]] += 1
        elif gold["lat"] is not None and distance_km(gold, hits[0]) > NEAR_KM:
            errors["too far", gold["text"]] += 1
    for place in found:
        if not any(place["start"] < g["end"] and g["start"] < place["end"] for g in record["places"]):
            errors["extra " + place["label"], place["text"]] += 1


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--peoples", action="store_true")
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    errors: Counter[tuple[str, str]] = Counter()
    records = list(read_lines(args.gold))[args.skip :][: args.limit]
    with args.predicted.open("w", encoding="utf-8") as out:
        for record in records:
            found = predict(record, peoples=args.peoples)
            out.write(json.dumps({"id": record["id"], "places": found}) + "\n")
            if args.errors:
                count_errors(record, found, errors)
    for (kind, text), n in errors.most_common():
        print(n, kind, text)


if __name__ == "__main__":
    main()
