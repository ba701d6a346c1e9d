"""Names and kinds of lines of a folder of labelled articles: python -m benchmarks.measure_names FOLDER [--pipeline NAME | --warehouse FILE]

FOLDER holds ``texts/*.txt`` and ``gold/mentions.jsonl`` (and ``gold/lines.json`` for the lines). Without an option the whole of Dateline is measured: the
articles are run into a temporary home and the rows of ``mentions`` are scored. With ``--pipeline`` only a spaCy pipeline is, over the raw text.

Prints F1 over all names three ways (any overlap; exact span; exact span and label) and per label with the number of labelled names.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import duckdb

from benchmarks.measure_lines import labelled_lines

NAMES = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART", "LANGUAGE")
Name = tuple[int, int, str]


def read_gold(folder: Path) -> tuple[dict[str, str], dict[str, set[Name]]]:
    """Texts by file name and their names with offsets into the text."""
    texts = {p.name: p.read_bytes().decode() for p in sorted((folder / "texts").glob("*.txt"))}
    names: dict[str, set[Name]] = {file: set() for file in texts}
    for row in map(json.loads, (folder / "gold" / "mentions.jsonl").read_text("utf-8").splitlines()):
        key = str(row.get("file", row.get("doc")))
        file = next(f for f in texts if f == key or f.split(".")[0] == key)
        at = sum(len(line) + 1 for line in texts[file].split("\n")[: row["line"] - 1])
        names[file].add((at + row["start"], at + row["end"], row["label"]))
    return texts, names


def told_by_warehouse(warehouse: Path) -> dict[str, set[Name]]:
    """The named mentions of a warehouse by file name."""
    con = duckdb.connect(str(warehouse), read_only=True)
    told: dict[str, set[Name]] = defaultdict(set)
    query = """select regexp_extract(l.source_uri, '[^/]*$'), m.start_char, m.end_char, m.label
               from mentions m join landings l using (document_id) where m.mention_kind = 'name'"""
    for file, start, end, label in con.execute(query).fetchall():
        told[file].add((start, end, label))
    return told


def told_by_pipeline(name: str, texts: dict[str, str]) -> dict[str, set[Name]]:
    """The names that a spaCy pipeline finds in the raw texts."""
    import spacy

    nlp = spacy.load(name)
    return {file: {(e.start_char, e.end_char, e.label_) for e in nlp(text).ents} for file, text in texts.items()}


def report(gold: dict[str, set[Name]], told: dict[str, set[Name]]) -> float:
    """Print the figures; gives F1 of names with the right span and label."""
    figures = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for file, names in gold.items():
        found = {n for n in told.get(file, set()) if n[2] in NAMES}
        touched = sum(any(a < e and s < b for a, b, _ in found) for s, e, _ in names)
        hits = sum(any(a < e and s < b for a, b, _ in names) for s, e, _ in found)
        counts["overlap"] += Counter(both=touched, gold=len(names), told=len(found), hits=hits)
        spans = {n[:2] for n in names} & {n[:2] for n in found}
        counts["exact span"] += Counter(both=len(spans), gold=len(names), told=len(found), hits=len(spans))
        for which, group in (("span and label", names | found), *((label, {n for n in names | found if n[2] == label}) for label in NAMES)):
            both = len(names & found & group)
            counts[which] += Counter(both=both, gold=len(names & group), told=len(found & group), hits=both)
    for which, c in counts.items():
        if c["gold"] or c["told"]:
            precision, recall = c["hits"] / max(1, c["told"]), c["both"] / max(1, c["gold"])
            f = figures[which] = 2 * precision * recall / max(1e-9, precision + recall)
            print(f"{which:15} F1 {f:.3f}  precision {precision:.3f}  recall {recall:.3f}  labelled {c['gold']:4}")
    return figures["span and label"]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pipeline")
    parser.add_argument("--warehouse", type=Path)
    parser.add_argument("--floor", type=float, default=0.0, help="end with 3 if F1 of names, span and label, is below")
    args = parser.parse_args()
    texts, gold = read_gold(args.folder)
    if args.pipeline:
        reached = report(gold, told_by_pipeline(args.pipeline, texts))
    elif args.warehouse:
        reached = report(gold, told_by_warehouse(args.warehouse))
    else:
        from benchmarks.evaluate import run_over

        with tempfile.TemporaryDirectory() as folder:
            reached = report(gold, told_by_warehouse(run_over(args.folder / "texts", Path(folder))))
    if (args.folder / "gold" / "lines.json").exists():
        lines = list(labelled_lines(args.folder))
        print(f"lines           {sum(x.given == x.wanted for x in lines)} of {len(lines)} of the right kind")
    if reached < args.floor:
        print(f"BELOW the floor of {args.floor}")
        sys.exit(3)


if __name__ == "__main__":
    main()
