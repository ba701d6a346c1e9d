"""Writes predicted time expressions for a file of labelled news, for a scorer to compare.

    python benchmarks/measure_times.py GOLD.jsonl[.gz] PREDICTED.jsonl [--limit N]

GOLD has one object per line with ``id``, ``text`` and ``date`` (day of publication, ISO). PREDICTED gets ``id`` and ``timex``:
start, end, type and value of every time expression. ``--errors`` prints what differs from ``timex`` of GOLD, word by word.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.support import news_doc
from transforms.extraction.times import find_times


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def predict(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Time expressions of one record."""
    published = date.fromisoformat(record["date"][:10]) if record.get("date") else None
    rows = find_times(news_doc(record["text"], published=published))
    return [
        {"start": r["start_char"], "end": r["end_char"], "type": r["timex_type"], "value": r["value"], "rule": r["rule_id"]} for r in rows
    ]


def show_errors(record: dict[str, Any], found: list[dict[str, Any]]) -> None:
    """Prints missed, extra and wrongly valued time expressions with their surroundings."""
    gold, text = record["timex"], record["text"]

    def words(x: dict[str, Any]) -> str:
        return f"{text[max(0, x['start'] - 50) : x['start']]}[{text[x['start'] : x['end']]}]{text[x['end'] : x['end'] + 40]}".replace(
            "\n", " "
        )

    def overlaps(a: dict[str, Any], b: dict[str, Any]) -> bool:
        return bool(a["start"] < b["end"] and b["start"] < a["end"])

    for g in gold:
        hits = [p for p in found if overlaps(g, p)]
        if not hits:
            print("MISSED", g["type"], g["value"], "|", words(g))
        elif hits[0]["value"] != g["value"]:
            print("VALUE ", g["value"], "got", hits[0]["value"], hits[0]["rule"], record["date"], "|", words(g))
        elif (hits[0]["start"], hits[0]["end"]) != (g["start"], g["end"]):
            print("SPAN  ", words(g), "got", text[hits[0]["start"] : hits[0]["end"]])
    for p in found:
        if not any(overlaps(g, p) for g in gold):
            print("EXTRA ", p["type"], p["value"], p["rule"], "|", words(p))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    with args.predicted.open("w", encoding="utf-8") as out:
        for n, record in enumerate(read_lines(args.gold)):
            if args.limit is not None and n >= args.limit:
                break
            found = predict(record)
            out.write(json.dumps({"id": record["id"], "timex": found}) + "\n")
            if args.errors:
                show_errors(record, found)


if __name__ == "__main__":
    main()
