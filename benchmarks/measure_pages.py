"""Body, title, authors and date of labelled pages: python -m benchmarks.measure_pages [FOLDER] [--each] [--floors]

FOLDER (``tests/pages`` if not given) holds pages and a ``gold.json``: file name -> ``body`` (what a careful reader calls the article: sub-headings,
lists, tables and quotations in it; headline, byline, captions, related links not), ``title``, ``authors``, ``date``.

The body is compared by its runs of four words (the words alone where there are fewer), counted as often as they occur. Precision and recall of a
page are shares of these; over all pages they are means, and F1 is that of the means. Title, set of authors and date are right or wrong: blanks and
the shape of quotation marks apart, letter by letter. Beside Dateline stands trafilatura with its defaults.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGES = Path(__file__).resolve().parents[1] / "tests" / "pages"
FLOORS = Path(__file__).with_name("floors.toml")
RUN = 4
MEASURES = ("body_precision", "body_recall", "body_f1", "title", "authors", "date")
SAME_MARKS = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")


@dataclass(frozen=True, slots=True)
class Told:
    """What an extractor tells of a page; the date as year, month and day."""

    body: str
    title: str | None
    authors: tuple[str, ...]
    date: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """One page: shares of the body's runs of words, and which fields are right."""

    precision: float
    recall: float
    title: bool
    authors: bool
    date: bool


def by_dateline(data: bytes) -> Told:
    """Reading and cleaning: the segments of kind body and subhead."""
    from transforms.cleaning import clean_document
    from transforms.cleaning.document import Cleaned
    from transforms.reading.model import Limits, Source
    from transforms.reading.page import land_page

    landed = land_page(data, source=Source(), limits=Limits(), record=None)
    row = landed.document
    cleaned = clean_document(row, landed.blocks)
    body = ""
    if isinstance(cleaned, Cleaned):
        row = cleaned.document
        parts = [landed.document["text"][s["start_char"] : s["end_char"]] for s in cleaned.segments if s["kind"] in ("body", "subhead")]
        body = "\n".join(parts)
    day = row["published_date"]
    return Told(body, row["title"], tuple(row["authors"]), day.isoformat() if day else None)


def by_trafilatura(data: bytes) -> Told:
    """The library alone."""
    from trafilatura import bare_extraction

    found = bare_extraction(data, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict):
        return Told("", None, (), None)
    return Told(found.text or "", found.title, tuple(n.strip() for n in (found.author or "").split(";") if n.strip()), found.date)


def runs_of_words(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words with its number.

    >>> len(runs_of_words("The ferry runs again today"))
    2
    """
    words = re.findall(r"\w+", text)
    if len(words) < RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def score_page(told: Told, gold: dict[str, Any]) -> Score:
    """How right the page was read; without words of body nothing wrong was told, and all is lost."""
    known, found = runs_of_words(gold["body"]), runs_of_words(told.body)
    both = sum((known & found).values())
    return Score(
        precision=both / found.total() if found else float(not known),
        recall=both / known.total() if known else 1.0,
        title=_plain(told.title) == _plain(gold["title"]),
        authors={_plain(name) for name in told.authors} == {_plain(name) for name in gold["authors"]},
        date=told.date == gold["date"],
    )


def _plain(text: str | None) -> str:
    return " ".join((text or "").translate(SAME_MARKS).split())


def summary(scores: Sequence[Score]) -> dict[str, float]:
    """Measure -> mean over the pages."""
    n = max(len(scores), 1)
    precision, recall = sum(s.precision for s in scores) / n, sum(s.recall for s in scores) / n
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    fields = (sum(s.title for s in scores) / n, sum(s.authors for s in scores) / n, sum(s.date for s in scores) / n)
    return dict(zip(MEASURES, (precision, recall, f1, *fields), strict=True))


def measure(folder: Path, told_by: Callable[[bytes], Told], *, each: bool = False) -> tuple[dict[str, float], float]:
    """The means over a folder, and milliseconds for a page."""
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    scores, seconds = [], 0.0
    for name, wanted in sorted(gold.items()):
        data = (folder / name).read_bytes()
        start = time.perf_counter()
        told = told_by(data)
        seconds += time.perf_counter() - start
        score = score_page(told, wanted)
        scores.append(score)
        if each:
            _print_page(name, score, told, wanted)
    return summary(scores), 1000 * seconds / max(len(scores), 1)


def _print_page(name: str, score: Score, told: Told, gold: dict[str, Any]) -> None:
    print(f"{name:30} P {score.precision:.3f}  R {score.recall:.3f}")
    for field, right in (("title", score.title), ("authors", score.authors), ("date", score.date)):
        if not right:
            print(f"    {field}: told {getattr(told, field)!r}, right is {gold[field]!r}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=PAGES)
    parser.add_argument("--each", action="store_true", help="a line for every page and what is wrong with it")
    parser.add_argument("--floors", action="store_true", help="end with 3 if a measure is below its floor in floors.toml")
    args = parser.parse_args()
    measure(args.folder, by_dateline)  # what is slow the first time is loaded
    ours, pace = measure(args.folder, by_dateline, each=args.each)
    theirs, their_pace = measure(args.folder, by_trafilatura)
    print(f"{'':16} dateline  trafilatura")
    for name in MEASURES:
        print(f"{name:16} {ours[name]:8.3f}  {theirs[name]:11.3f}")
    print(f"{'ms per page':16} {pace:8.0f}  {their_pace:11.0f}")
    floors = tomllib.loads(FLOORS.read_text("utf-8")).get("pages", {}) if args.floors else {}
    below = [name for name, floor in floors.items() if ours[name] < floor]
    if below:
        print(f"BELOW the floor: {', '.join(below)}")
        sys.exit(3)


if __name__ == "__main__":
    main()
