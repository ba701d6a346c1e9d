"""What a stage of a run must satisfy as a whole: it took in what the stage before gave, and it looks like the runs before it.

No number here says what news looks like. A stage's measures (shares, rates, means, each with its standard error) are kept
as one row of ``expectation_results`` per run and stage; a run is compared with the runs before it, and what differs by
more than their spread and the chance of sampling explain is told as a warning. Drift never changes a row.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import pyarrow as pa

from expectations.checks import Check
from expectations.run import Verdict, validate_frames
from warehouse.lake import Home, Manifest, read_manifests, read_run_table, read_stage
from warehouse.schema import CONTENT_STAGES, Row

KEPT = "measures_are_kept"
HISTORY = 20
"""Runs that a run is compared with, the last ones."""
ENOUGH_RUNS = 3
ENOUGH_UNITS = 20
"""Fewer new documents (in land: records) than this say nothing about a stage."""
SIGMAS = 4.0

Ratio = tuple[float, float]
Measures = dict[str, dict[str, "Measure"]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that tells of a run: its value, standard error, and the smallest change that is worth telling."""

    value: float
    error: float
    least: float


DRIFT: dict[str, Check] = {
    c.name: c
    for c in (
        Check("volume_like_before", "stage_results", "", "Much more or much less than usual arrived.", "warning"),
        Check("rejects_like_before", "stage_results", "", "A larger or smaller share than usual was set aside.", "warning"),
        Check("fields_like_before", "stage_results", "", "Inputs give titles, dates and publishers as often as they used to.", "warning"),
        Check("years_like_before", "stage_results", "", "Publication dates lie where they used to.", "warning"),
        Check("bodies_like_before", "stage_results", "", "As much of each publisher's text is body as used to be.", "warning"),
        Check("labels_like_before", "stage_results", "", "Kinds, labels and types come as often as they used to.", "warning"),
        Check("yields_like_before", "stage_results", "", "A sentence yields as many rows as it used to.", "warning"),
    )
}
LABELS = {
    "clean": (("segments", "kind"),),
    "extract": (
        ("mentions", "label"),
        ("mentions", "mention_kind"),
        ("times", "basis"),
        ("quotes", "speaker_status"),
        ("events", "event_type"),
        ("figures", "unit"),
    ),
}
YIELDS = ("mentions", "times", "quotes", "events", "figures")


def check_run_stage(home: Home, run_id: str, stage: str) -> Verdict:
    """Judges what a stage has made in a run, once it has ended.

    Gives one critical result for the chain of stages, the measures of the run if it made anything, and, where enough runs
    came before, a result for each kind of drift. Rows have the columns of ``expectation_results`` without run_id and part_key.
    """
    ran = {r["stage"]: r for r in read_run_table(home, "stage_results").to_pylist() if r["run_id"] == run_id}
    verdict = Verdict(list(chain_results(home, stage, frozenset(ran))))
    verdict.stops.extend(f"{r['table_name']}: {r['expectation']} ({r['detail']})" for r in verdict.results if not r["success"])
    if stage not in CONTENT_STAGES or ran[stage]["n_in"] == ran[stage]["n_reused"]:
        return verdict
    keys = new_keys(home, run_id, stage)
    n_new, _ = new_counts(home, stage, keys)
    if n_new:
        measures = measure_stage(home, stage, keys)
        verdict.results.append(_kept(stage, measures, n_new=n_new))
        verdict.results.extend(check_drift(stage, measures, read_history(home, run_id, stage), n_new=n_new))
    return verdict


# --- the chain ------------------------------------------------------------------------------------------------


def chain_results(home: Home, stage: str, ran: frozenset[str]) -> Iterator[Row]:
    """Every part took in what the part before gave; where the stage before ran as well, each of its parts was taken in."""
    before = {"clean": "land", "extract": "clean", "link": "clean"}.get(stage)
    if before is None:
        return
    table = "documents_landed" if before == "land" else "documents"
    given = {key: m.rows.get(table, 0) for key, m in read_manifests(home, before).items()}
    made = list(read_manifests(home, stage).values())
    wrong = [f"part {m.key} took in {m.n_in} of {n}" for m in made if (n := _given(m, given)) != m.n_in]
    if before in ran:
        taken = {key for m in made for key in _made_from(m)}
        wrong += [f"no part was made from {key}, which has {given[key]} documents" for key in sorted(given) if key not in taken]
    yield {
        "stage": stage,
        "table_name": "parts",
        "expectation": "takes_in_what_was_given",
        "severity": "critical",
        "success": not wrong,
        "n_checked": len(made),
        "n_failed": len(wrong),
        "detail": "; ".join(wrong[:3]) or f"What {before} gave is what {stage} took in.",
    }


