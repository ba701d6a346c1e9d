"""Scores the ten labelled articles against their floors: python -m benchmarks.evaluate [FOLDER] [--warehouse FILE]

Runs the pipeline over ``FOLDER/texts`` (``tests/labelled`` if not given) into a temporary home (or reads the warehouse given), compares with
``FOLDER/gold`` and prints one line per measure. Ends with 3 if a measure of ``tests/labelled`` lies below its floor in ``floors.toml``.
Floors only guard against getting worse; they say nothing of other text.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
Span = tuple[int, int]

LABELLED = Path(__file__).resolve().parents[1] / "tests" / "labelled"
FLOORS = Path(__file__).with_name("floors.toml")
HEADINGS = frozenset(("title", "subtitle", "subhead", "caption", "live_segment_header"))
NAMES = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART")
NEAR = 0.3
"""Smallest overlap (Dice) at which two stretches of text count as the same quotation."""


class Labelled:
    """The gold rows with offsets into the documents, and the warehouse's rows of the same documents."""

    def __init__(self, warehouse: Path, folder: Path) -> None:
        self.con = duckdb.connect(str(warehouse), read_only=True)
        self.texts = {p.name: p.read_bytes().decode() for p in sorted((folder / "texts").glob("*.txt"))}
        self.gold = {p.stem: json.loads(p.read_text("utf-8")) for p in sorted((folder / "gold").glob("*.json"))}
        self.names = [json.loads(line) for line in (folder / "gold" / "mentions.jsonl").read_text("utf-8").splitlines()]
        uris = self.rows("select document_id, source_uri from landings")
        self.file_of = {r["document_id"]: name for r in uris for name in self.texts if r["source_uri"].endswith(name)}
        self.forms = {e["id"]: {e["canonical"], *e["surface_forms"]} for e in self.gold["entities"]["entities"]}

    def rows(self, query: str) -> list[Row]:
        """Rows of a query as dicts."""
        cursor = self.con.execute(query)
        columns = [c[0] for c in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def of(self, table: str) -> list[Row]:
        """Rows of a table with the file's name as ``file`` and their offsets as ``span``."""
        return [
            row | {"file": self.file_of[row["document_id"]], "span": (row["start_char"], row["end_char"])}
            for row in self.rows(f'select * from "{table}"')
            if row["document_id"] in self.file_of and row["start_char"] is not None
        ]

    def line_start(self, file: str, line: int) -> int:
        """Offset of a line that counts from 1."""
        return sum(len(part) + 1 for part in self.texts[file].split("\n")[: line - 1])

    def line_of(self, file: str, offset: int) -> int:
        """The line that holds an offset."""
        return self.texts[file].count("\n", 0, offset) + 1

    def placed(self, row: Row) -> Row:
        """A gold row of a line with ``start`` and ``end`` as offsets into the file."""
        at = self.line_start(row["file"], row["line"])
        return row | {"span": (at + row["start"], at + row["end"])}

    def is_called(self, who: str, text: str) -> bool:
        """Does the text hold a name of what the label calls ``who``?"""
        same = [forms for forms in self.forms.values() if who in forms]
        return any(form.lower() in text.lower() for form in set().union({who}, *same))


def overlap(a: Span, b: Span) -> int:
    """Characters that two stretches share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def dice(a: Span, b: Span) -> float:
    """Share of characters that two stretches have in common."""
    return 2 * overlap(a, b) / max(1, a[1] - a[0] + b[1] - b[0])


def pair(gold: Sequence[Row], found: Sequence[Row], score: Callable[[Row, Row], float]) -> dict[int, int]:
    """Numbers of gold rows -> numbers of found rows, best scores first, each row once; a score of 0 is no pair."""
    ranked = sorted(
        ((s, -i, -j) for i, g in enumerate(gold) for j, f in enumerate(found) if g["file"] == f["file"] and (s := score(g, f)) > 0),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in ranked:
        if -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
    return pairs


def f1(right: float, found: int, wanted: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * right / (found + wanted) if found + wanted else 1.0


def score_lines(data: Labelled) -> dict[str, float]:
    """Share of lines whose characters mostly have the gold kind, and body lines that were cut."""
    segments = data.of("segments")
    right = wanted = lost = 0
    for file, labels in data.gold["lines"]["files"].items():
        for row in (r for r in labels["lines"] if r["label"] != "blank"):
            start = data.line_start(file, row["line"])
            span = (start, start + len(data.texts[file].split("\n")[row["line"] - 1]))
            kinds = Counter({"none": 0})
            for s in segments:
                if s["file"] == file:
                    kinds[s["kind"]] += overlap(s["span"], span)
            kind, want = kinds.most_common(1)[0][0], row["label"].replace("-", "_")
            wanted += 1
            right += kind == want
            lost += want == "body" and kind not in HEADINGS | {"body"}
    return {"lines_kind_right": right / wanted, "body_lines_lost": lost}


def score_names(data: Labelled) -> dict[str, float]:
    """Names by overlap, and their grouping into entities by B-cubed over the gold names."""
    gold = [data.placed(m) for m in data.names]
    found = [m for m in data.of("mentions") if m["mention_kind"] == "name" and m["label"] in NAMES]
    pairs = pair(gold, found, lambda g, f: dice(g["span"], f["span"]))
    given = [found[pairs[i]]["entity_id"] if i in pairs else None for i in range(len(gold))]
    keys = [key or f"alone {i}" for i, key in enumerate(given)]
    own, made = Counter(g["entity"] for g in gold), Counter(keys)
    both = Counter(zip((g["entity"] for g in gold), keys, strict=True))
    precision = sum(n * n / made[key] for (_, key), n in both.items()) / len(gold)
    recall = sum(n * n / own[entity] for (entity, _), n in both.items()) / len(gold)
    return {"names_f1": f1(len(pairs), len(found), len(gold)), "entities_b_cubed": 2 * precision * recall / (precision + recall)}


def score_events(data: Labelled) -> dict[str, float]:
    """Acts by line and type; what the labels leave open is not judged."""
    labelled = data.gold["events"]["events"]
    wanted = [e for e in labelled if e["kind"] == "event" and e["plover"] not in (None, "STATE")]
    free = [e for e in (*labelled, *data.gold["events"]["also_right"]) if e not in wanted]
    found = [e | {"line": data.line_of(e["file"], e["trigger_start_char"])} for e in data.of("events")]
    pairs = pair(wanted, found, _same_act)
    rest = [f for j, f in enumerate(found) if j not in set(pairs.values())]
    optional = pair(free, rest, _same_act)
    kind_of_line = {
        (file, row["line"]): row["label"].replace("-", "_") for file, d in data.gold["lines"]["files"].items() for row in d["lines"]
    }
    extra = [r for j, r in enumerate(rest) if j not in set(optional.values()) and kind_of_line[r["file"], r["line"]] not in HEADINGS]
    return {"events_precision": len(pairs) / max(1, len(pairs) + len(extra)), "events_recall": len(pairs) / len(wanted)}


def _same_act(gold: Row, found: Row) -> float:
    types = {"YIELD": ("RETREAT", "CONCEDE")}.get(gold["plover"], tuple(gold["plover"].split("/")))
    if gold["line"] != found["line"] or found["event_type"] not in types:
        return 0.0
    return 1.0 + (gold["trigger"].split()[0] in (found["text"] or ""))


def score_quotes(data: Labelled) -> dict[str, float]:
    """Quotations by overlap of content, and those of them with the right speaker."""
    lines = data.gold["lines"]["files"]
    gold = []
    for quote in (q for q in data.gold["quotes"]["quotes"] if q["kind"] not in ("term", "not_a_quote")):
        marks = next(
            x for x in lines[quote["file"]]["quotes"] if x["line"] == quote["line"] and x["text"].startswith(quote["quote_starts"])
        )
        gold.append(data.placed(quote | marks))
    pieces: dict[str, list[Span]] = defaultdict(list)
    for row in data.rows("select * from quote_spans"):
        pieces[row["quote_id"]].append((row["start_char"], row["end_char"]))
    found = [q for q in data.of("quotes") if q["kind"] != "indirect"]

    def near(g: Row, f: Row) -> float:
        content = pieces.get(f["quote_id"], [f["span"]])
        held = sum(overlap(piece, g["span"]) for piece in content)
        size = sum(b - a for a, b in content) + g["span"][1] - g["span"][0]
        share = 2 * held / size
        return share if share >= NEAR else 0.0

    pairs = pair(gold, found, near)
    named = {r["mention_id"]: r["name"] for r in data.rows("select m.mention_id, e.name from mentions m join entities e using (entity_id)")}
    right = 0
    for i, j in pairs.items():
        row, text = found[j], data.texts[found[j]["file"]]
        words = text[row["speaker_start_char"] : row["speaker_end_char"]] if row["speaker_start_char"] is not None else ""
        said_by = f"{words} {named.get(row['speaker_mention_id'], '')}"
        right += data.is_called(gold[i]["speaker"], said_by)
    return {"quotes_f1": f1(len(pairs), len(found), len(gold)), "quotes_with_speaker_f1": f1(right, len(found), len(gold))}


def score_figures(data: Labelled) -> dict[str, float]:
    """Figures with a value: the same number on the same line."""
    gold = [g for g in data.gold["figures"]["figures"] if g.get("value") is not None and g["comparator"] != "ordinal"]
    found = [f | {"line": data.line_of(f["file"], f["span"][0])} for f in data.of("figures") if f["value_low"] is not None]

    def same(g: Row, f: Row) -> float:
        values = {float(f["value_low"]), float(f["value_high"] if f["value_high"] is not None else f["value_low"])}
        wanted = {float(g["value"]), 100 * float(g["value"])} if g["unit"] == "share" else {float(g["value"])}
        return float(g["line"] == f["line"] and bool(values & wanted)) * (1 + (f["text"] in g["words"] or g["words"] in f["text"]))

    return {"figures_recall": len(pair(gold, found, same)) / len(gold)}


SCORES = (score_lines, score_names, score_events, score_quotes, score_figures)


def below(measured: dict[str, float], floors: dict[str, float]) -> Iterable[str]:
    """Measures that are worse than their floor; for ``body_lines_lost`` less is better."""
    for name, floor in floors.items():
        if measured[name] > floor if name == "body_lines_lost" else measured[name] < floor:
            yield name


def run_over(texts: Path, home: Path) -> Path:
    """A warehouse over a folder of texts."""
    from flows.commands_run import prepare

    prepare(verbose=False)
    from flows.pipeline import run_stages
    from flows.record import new_run_id
    from flows.settings import Settings

    return run_stages([str(texts)], Settings(home=home, workers=1), new_run_id()).warehouse


def main() -> None:
    """Prints every measure with its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=LABELLED)
    parser.add_argument("--warehouse", type=Path, help="a warehouse that holds the labelled texts; made if not given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        data = Labelled(given.warehouse or run_over(given.folder / "texts", Path(tmp)), given.folder)
        measured = {name: value for score in SCORES for name, value in score(data).items()}
        data.con.close()
    floors = tomllib.loads(FLOORS.read_text("utf-8"))["labelled"] if given.folder == LABELLED else {}
    failed = list(below(measured, floors))
    for name, value in measured.items():
        floor = f"   floor {floors[name]:.3f}{'   BELOW' if name in failed else ''}" if name in floors else ""
        print(f"{name:26s} {value:7.3f}{floor}")
    sys.exit(3 if failed else 0)


if __name__ == "__main__":
    main()
