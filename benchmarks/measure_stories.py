"""Measures whether articles on one happening are put into one story, and articles on like ones are kept apart.

python -m benchmarks.measure_stories [FILE] [--words-only] [--save PRED.jsonl]

FILE is JSON Lines (perhaps .gz) of {id, title, text, cluster}; without it DATELINE_BENCH_DATA/ecb_docs_dev.jsonl.gz.
Prints B-cubed and pairwise precision, recall and F1 at the threshold in use. As the threshold was chosen by looking at
such data, it also prints what a threshold chosen on one half of the topics reaches on the other half, and the reverse.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from transforms.extraction import extract_document
from transforms.language import load_pipeline, read_documents
from transforms.linking.clusters import Term, cluster_texts
from transforms.linking.corpus import Corpus
from transforms.linking.entities import link_entities
from transforms.linking.events import Events
from transforms.linking.mentions import Mentions
from transforms.linking.stories import story_terms
from transforms.rules import load_rules
from warehouse.schema import TABLES, Row

THRESHOLDS = [round(0.14 + 0.01 * n, 2) for n in range(17)]
EXTRACTED = ("mentions", "events", "event_roles")


def read_records(path: Path) -> list[dict[str, str]]:
    """The records of the file, sorted by id."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return sorted((json.loads(line) for line in raw.decode("utf-8").splitlines()), key=lambda r: str(r["id"]))


def read_terms(records: Sequence[dict[str, str]]) -> list[list[Term]]:
    """Entities and events of each article, by the whole extraction."""
    rows: dict[str, list[Row]] = {name: [] for name in EXTRACTED}
    documents, segments = [], []
    for record in records:
        document, own = _cleaned(record)
        documents.append(document)
        segments.append(own)
    for news in read_documents(load_pipeline(), [(d, s, []) for d, s in zip(documents, segments, strict=True)]):
        found = extract_document(news)
        for name in EXTRACTED:
            rows[name] += found[name]
    tables: dict[str, pa.Table] = {name: TABLES[name].conform(own) for name, own in rows.items()}
    tables["documents"] = TABLES["documents"].conform(documents)
    tables["segments"] = TABLES["segments"].conform([row for own in segments for row in own])
    tables["entries"] = TABLES["entries"].empty()
    corpus = Corpus(tables)
    mentions = Mentions(corpus, tables["mentions"])
    entities = link_entities(corpus, mentions)
    events = Events(corpus, mentions, entities, tables["events"], tables["event_roles"])
    return list(story_terms(corpus.tellers, mentions, entities, events))


def _cleaned(record: dict[str, str]) -> tuple[Row, list[Row]]:
    """The record as a document of two body segments."""
    text = article(record)
    document: Row = {"document_id": str(record["id"]), "text": text, "media_type": "text/plain", "language": "en", "authors": []}
    document |= {
        "raw_sha256": "-",
        "text_sha256": "-",
        "published_basis": "none",
        "n_chars": len(text),
        "n_body_chars": len(text),
        "maker_version": "-",
    }
    cuts = [0, text.index("\n") + 1, len(text)]
    segments: list[Row] = [
        {
            "segment_id": f"{record['id']}/{n}",
            "document_id": str(record["id"]),
            "entry_id": None,
            "position": n,
            "start_char": start,
            "end_char": end,
            "kind": "body",
            "rule_id": "-",
            "confidence": 1.0,
        }
        for n, (start, end) in enumerate(pairwise(cuts))
    ]
    return document, segments


def article(record: dict[str, str]) -> str:
    """Title and text."""
    return f"{record['title']}\n{record['text']}"


def cluster(records: Sequence[dict[str, str]], terms: Sequence[Sequence[Term]], threshold: float) -> list[int]:
    """The number of each record's story at this threshold."""
    rules: dict[str, Any] = load_rules("linking")
    with patch.dict(rules["stories"], threshold=threshold):
        groups = cluster_texts(map(article, records), terms, [None] * len(records))
    number = {place: n for n, group in enumerate(groups) for place in group}
    return [number[i] for i in range(len(records))]


def pairwise_scores(gold: Sequence[str], found: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of articles."""
    together = _n_pairs(Counter(zip(gold, found, strict=True)))
    precision = together / max(1, _n_pairs(Counter(found)))
    recall = together / max(1, _n_pairs(Counter(gold)))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _n_pairs(sizes: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


def bcubed_scores(gold: Sequence[str], found: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and F1, averaged over articles."""
    both, by_gold, by_found = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    precision = sum(n * n / by_found[f] for (_, f), n in both.items()) / len(gold)
    recall = sum(n * n / by_gold[g] for (g, _), n in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def left_out(records: Sequence[dict[str, str]], terms: Sequence[Sequence[Term]]) -> Iterator[tuple[float, float]]:
    """For each half of the topics: the threshold that is best on the other half, and the pairwise F1 that it reaches here."""
    topics = sorted({r["topic"] for r in records}, key=lambda t: (len(t), t))
    half = set(topics[::2])
    parts = [[i for i, r in enumerate(records) if (r["topic"] in half) is side] for side in (True, False)]
    for chosen_on, scored_on in (parts, parts[::-1]):
        scores = {t: _f1(records, terms, chosen_on, t) for t in THRESHOLDS}
        best = max(THRESHOLDS, key=lambda t: (scores[t], -t))
        yield best, _f1(records, terms, scored_on, best)


def _f1(records: Sequence[dict[str, str]], terms: Sequence[Sequence[Term]], places: list[int], threshold: float) -> float:
    part = [records[i] for i in places]
    return pairwise_scores([r["cluster"] for r in part], cluster(part, [terms[i] for i in places], threshold))[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the measurement; says so and does nothing where there are no data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ.get("DATELINE_BENCH_DATA", "")) / "ecb_docs_dev.jsonl.gz"
    parser.add_argument("file", type=Path, nargs="?", default=default)
    parser.add_argument("--words-only", action="store_true", help="leave entities and events out; much faster")
    parser.add_argument("--save", type=Path, help="write {id, cluster} per article to this file")
    options = parser.parse_args(argv)
    if not options.file.is_file():
        print("skipped: no data")
        return 0
    records = read_records(options.file)
    terms = [[] for _ in records] if options.words_only else read_terms(records)
    gold = [r["cluster"] for r in records]
    found = cluster(records, terms, float(load_rules("linking")["stories"]["threshold"]))
    print(f"articles {len(records)}  happenings {len(set(gold))}  stories {len(set(found))}")
    print("B-cubed   P {:.3f}  R {:.3f}  F1 {:.3f}".format(*bcubed_scores(gold, found)))
    print("pairwise  P {:.3f}  R {:.3f}  F1 {:.3f}".format(*pairwise_scores(gold, found)))
    if all("topic" in r for r in records):
        for threshold, f1 in left_out(records, terms):
            print(f"threshold {threshold:.2f} chosen on the other half of the topics: pairwise F1 {f1:.3f}")
    if options.save:
        lines = (json.dumps({"id": r["id"], "cluster": str(n)}) + "\n" for r, n in zip(records, found, strict=True))
        options.save.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