def _made_from(manifest: Manifest) -> Sequence[str]:
    return manifest.made_from[0] if manifest.stage == "link" else manifest.made_from


def _given(manifest: Manifest, given: Mapping[str, int]) -> int:
    return sum(given.get(key, 0) for key in _made_from(manifest))


# --- measures -------------------------------------------------------------------------------------------------


def measure_stage(home: Home, stage: str, keys: Sequence[str]) -> Measures:
    """The measures of some parts of a stage, by expectation and name."""
    n_new, n_rejected = new_counts(home, stage, keys)
    out: Measures = {"rejects_like_before": {"share": _share(n_rejected, n_new, least=0.1)}}
    if stage == "land":
        landed = read_stage(home, "documents_landed", keys, ["title", "publisher", "published_date"])
        out["volume_like_before"] = {"records (log)": Measure(math.log(n_new), 0.0, math.log(3))}
        out["fields_like_before"] = {
            c: _share(landed.num_rows - landed[c].null_count, landed.num_rows, least=0.15) for c in landed.column_names
        }
        years = [(float(d.year), 1.0) for d in landed["published_date"].to_pylist() if d is not None]
        out["years_like_before"] = {"mean year": ratio(years, least=3.0)} if len(years) >= ENOUGH_UNITS else {}
    if stage == "clean":
        out["bodies_like_before"] = dict(_body_shares(home, keys))
    if stage in LABELS:
        out["labels_like_before"] = dict(
            m for t, c in LABELS[stage] for m in _label_shares(t, c, read_stage(home, t, keys, ["document_id", c]))
        )
    if stage == "extract":
        out["yields_like_before"] = dict(_yields(home, keys))
    return out


def ratio(pairs: Iterable[Ratio], *, least: float) -> Measure:
    """Sum of the first over sum of the second, with the error that drawing other documents would bring.

    One pair per document, so that a document full of one label does not look like many observations.

    >>> ratio([(1, 2), (3, 6)], least=0.1).value
    0.5
    """
    pairs = list(pairs)
    total = sum(n for _, n in pairs)
    if not total:
        return Measure(0.0, 1.0, least)
    value = sum(x for x, _ in pairs) / total
    spread = math.sqrt(sum((x - value * n) ** 2 for x, n in pairs)) / total
    return Measure(round(value, 6), round(math.hypot(spread, 1 / len(pairs)), 6), least)


def _share(n: int, total: int, *, least: float) -> Measure:
    return ratio([(1.0, 1.0)] * n + [(0.0, 1.0)] * (total - n), least=least)


def _body_shares(home: Home, keys: Sequence[str]) -> Iterator[tuple[str, Measure]]:
    documents = read_stage(home, "documents", keys, ["publisher", "n_chars", "n_body_chars"]).to_pylist()
    by_publisher: dict[str, list[Ratio]] = defaultdict(list)
    for row in documents:
        by_publisher[row["publisher"] or "no publisher"].append((row["n_body_chars"], row["n_chars"]))
    yield "all", ratio([p for pairs in by_publisher.values() for p in pairs], least=0.1)
    for publisher, pairs in sorted(by_publisher.items()):
        if len(pairs) >= ENOUGH_UNITS // 2:
            yield publisher, ratio(pairs, least=0.15)


def _label_shares(name: str, column: str, table: pa.Table) -> Iterator[tuple[str, Measure]]:
    """The share of each value of a column among the rows."""
    counts = table.group_by(["document_id", column]).aggregate([([], "count_all")]).to_pylist()
    totals: dict[str, int] = defaultdict(int)
    of_value: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counts:
        totals[row["document_id"]] += row["count_all"]
        of_value[str(row[column])][row["document_id"]] = row["count_all"]
    for value, found in sorted(of_value.items()):
        yield f"{name}.{column} {value}", ratio([(found.get(d, 0), n) for d, n in totals.items()], least=0.1)


def _yields(home: Home, keys: Sequence[str]) -> Iterator[tuple[str, Measure]]:
    """Rows per sentence of each table."""
    sentences = _per_document(read_stage(home, "sentences", keys, ["document_id"]))
    for name in YIELDS:
        rows = _per_document(read_stage(home, name, keys, ["document_id"]))
        yield name, ratio([(rows.get(d, 0), n) for d, n in sentences.items()], least=0.05)


