"""Measures event rules on labelled sentences, or prints what they find in running news for a reader to judge.

    python benchmarks/measure_events.py labels GOLD.jsonl[.gz] PREDICTED.jsonl [--parity even|odd] [--errors]
    python benchmarks/measure_events.py spans GOLD.jsonl[.gz] PREDICTED.jsonl [--errors]
    python -m benchmarks.measure_events acts tests/labelled_events/events.jsonl [--parity even|odd] [--errors]
    python benchmarks/measure_events.py read NEWS.jsonl[.gz] [--documents N] [--sample N] [--seed N]
    python benchmarks/measure_events.py speed NEWS.jsonl[.gz] [--documents N]

``labels``: GOLD has ``id``, ``marked`` (a sentence with <s>source</s> and <t>target</t>) and ``label``; CONCEDE and RETREAT are both
YIELD there. The label of a sentence is the type of the event whose parties match the marked ones best. ``spans``: GOLD has ``id``,
``text`` and the spans of source and target of the main event. PREDICTED is what a scorer compares with GOLD. ``acts``: GOLD has
``id``, ``text`` and ``events``; an event is found where one of its type has an overlapping trigger; a party agrees where
one text holds the other; optional events need not be found and are not extra. ``read`` prints rows
with their sentences; ``speed`` prints the time of the event rules as a share of the parsing.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.support import news_doc
from transforms.extraction.event_parse import mended
from transforms.extraction.event_patterns import load_lexicon
from transforms.extraction.event_roles import Names
from transforms.extraction.events import find_events, told_acts
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quotes import find_quotes
from transforms.extraction.times import find_times
from transforms.language import NewsDoc
from warehouse.schema import Row

Spans = list[tuple[int, int]]
YIELDING = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
MARK = re.compile(r"</?[st]>")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, packed or not."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read(text: str) -> tuple[NewsDoc, list[Row], list[Row]]:
    """A text with everything that extraction finds before events, its events and their roles."""
    news = news_doc(text)
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    quotes, spans = find_quotes(news)
    news.quotes.extend(quotes)
    news.quote_spans.extend(spans)
    return news, *find_events(news)


def unmark(marked: str) -> tuple[str, Spans, Spans]:
    """The sentence without marks, and the spans of source and target in it."""
    text, spans, start, position = "", {"s": [], "t": []}, {}, 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        kind = match.group()[-2]
        if match.group()[1] == "/":
            spans[kind].append((start[kind], len(text)))
        else:
            start[kind] = len(text)
    return text + marked[position:], spans["s"], spans["t"]


def overlap(a: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(a[0] < e and s < a[1] for s, e in others)


def parties(event: Row, roles: Sequence[Row]) -> tuple[Spans, Spans]:
    """Spans of sources and targets: of two equal actors the first is the source, the others are targets."""
    own = [r for r in roles if r["event_id"] == event["event_id"]]
    actors = [(r["start_char"], r["end_char"]) for r in own if r["role"] == "actor"] or [
        (r["start_char"], r["end_char"]) for r in own if r["role"] == "instrument"
    ]
    targets = [(r["start_char"], r["end_char"]) for r in own if r["role"] == "recipient"]
    if not targets and len(actors) > 1:
        return actors[:1], actors[1:]
    return actors, targets


def best_event(events: Sequence[Row], roles: Sequence[Row], source: Spans, target: Spans) -> Row | None:
    """The event whose parties are the marked ones; then one that names either, then the first between or near them."""

    def rank(event: Row) -> tuple[int, int, int]:
        actors, targets = parties(event, roles)
        places = [(r["start_char"], r["end_char"]) for r in roles if r["event_id"] == event["event_id"] and r["role"] == "place"]
        value = 3 * any(overlap(a, source) for a in actors) + 2 * any(overlap(t, target) for t in targets)
        value += (
            any(overlap(a, target) for a in actors) + any(overlap(t, source) for t in targets) + any(overlap(p, target) for p in places)
        )
        inside = overlap((event["start_char"], event["end_char"]), source) and overlap((event["start_char"], event["end_char"]), target)
        return value, int(inside), -event["trigger_start_char"]

    return max(events, key=rank, default=None)


def nearest_act(news: NewsDoc, source: Spans, target: Spans) -> str | None:
    """Type of the act told nearest to the known pair, where no event has both its parties found: the pair is given, so it may count."""
    places = [p for start, end in (*source, *target) for p in (start, end)]
    news = mended(news, load_lexicon())
    names = Names.of(news)
    acts = [(min(abs(news.starts[d.frame.trigger.i] - p) for p in places), d) for sent in news.doc.sents for d in told_acts(sent, names)]
    return min(acts, key=lambda a: a[0])[1].event_type if acts and places else None


def predict_label(record: dict[str, Any]) -> tuple[str | None, list[Row], list[Row]]:
    text, source, target = unmark(record["marked"])
    news, events, roles = read(text)
    event = best_event(events, roles, source, target)
    kind = event["event_type"] if event else nearest_act(news, source, target)
    return (YIELDING.get(kind, kind) if kind else None), events, roles


def predict_spans(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Source and target of the event that says most: both parties, then the earliest."""
    _, events, roles = read(record["text"])
    if not events:
        return []

    def rank(event: Row) -> tuple[int, int]:
        actors, targets = parties(event, roles)
        return 2 * bool(actors and targets) + bool(actors), -event["trigger_start_char"]

    actors, targets = parties(max(events, key=rank), roles)
    return [{"type": k, "start": s, "end": e} for k, spans in (("source", actors[:1]), ("target", targets[:1])) for s, e in spans]


