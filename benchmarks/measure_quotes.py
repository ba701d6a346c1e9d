"""Writes the quotations that the rules find in labelled articles, and how long it took beside the parse.

    python -m benchmarks.measure_quotes polnear.jsonl.gz predictions.jsonl

The data holds one article per line: ``id``, ``text`` and the labelled ``quotes``, whose ``content``, ``cue`` and ``source`` are lists of spans.
The predictions have the same form. Without a file, or with ``DATELINE_BENCH_DATA`` not set, it says "skipped: no data".
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import news_doc
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


def _span(start: int | None, end: int | None) -> Spans:
    return [] if start is None or end is None else [[start, end]]


def main() -> None:
    """Reads the arguments, writes the predictions, prints the time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=os.environ.get("DATELINE_BENCH_DATA"))
    parser.add_argument("predictions", nargs="?", type=Path, default=Path("quotes_predicted.jsonl"))
    parser.add_argument("--kinds", default="", help="write only these kinds, parted by commas")
    args = parser.parse_args()
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
