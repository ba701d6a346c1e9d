"""Fits the weights of the cleaner's line model and says what they are worth on publishers that were left out.

    python -m benchmarks.train_line_model --labelled LINES.jsonl.gz --weak LINES.jsonl.gz [--whole] [--write]

A record of either file has ``publisher``, ``text`` and ``labels``: [line number from 1, label]; the labels are the kinds of segments, or
keep, drop and unknown in the weak file. Seventy records of the weak file, each of another publisher, were labelled by reading since:
``benchmarks/line_labels.jsonl`` has their kinds by the sha256 of their text. ``--whole`` runs the whole cleaner with weights that have seen no
text of the publisher, and tells the spread over publishers; ``--write`` puts the weights fitted on everything into
``transforms/rules/line_model.json``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from transforms.cleaning.label import label_page, prepare_page
from transforms.cleaning.line_model import line_features
from transforms.rules import FOLDER

KEEP = ("body", "subhead", "keep")
SKIP = ("title", "subtitle", "live-segment-header", "unknown", "blank")
N_FOLDS = 8
MIN_PUBLISHERS = 5
"""A word counts as a feature if lines of so many publishers have it: what one outlet alone writes says nothing of others."""

LABELLED_WEIGHT = 4.0
"""What a line labelled by reading counts against one of the weak file."""

RIDGE = 10.0
READ = Path(__file__).parent / "line_labels.jsonl"
LEFT_IN = frozenset(("body", "subhead", "title", "subtitle", "live_segment_header"))


@dataclass(frozen=True, slots=True)
class Example:
    """A line that the rules leave open."""

    publisher: str
    document: int
    features: tuple[str, ...]
    is_drop: bool
    weight: float
    n_chars: int
    between: bool
    labelled: bool


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_labels() -> dict[str, list[tuple[int, str]]]:
    """sha256 of a text -> its lines from 1 with their kinds."""
    rows = (json.loads(line) for line in READ.read_text("utf-8").splitlines())
    return {r["text_sha256"]: [(n, kind) for n, kind in r["labels"]] for r in rows}


def labelled_by_reading(weak: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of the weak file whose kinds are known, with these as their labels."""
    known = read_labels()
    out = {}
    for record in weak:  # several extractors may have given the same text
        key = hashlib.sha256(record["text"].encode()).hexdigest()
        if key in known:
            out.setdefault(key, record | {"labels": known[key]})
    return list(out.values())


def outlet(name: str) -> str:
    """The publisher's name with case, address parts and marks taken off, so that an outlet in both files is one."""
    name = re.sub(r"^(?:www|edition)\.|\.(?:com|co\.uk|org|net|go\.com|info|html)\b|_\d+", "", name.lower())
    return re.sub(r"[^a-z]", "", name)


def examples_of(record: dict[str, Any], document: int, weight: float, *, labelled: bool) -> Iterator[Example]:
    """The open lines of a record that have a label."""
    labels = record["labels"]
    wanted = dict(json.loads(labels) if isinstance(labels, str) else labels)
    page = prepare_page(record["text"])
    n_before = 0
    position = 0
    for i, features in line_features(page):
        line = page.lines[i]
        n_before += record["text"].count("\n", position, line.first)
        position = line.first
        label = wanted.get(n_before + 1, "unknown").replace("_", "-")
        if label in SKIP:
            continue
        yield Example(
            publisher=outlet(record["publisher"]),
            document=document,
            features=tuple(features),
            is_drop=label not in KEEP,
            weight=weight,
            n_chars=len(line.text),
            between=page.body_first < i < page.body_last,
            labelled=labelled,
        )


def choose_features(examples: list[Example]) -> dict[str, int]:
    """The features that lines of enough publishers have -> their column."""
    publishers: dict[str, set[str]] = {}
    for e in examples:
        for f in e.features:
            publishers.setdefault(f, set()).add(e.publisher)
    return {f: k for k, f in enumerate(sorted(f for f, p in publishers.items() if len(p) >= MIN_PUBLISHERS))}


def matrix_of(examples: list[Example], columns: dict[str, int]) -> csr_matrix:
    """One row per example, one column per feature."""
    indices: list[int] = []
    starts = [0]
    for e in examples:
        indices += sorted({columns[f] for f in e.features if f in columns})
        starts.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(examples), len(columns)))


def fit(examples: list[Example]) -> dict[str, float]:
    """Feature -> weight of the logistic regression with a ridge, ``bias`` among them."""
    columns = choose_features(examples)
    x = matrix_of(examples, columns)
    y = np.array([e.is_drop for e in examples], dtype=float)
    w = np.array([e.weight for e in examples])

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ beta[1:] + beta[0]
        p = 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))
        value = float(np.sum(w * (np.logaddexp(0.0, z) - y * z)) + 0.5 * RIDGE * beta[1:] @ beta[1:])
        error = w * (p - y)
        return value, np.concatenate([[error.sum()], x.T @ error + RIDGE * beta[1:]])

    beta = minimize(loss, np.zeros(len(columns) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {"bias": round(float(beta[0]), 4)} | {f: round(float(beta[k + 1]), 4) for f, k in columns.items() if abs(beta[k + 1]) >= 0.005}


def chances(examples: list[Example], weights: dict[str, float]) -> np.ndarray:
    """Chance of being boilerplate, per example."""
    z = np.array([weights["bias"] + sum(weights.get(f, 0.0) for f in e.features) for e in examples])
    return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))


def fold_of(publisher: str) -> int:
    """The fold of a publisher; all its documents are in one."""
    return zlib.crc32(publisher.encode()) % N_FOLDS


