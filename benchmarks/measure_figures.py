"""Scores the figures of labelled sentences, or lists those of articles for reading.

    python -m benchmarks.measure_figures labelled.jsonl
    python -m benchmarks.measure_figures articles.jsonl.gz --list 40

A labelled line holds ``text`` and ``figures``: [words, low, high, unit] each. A found figure is right if it overlaps the words and has the
same values and unit. Without a file, or with ``DATELINE_BENCH_DATA`` not set, it says "skipped: no data".
"""

from __future__ import annotations

import argparse
import os
import random
from pathlib import Path
from typing import Any

from benchmarks.measure_quotes import read_articles
from tests.support import news_doc
from transforms.extraction.figures import find_figures
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quotes import find_quotes
from transforms.extraction.times import find_times
from warehouse.schema import Row

SEED = 7


def read_figures(text: str) -> list[Row]:
    """The figures of a text, with everything that the steps before them find."""
    news = news_doc(text)
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    quotes, spans = find_quotes(news)
    news.quotes.extend(quotes)
    news.quote_spans.extend(spans)
    return find_figures(news)


def count_right(text: str, labelled: list[list[Any]]) -> tuple[int, int, int]:
    """How many labelled figures are found, how many figures are found, how many are labelled."""
    found = read_figures(text)
    left = list(found)
    right = 0
    for words, low, high, unit in labelled:
        start = text.index(words)
        hit = next((r for r in left if _same(r, start, start + len(words), low, high, unit)), None)
        if hit is not None:
            left.remove(hit)
            right += 1
    return right, len(found), len(labelled)


def _same(row: Row, start: int, end: int, *wanted: float | str | None) -> bool:
    return bool(row["start_char"] < end and start < row["end_char"] and (row["value_low"], row["value_high"], row["unit"]) == wanted)


def main() -> None:
    """Reads the arguments, prints the scores or the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=os.environ.get("DATELINE_BENCH_DATA"))
    parser.add_argument("--list", type=int, default=0, metavar="N", help="print the figures of N articles, chosen with a fixed seed")
    args = parser.parse_args()
    if args.data is None or not Path(args.data).is_file():
        print("skipped: no data")
        return
    articles = list(read_articles(Path(args.data)))
    if args.list:
        for article in random.Random(SEED).sample(articles, min(args.list, len(articles))):
            for r in read_figures(article["text"]):
                print(article["id"], r["text"], r["value_low"], r["value_high"], r["comparator"], r["unit"], r["measure"], sep=" | ")
        return
    counts = [count_right(a["text"], a["figures"]) for a in articles]
    right, found, labelled = (sum(c[k] for c in counts) for k in range(3))
    precision, recall = right / max(found, 1), right / max(labelled, 1)
    print(
        f"value and unit: P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}  ({labelled} labelled)"
    )


if __name__ == "__main__":
    main()
