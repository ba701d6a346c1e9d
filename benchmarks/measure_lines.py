"""Kinds of lines and fields of a folder of labelled articles: python -m benchmarks.measure_lines FOLDER... [--errors] [--floor SHARE]

``FOLDER/texts`` holds the articles, ``FOLDER/gold/lines.json`` a label for every line, ``FOLDER/gold/fields.json`` perhaps what the text gives
as title, authors and day; or else ``FOLDER/pages`` holds one file per page with the label and a tab before every line. Ends with 3 if the
share of lines of the right kind over all folders is below the floor.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.cleaning import clean_document, clean_text
from transforms.cleaning.document import Cleaned, Segment

SAME_KIND = {
    "subheading": "subhead",
    "newsletter": "promo",
    "other": "other_boilerplate",
    "author_bio": "bio",
    "copyright": "other_boilerplate",
    "dateline_line": "dateline",
}
"""Labels of lines that another set of words was used for."""

KEPT = frozenset(("body", "subhead", "live_segment_header"))
FIELDS = ("title", "authors", "published_date", "dateline_place")


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line that is not blank, the kind of its label and the one that the cleaner gives to most of its characters."""

    file: str
    number: int
    wanted: str
    given: str
    rule_id: str
    text: str


def read_texts(folder: Path) -> dict[str, str]:
    """The articles by the name of their file."""
    return {p.name: p.read_bytes().decode() for p in sorted((folder / "texts").glob("*.txt"))}


def labelled_texts(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """File, text and one label per line, in the order of the files."""
    pages = folder / "pages"
    for path in sorted((pages if pages.is_dir() else folder).glob("*.tsv")):
        rows = [line.partition("\t") for line in path.read_bytes().decode().removesuffix("\n").split("\n")]
        yield path.name, "\n".join(text for _, _, text in rows), [label for label, _, _ in rows]
    path = folder / "gold" / "lines.json"
    if path.exists():
        rows_of = json.loads(path.read_text("utf-8"))
        rows_of = rows_of.get("files", rows_of)
        for file, text in read_texts(folder).items():
            given = rows_of.get(file, rows_of.get(file.split(".")[0]))
            yield file, text, [r["label"] for r in given["lines"]] if isinstance(given, dict) else given


def labelled_lines(folder: Path) -> Iterator[LabelledLine]:
    """The labelled lines that are not blank, in the order of files and lines."""
    for file, text, labels in labelled_texts(folder):
        segments, start = clean_text(text), 0
        for number, (line, label) in enumerate(zip(text.split("\n"), labels, strict=True), start=1):
            if line.strip():
                most = _segment_of(segments, start, start + len(line))
                kind = label.replace("-", "_")
                yield LabelledLine(file, number, SAME_KIND.get(kind, kind), most.kind, most.rule_id, line.strip())
            start += len(line) + 1


def _segment_of(segments: list[Segment], start: int, end: int) -> Segment:
    """The first segment of the kind that covers most of the characters."""
    cover: Counter[str] = Counter()
    first: dict[str, Segment] = {}
    for s in segments:
        shared = min(s.end_char, end) - max(s.start_char, start)
        if shared > 0:
            cover[s.kind] += shared
            first.setdefault(s.kind, s)
    return first[cover.most_common(1)[0][0]]


def count_fields(folder: Path) -> Counter[tuple[str, bool]]:
    """(field, right) -> how many, over the fields that the labels give."""
    path = folder / "gold" / "fields.json"
    gold: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    counts: Counter[tuple[str, bool]] = Counter()
    for file, text in read_texts(folder).items():
        wanted = gold.get(file, gold.get(file.split(".")[0]))
        cleaned = clean_document({"document_id": file, "text": text}, [])
        if wanted is None or not isinstance(cleaned, Cleaned):
            continue
        for field in FIELDS:
            if wanted.get(field):
                counts[field, _plain(cleaned.document.get(field)) == _plain(wanted[field])] += 1
    return counts


def _plain(value: Any) -> Any:
    """Without regard to case, order of authors and space."""
    if isinstance(value, list):
        return sorted(_plain(v) for v in value)
    return " ".join(str(value).casefold().split()) if value is not None else None


def _share_of_characters(lines: list[LabelledLine], *, left_in: bool) -> float:
    """How many of the lines' characters are left in, or taken out."""
    total = sum(len(line.text) for line in lines)
    return sum(len(line.text) for line in lines if (line.given in {*KEPT, "title", "subtitle"}) == left_in) / max(total, 1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--errors", action="store_true", help="print every line of another kind")
    parser.add_argument("--floor", type=float, default=0.0)
    args = parser.parse_args()
    lines = [line for folder in args.folders for line in labelled_lines(folder)]
    wrong = [line for line in lines if line.given != line.wanted]
    if args.errors:
        for w in wrong:
            print(f"{w.file}:{w.number}  {w.wanted} -> {w.given}  {w.rule_id}  {w.text[:100]}")
    share = 1 - len(wrong) / len(lines)
    body = [line for line in lines if line.wanted in KEPT]
    rest = [line for line in lines if line.wanted not in {*KEPT, "title", "subtitle"}]
    lost = sum(line.given not in {*KEPT, "title", "subtitle"} for line in body)
    left = sum(line.given in KEPT for line in rest)
    print(f"lines           {len(lines) - len(wrong)} of {len(lines)} of the right kind ({share:.3f})")
    print(f"body lines      {lost} of {len(body)} taken out; boilerplate lines {left} of {len(rest)} left in")
    kept, removed = (_share_of_characters(part, left_in=is_body) for part, is_body in ((body, True), (rest, False)))
    print(f"characters      {kept:.4f} of the body kept, {removed:.3f} of the boilerplate removed")
    fields: Counter[tuple[str, bool]] = Counter()
    for folder in args.folders:
        fields.update(count_fields(folder))
    for field in FIELDS:
        total = fields[field, True] + fields[field, False]
        if total:
            print(f"{field:15} {fields[field, True]} of {total} right")
    if share < args.floor:
        print(f"BELOW the floor of {args.floor}")
        sys.exit(3)


if __name__ == "__main__":
    main()
