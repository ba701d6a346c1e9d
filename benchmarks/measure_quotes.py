"""Writes the quotations that the rules find in labelled articles, and how long it took beside the parse.

    python -m benchmarks.measure_quotes polnear.jsonl.gz predictions.jsonl
    python -m benchmarks.measure_quotes --passages tests/labelled_quotes/quotes.jsonl [--parity even|odd] [--errors]

The data holds one article per line: ``id``, ``text`` and the labelled ``quotes``, whose ``content``, ``cue`` and ``source`` are lists of spans.
The predictions have the same form. ``--passages``: short passages whose quotes may be ``optional`` (these need not be found and are not
extra); a quote is found where the Dice overlap of the characters of its content is at least .5, its speaker is right where the two
phrases overlap or one text holds the other, its name where the resolved speaker shares a word of it. Without a file, or with
``DATELINE_BENCH_DATA`` not set, it says "skipped: no data".
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import news_doc
from transforms.extraction.document import extract_document
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quotes import find_quotes
from transforms.extraction.times import find_times
from transforms.language import load_pipeline

Spans = list[list[int]]


def read_articles(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of a JSONL file, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def predict(text: str) -> tuple[list[dict[str, Any]], float]:
    """Quotations of a text as spans, and the seconds that the rules took."""
    news = news_doc(text)
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    started = time.process_time()
    quotes, pieces = find_quotes(news)
    seconds = time.process_time() - started
    content: dict[str, Spans] = {}
    for p in pieces:
        content.setdefault(p["quote_id"], []).append([p["start_char"], p["end_char"]])
    rows = [
        {
            "content": content[q["quote_id"]],
            "cue": _span(q["cue_start_char"], q["cue_end_char"]),
            "source": _span(q["speaker_start_char"], q["speaker_end_char"]),
            "kind": q["kind"],
            "rule_id": q["rule_id"],
        }
        for q in quotes
    ]
    return rows, seconds


def measure_passages(path: Path, *, parity: str, errors: bool) -> float:
    """Prints recall by kind, precision, and of the found ones the share whose speaker and resolved name are right; F1 of the quotes."""
    found, wanted, right = Counter[str](), Counter[str](), Counter[str]()
    n_extra = 0
    for passage in read_articles(path):
        if parity and int(passage["id"]) % 2 != (parity == "odd"):
            continue
        text, told = passage["text"], []
        left = predict_speakers(text)
        for quote in sorted(passage["quotes"], key=lambda q: q["optional"]):
            row = max(left, key=lambda r: dice(r["content"], quote["content"]), default=None)
            if row is None or dice(row["content"], quote["content"]) < 0.5:
                row = None
            else:
                left.remove(row)
            if quote["optional"]:
                continue
            wanted[quote["kind"]] += 1
            found[quote["kind"]] += row is not None
            told += [] if row is None else compare(quote, row, right)
            if row is None:
                told.append(f"missed {quote['kind']} [{quote['cue']}] {quote['speaker']}: {pieces_of(text, quote['content'])}")
        n_extra += len(left)
        told += [f"extra {r['rule_id']} {r['speaker']}: {pieces_of(text, r['content'])}" for r in left]
        if errors and told:
            print(f"\n# {passage['id']} {text}", *told, sep="\n    ")
    for kind in sorted(wanted):
        print(f"{kind:9} R {found[kind] / wanted[kind]:.3f} ({found[kind]} of {wanted[kind]})")
    n = found.total()
    print(f"quotes R {n / wanted.total():.3f} ({n} of {wanted.total()}), P {n / (n + n_extra):.3f} ({n_extra} extra)")
    for what in ("speaker", "name"):
        print(f"{what} of the found {right[what] / right[f'{what} wanted']:.3f} ({right[what]} of {right[f'{what} wanted']})")
    return 2 * n / (wanted.total() + n + n_extra)


def compare(quote: dict[str, Any], row: dict[str, Any], right: Counter[str]) -> list[str]:
    """Counts in ``right`` whether speaker and name of a found quote are; what is wrong in words."""
    told = []
    if quote["speaker"] or row["speaker"]:
        a, b = quote["speaker"] or "", row["speaker"] or ""
        good = bool(a and b) and (a in b or b in a)
        right["speaker wanted"] += 1
        right["speaker"] += good
        told += [] if good else [f"speaker {row['speaker']!r} ({row['rule_id']}), right is {quote['speaker']!r}"]
    if quote["speaker_name"]:
        words = set(quote["speaker_name"].split()) - {"the", "The", "a", "A"}
        good = bool(words & set((row["name"] or "").split()))
        right["name wanted"] += 1
        right["name"] += good
        told += [] if good else [f"name {row['name']!r}, right is {quote['speaker_name']!r}"]
    return told


def predict_speakers(text: str) -> list[dict[str, Any]]:
    """Quotes of a passage with the phrase of the speaker and the name of the local entity that it stands for."""
    news = news_doc(text)
    rows = extract_document(news)
    content: dict[str, Spans] = {}
    for p in rows["quote_spans"]:
        content.setdefault(p["quote_id"], []).append([p["start_char"], p["end_char"]])
    entity = {m["mention_id"]: m["local_entity_id"] for m in rows["mentions"]}
    longest: dict[str, str] = {}
    for m in rows["mentions"]:
        if m["mention_kind"] != "pronoun" and len(m["text"]) > len(longest.get(m["local_entity_id"], "")):
            longest[m["local_entity_id"]] = m["text"]
    return [
        {
            "content": content[q["quote_id"]],
            "speaker": None if q["speaker_start_char"] is None else text[q["speaker_start_char"] : q["speaker_end_char"]],
            "name": longest.get(entity.get(q["speaker_mention_id"] or "", "")),
            "rule_id": q["rule_id"],
        }
        for q in rows["quotes"]
    ]


def dice(a: Spans, b: Spans) -> float:
    """Twice the shared characters over the characters of both."""
    x, y = ({i for s, e in spans for i in range(s, e)} for spans in (a, b))
    return 2 * len(x & y) / max(1, len(x) + len(y))


def pieces_of(text: str, spans: Spans) -> str:
    return " … ".join(text[s:e] for s, e in spans)


def _span(start: int | None, end: int | None) -> Spans:
    return [] if start is None or end is None else [[start, end]]


def main() -> None:
    """Reads the arguments, writes the predictions, prints the time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=os.environ.get("DATELINE_BENCH_DATA"))
    parser.add_argument("predictions", nargs="?", type=Path, default=Path("quotes_predicted.jsonl"))
    parser.add_argument("--kinds", default="", help="write only these kinds, parted by commas")
    parser.add_argument("--passages", action="store_true", help="score labelled passages")
    parser.add_argument("--parity", choices=("even", "odd"), default="", help="of the ids of the passages")
    parser.add_argument("--errors", action="store_true", help="print the passages that are not all right")
    parser.add_argument("--floor", type=float, default=0.0, help="of passages: end with 3 if F1 is below")
    args = parser.parse_args()
    if args.passages:
        sys.exit(3 if measure_passages(args.data, parity=args.parity, errors=args.errors) < args.floor else 0)
    if args.data is None or not Path(args.data).is_file():
        print("skipped: no data")
        return
    kinds = set(filter(None, args.kinds.split(",")))
    load_pipeline()
    started, rules, n = time.process_time(), 0.0, 0
    with args.predictions.open("w", encoding="utf-8") as out:
        for article in read_articles(Path(args.data)):
            rows, seconds = predict(article["text"])
            rules, n = rules + seconds, n + 1
            out.write(
                json.dumps({"id": article["id"], "quotes": [r for r in rows if not kinds or r["kind"] in kinds]}, ensure_ascii=False) + "\n"
            )
    print(f"{n} articles, {time.process_time() - started:.1f} s in all, {rules:.2f} s in the rules of quotations; {args.predictions}")


if __name__ == "__main__":
    main()