def cross_validate(examples: list[Example]) -> np.ndarray:
    """Chances from models that have seen no line of the example's publisher."""
    out = np.zeros(len(examples))
    for fold in range(N_FOLDS):
        held = [k for k, e in enumerate(examples) if fold_of(e.publisher) == fold]
        weights = fit([e for e in examples if fold_of(e.publisher) != fold])
        out[held] = chances([examples[k] for k in held], weights)
    return out


@dataclass(slots=True)
class Cleaned:
    """What became of a publisher's texts: characters of body and boilerplate, lines, and texts that lose more than 2 % of their body."""

    body: int = 0
    lost: int = 0
    rest: int = 0
    removed: int = 0
    lines: int = 0
    right: int = 0
    texts: int = 0
    damaged: int = 0

    def add(self, record: dict[str, Any], weights: dict[str, float]) -> None:
        """Cleans one labelled text with these weights of the line model; the kind model, which has seen it, stays out."""
        wanted = dict(json.loads(record["labels"]) if isinstance(record["labels"], str) else record["labels"])
        page, text = label_page(record["text"], weights=weights, by_chain=False), record["text"]
        body = lost = 0
        for i, line in enumerate(page.lines):
            label = wanted.get(text.count("\n", 0, line.first) + 1, "blank").replace("-", "_")
            if label == "blank":
                continue
            size, is_left = len(line.text), page.kind(i) in LEFT_IN
            self.lines, self.right = self.lines + 1, self.right + (page.kind(i) == label)
            if label in KEEP:
                body, lost = body + size, lost + size * (not is_left)
            elif label not in LEFT_IN:
                self.rest, self.removed = self.rest + size, self.removed + size * (not is_left)
        self.body, self.lost = self.body + body, self.lost + lost
        self.texts, self.damaged = self.texts + 1, self.damaged + (lost > 0.02 * body)


def clean_left_out(examples: list[Example], records: list[dict[str, Any]]) -> dict[str, Cleaned]:
    """Publisher -> what the whole cleaner makes of its texts with weights that have seen none of them."""
    out: dict[str, Cleaned] = {}
    for fold in range(N_FOLDS):
        fitted = fit([e for e in examples if fold_of(e.publisher) != fold])
        for record in records:
            publisher = outlet(record["publisher"])
            if fold_of(publisher) == fold:
                out.setdefault(publisher, Cleaned()).add(record, fitted)
    return out


def report_whole(name: str, by_publisher: dict[str, Cleaned]) -> None:
    """Prints the sums and, for the shares of publishers, their lowest, quarter, middle and highest."""
    total = {f: sum(getattr(c, f) for c in by_publisher.values()) for f in Cleaned.__slots__}
    print(
        f"{name}: {len(by_publisher)} publishers; body kept {1 - total['lost'] / total['body']:.4f}, boilerplate removed "
        f"{total['removed'] / max(total['rest'], 1):.3f}, lines of the right kind {total['right'] / total['lines']:.3f}, "
        f"{total['damaged']} of {total['texts']} texts lose more than 2 % of their body"
    )
    for what, shares in {
        "body kept": [1 - c.lost / c.body for c in by_publisher.values() if c.body],
        "boilerplate removed": [c.removed / c.rest for c in by_publisher.values() if c.rest],
        "lines of the right kind": [c.right / c.lines for c in by_publisher.values() if c.lines],
    }.items():
        at = np.percentile(shares, (0, 25, 50, 100))
        print(f"  {what} by publisher: lowest {at[0]:.3f}, a quarter below {at[1]:.3f}, half below {at[2]:.3f}, highest {at[3]:.3f}")


def report(examples: list[Example], p: np.ndarray) -> None:
    """Prints body lost and boilerplate removed among the open lines, by threshold, for the lines labelled by reading and the weak ones."""
    for labelled in (True, False):
        rows = [k for k, e in enumerate(examples) if e.labelled == labelled]
        for between in (False, True):
            part = [k for k in rows if examples[k].between == between]
            kept = sum(examples[k].n_chars for k in part if not examples[k].is_drop)
            drop = sum(examples[k].n_chars for k in part if examples[k].is_drop)
            for at in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97):
                gone = [k for k in part if p[k] >= at]
                lost = sum(examples[k].n_chars for k in gone if not examples[k].is_drop)
                took = sum(examples[k].n_chars for k in gone if examples[k].is_drop)
                print(
                    f"{'read' if labelled else 'weak'} {'between' if between else 'edge   '} at {at:.2f}: "
                    f"body lost {lost:6d} of {kept}, boilerplate removed {took / max(drop, 1):.3f} of {drop}"
                )


def main() -> None:
    """Reads, cross-validates, reports, and writes if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--weak", type=Path, required=True)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    examples: list[Example] = []
    weak, labelled = list(read_records(args.weak)), list(read_records(args.labelled))
    read = labelled_by_reading(weak)
    renderings = Counter(outlet(r["publisher"]) for r in weak)
    for n, record in enumerate([*labelled, *read]):
        examples += examples_of(record, n, LABELLED_WEIGHT, labelled=True)
    for n, record in enumerate(weak):
        # An outlet with many renderings of the same articles must not outvote the others.
        weight = min(1.0, 4.0 / renderings[outlet(record["publisher"])])
        examples += examples_of(record, 10_000 + n, weight, labelled=False)
    if args.whole:
        report_whole("labelled file", clean_left_out(examples, labelled))
        report_whole("read records of the weak file", clean_left_out(examples, read))
    else:
        report(examples, cross_validate(examples))
    if args.write:
        weights = fit(examples)
        content = {"made_by": "benchmarks/train_line_model.py", "weights": dict(sorted(weights.items()))}
        text = json.dumps(content, ensure_ascii=False, indent=0)
        (FOLDER / "line_model.json").write_text(text + "\n", "utf-8")
        print(f"{len(weights)} weights written")


if __name__ == "__main__":
    main()