def _per_document(table: pa.Table) -> dict[str, int]:
    counted = table.group_by("document_id").aggregate([([], "count_all")]).to_pylist()
    return {row["document_id"]: row["count_all"] for row in counted}


def new_keys(home: Home, run_id: str, stage: str) -> list[str]:
    """Parts that this run made and that are there."""
    results = read_run_table(home, "expectation_results").select(["run_id", "stage", "part_key"]).to_pylist()
    made = {r["part_key"] for r in results if r["run_id"] == run_id and r["stage"] == stage}
    return sorted(made & read_manifests(home, stage).keys())


def new_counts(home: Home, stage: str, keys: Sequence[str]) -> tuple[int, int]:
    """Units that some parts took in, and those of them that were set aside."""
    manifests = read_manifests(home, stage)
    made = [manifests[key] for key in keys]
    return sum(m.n_in for m in made), sum(m.n_rejected for m in made)


# --- drift ----------------------------------------------------------------------------------------------------


def _kept(stage: str, measures: Measures, *, n_new: int) -> Row:
    """The measures as a row that later runs read."""
    found = {name: {k: [m.value, m.error, m.least] for k, m in group.items()} for name, group in measures.items()}
    return {
        "stage": stage,
        "table_name": "stage_results",
        "expectation": KEPT,
        "severity": "info",
        "success": True,
        "n_checked": n_new,
        "n_failed": 0,
        "detail": json.dumps(found, sort_keys=True),
    }


def read_history(home: Home, run_id: str, stage: str) -> list[Measures]:
    """The measures of the last completed runs before this one that made enough in the stage, the latest last."""
    started = {r["run_id"]: r["started_at"] for r in read_run_table(home, "runs").to_pylist() if r["status"] == "completed"}
    rows = [
        r
        for r in read_run_table(home, "expectation_results").to_pylist()
        if r["expectation"] == KEPT and r["stage"] == stage and r["run_id"] in started and r["run_id"] != run_id
    ]
    rows.sort(key=lambda r: (started[r["run_id"]], r["run_id"]))
    enough = [r for r in rows if r["n_checked"] >= ENOUGH_UNITS]
    return [_read_kept(r["detail"]) for r in enough[-HISTORY:]]


def _read_kept(detail: str) -> Measures:
    return {name: {k: Measure(*m) for k, m in group.items()} for name, group in json.loads(detail).items()}


def check_drift(stage: str, measures: Measures, history: Sequence[Measures], *, n_new: int) -> list[Row]:
    """One result per kind of drift: does the run look like those before it? Nothing where too little is known to say."""
    if len(history) < ENOUGH_RUNS or n_new < ENOUGH_UNITS:
        return []
    told = {name: list(_changes(name, measures, history)) for name in measures}
    frame = pa.table({name: [not words] for name, words in told.items()})
    verdict = validate_frames(f"{stage}-run", {"stage_results": frame}, {"stage_results": [DRIFT[name] for name in told]})
    n = {name: len(group) for name, group in measures.items()}
    return [
        {
            **row,
            "stage": stage,
            "n_checked": n[row["expectation"]],
            "n_failed": len(told[row["expectation"]]),
            "detail": "; ".join(told[row["expectation"]])[:500] or row["detail"],
        }
        for row in verdict.results
    ]


def _changes(name: str, measures: Measures, history: Sequence[Measures]) -> Iterator[str]:
    """What has changed by more than the runs before and the chance of sampling explain, in words."""
    unseen = Measure(0.0, 0.0, 0.0)
    counted = name == "labels_like_before"  # a label that does not occur has a share of nothing
    names = {k for group in (measures, *history) for k in group.get(name, ())} if counted else set(measures[name])
    for key in sorted(names):
        now = measures[name].get(key, unseen)
        before = [run[name].get(key, unseen) for run in history if name in run and (counted or key in run[name])]
        if len(before) >= ENOUGH_RUNS and _differs(now, before):
            yield f"{key}: {now.value:.3g}, before: {fmean(m.value for m in before):.3g} in {len(before)} runs"


def _differs(now: Measure, before: Sequence[Measure]) -> bool:
    values = [m.value for m in before]
    n = len(before)
    chance = now.error**2 + sum(m.error**2 for m in before) / n**2
    limit = SIGMAS * math.sqrt(stdev(values) ** 2 * (1 + 1 / n) + chance)
    least = max(m.least for m in (now, *before))
    return abs(now.value - fmean(values)) > max(limit, least)