def brief(event: Row, roles: Sequence[Row]) -> str:
    own = "; ".join(f"{r['role']}={r['text']}" for r in roles if r["event_id"] == event["event_id"])
    return f"{event['event_type']} {event['modes']} {event['status']} {event['rule_id']} | {own}"


def measure_labels(gold: Path, out: Path, *, parity: str, errors: bool) -> None:
    confusion: Counter[tuple[str, str | None]] = Counter()
    with out.open("w", encoding="utf-8") as lines:
        for record in read_lines(gold):
            number = int(record["id"].rsplit("-", 1)[-1])
            if parity and number % 2 != (parity == "odd"):
                continue
            label, events, roles = predict_label(record)
            confusion[record["label"], label] += 1
            lines.write(json.dumps({"id": record["id"], "label": label}) + "\n")
            if errors and label != record["label"]:
                print(record["label"], "->", label, "|", record["id"], record["marked"])
                for event in events:
                    print("      ", brief(event, roles))
    print_scores(confusion)


def print_scores(confusion: Counter[tuple[str, str | None]]) -> None:
    """Accuracy, macro-F1 over the labels of the gold, and each label."""
    labels = sorted({g for g, _ in confusion})
    scores = []
    for label in labels:
        right = confusion[label, label]
        found = sum(n for (_, p), n in confusion.items() if p == label)
        wanted = sum(n for (g, _), n in confusion.items() if g == label)
        scores.append(2 * right / (found + wanted) if found + wanted else 0.0)
        wrong = ", ".join(f"{p} {n}" for (g, p), n in confusion.most_common() if g == label and p != label)
        print(f"{label:10} P {right / max(1, found):.3f} R {right / max(1, wanted):.3f} F1 {scores[-1]:.3f} n {wanted}  not: {wrong}")
    total = sum(confusion.values())
    print(f"n {total} accuracy {sum(confusion[x, x] for x in labels) / total:.4f} macro-F1 {sum(scores) / len(scores):.4f}")


def measure_spans(gold: Path, out: Path, *, errors: bool) -> None:
    with out.open("w", encoding="utf-8") as lines:
        for record in read_lines(gold):
            spans = predict_spans(record)
            lines.write(json.dumps({"id": record["id"], "spans": spans}) + "\n")
            if errors and len(spans) < len(record["spans"]):
                print(record["id"], record["text"], [record["text"][s["start"] : s["end"]] for s in record["spans"]])


def measure_acts(gold: Path, *, parity: str, errors: bool) -> float:
    """Recall and precision over all acts of a sentence, then how often actor and recipient of the found ones agree; F1 of the acts."""
    found, wanted, extra, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for record in read_lines(gold):
        if parity and int(record["id"]) % 2 != (parity == "odd"):
            continue
        _, events, roles = read(record["text"])
        left, missed = list(events), []
        for act in sorted(record["events"], key=lambda e: e["optional"]):
            span = (act["start"], act["start"] + len(act["trigger"]))
            row = next((e for e in left if e["event_type"] == act["type"] and overlap(span, [trigger_of(e)])), None)
            if row is not None:
                left.remove(row)
            if act["optional"]:
                continue
            wanted[act["type"]] += 1
            if row is None:
                missed.append(act)
                continue
            found[act["type"]] += 1
            for role in ("actor", "recipient"):
                told = [r["text"] for r in roles if r["event_id"] == row["event_id"] and (r["role"] == role or r["role"] == "actor")]
                right[f"{role} wanted"] += bool(act[role])
                right[role] += bool(act[role]) and any(t in act[role] or act[role] in t for t in told)
        for event in left:
            extra[event["event_type"]] += 1
        if errors and (missed or left):
            print("\n#", record["id"], record["text"])
            for act in missed:
                print(f"    missed {act['type']} [{act['trigger']}] {act['actor']} -> {act['recipient']}")
            for event in left:
                print(f"    extra [{slice_of(record['text'], trigger_of(event))}]", brief(event, roles))
    for kind in sorted(wanted):
        print(f"{kind:10} R {found[kind]}/{wanted[kind]} {found[kind] / wanted[kind]:.3f}  extra {extra[kind]}")
    n_found, n_wanted, n_extra = found.total(), wanted.total(), extra.total()
    print(f"acts R {n_found / n_wanted:.3f} ({n_found} of {n_wanted}), P {n_found / (n_found + n_extra):.3f} ({n_extra} extra)")
    for role in ("actor", "recipient"):
        print(f"{role} of found acts {right[role] / right[f'{role} wanted']:.3f} ({right[role]} of {right[f'{role} wanted']})")
    return 2 * n_found / (n_wanted + n_found + n_extra)


def trigger_of(event: Row) -> tuple[int, int]:
    return event["trigger_start_char"], event["trigger_end_char"]


def slice_of(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def print_rows(path: Path, *, documents: int, sample: int, seed: int) -> None:
    """A random sample of rows with their sentences."""
    chosen = random.Random(seed).sample(list(read_lines(path)), documents)
    found: list[str] = []
    n_sentences = 0
    for record in chosen:
        news, events, roles = read(record["text"])
        n_sentences += len(news.sentences)
        sentences = {s["sentence_id"]: s["text"] for s in news.sentences}
        for event in events:
            trigger = news.text[event["trigger_start_char"] : event["trigger_end_char"]]
            counts = {k: event[k] for k in ("dead", "injured", "size") if event[k] is not None}
            found.append(f"{sentences[event['sentence_id']]}\n      [{trigger}] {brief(event, roles)} {counts or ''}")
    print(f"{len(chosen)} documents, {n_sentences} sentences, {len(found)} events")
    for n, line in enumerate(random.Random(seed).sample(found, min(sample, len(found)))):
        print(n, line)


def print_speed(path: Path, *, documents: int) -> None:
    parsing = events = 0.0
    for n, record in enumerate(read_lines(path)):
        if n >= documents:
            break
        start = time.perf_counter()
        news = news_doc(record["text"])
        middle = time.perf_counter()
        news.mentions.extend(find_mentions(news))
        news.times.extend(find_times(news))
        before = time.perf_counter()
        find_events(news)
        parsing, events = parsing + middle - start, events + time.perf_counter() - before
    print(f"parsing {parsing:.2f} s, events {events:.2f} s, {events / parsing:.3f} of it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("labels", "spans", "acts", "read", "speed"))
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=Path("/dev/null"))
    parser.add_argument("--parity", choices=("even", "odd"), default="")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--floor", type=float, default=0.0, help="of acts: end with 3 if F1 is below")
    parser.add_argument("--documents", type=int, default=30)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.task == "labels":
        measure_labels(args.gold, args.out, parity=args.parity, errors=args.errors)
    elif args.task == "spans":
        measure_spans(args.gold, args.out, errors=args.errors)
    elif args.task == "acts":
        sys.exit(3 if measure_acts(args.gold, parity=args.parity, errors=args.errors) < args.floor else 0)
    elif args.task == "read":
        print_rows(args.gold, documents=args.documents, sample=args.sample, seed=args.seed)
    else:
        print_speed(args.gold, documents=args.documents)


if __name__ == "__main__":
    main()
