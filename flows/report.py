"""One page per run that a person can read offline: stages, expectations, rejects."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from warehouse.lake import Home, read_run_table
from warehouse.schema import Row

ORDER = ("land", "clean", "extract", "link", "load")
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.5rem;margin-bottom:0}h2{font-size:1.15rem;margin-top:2rem}p.sub{color:#5a6675;margin-top:.2rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e7ec;vertical-align:top}
th{font-weight:600;background:#f5f7f9}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.ok{color:#1a7f4b}.critical{color:#b3261e;font-weight:600}.warning{color:#9a6700;font-weight:600}.info{color:#3b5bdb}
details summary{cursor:pointer;padding:.3rem 0}
@media(prefers-color-scheme:dark){body{background:#14181d;color:#dde3ea}th{background:#1e242b}th,td{border-color:#2c343d}p.sub{color:#93a0ae}}
"""


def write_report(home: Home, run_id: str) -> Path:
    """Writes ``reports/<run_id>.html`` and ``reports/latest.html``; gives the path of the first."""
    run = next((r for r in read_run_table(home, "runs").to_pylist() if r["run_id"] == run_id), None)
    stages = _of_run(home, "stage_results", run_id)
    results = _of_run(home, "expectation_results", run_id)
    rejects = read_run_table(home, "rejects").to_pylist()
    before = _checked_before(home, run_id, {r["stage"] for r in results})
    page = "\n".join([*_page(run_id, run, stages, summarise(results), rejects), *_earlier(before), "</html>"])
    home.reports.mkdir(parents=True, exist_ok=True)
    path = home.reports / f"{run_id}.html"
    for target in (path, home.reports / "latest.html"):
        target.write_text(page, "utf-8")
    return path


def summarise(results: Iterable[Row]) -> list[Row]:
    """Results over parts as one row per stage, table and expectation: parts, rows looked at, rows and parts that failed."""
    groups: dict[tuple[str, str, str], Row] = {}
    for r in results:
        key = (r["stage"], r["table_name"], r["expectation"])
        g = groups.setdefault(key, {**r, "n_parts": 0, "n_checked": 0, "n_failed": 0, "parts_failed": 0})
        g["n_parts"] += 1
        g["parts_failed"] += not r["success"]
        g["n_checked"] += r["n_checked"] or 0
        g["n_failed"] += r["n_failed"] or 0
    return sorted(groups.values(), key=lambda g: (ORDER.index(g["stage"]), g["parts_failed"] == 0, g["table_name"], g["expectation"]))


def _of_run(home: Home, table: str, run_id: str) -> list[Row]:
    return [r for r in read_run_table(home, table).to_pylist() if r["run_id"] == run_id]


def _page(run_id: str, run: Row | None, stages: Sequence[Row], results: Sequence[Row], rejects: Sequence[Row]) -> Iterable[str]:
    failed = [r for r in results if r["parts_failed"]]
    status = run["status"] if run else "unknown"
    yield f"<!doctype html><html lang=en><meta charset=utf-8><title>Dateline {escape(run_id)}</title><style>{STYLE}</style>"
    started = f", started {run['started_at']:%Y-%m-%d %H:%M:%S} UTC" if run else ""
    yield f"<h1>Run {escape(run_id)}</h1><p class=sub>{escape(status)}{started} · {len(results)} expectations, {len(failed)} failed</p>"
    yield "<h2>Stages</h2>"
    yield from _table(
        ("stage", "in", "out", "rejected", "already made", "seconds"),
        [
            (s["stage"], s["n_in"], s["n_out"], s["n_rejected"], s["n_reused"], round(s["duration_s"], 2))
            for s in sorted(stages, key=lambda s: s["started_at"])
        ],
    )
    if failed:
        yield "<h2>Failed expectations</h2>"
        yield from _results(failed)
    yield "<h2>Set aside</h2>"
    counts = Counter((r["stage"], r["reason_code"], r["reason"]) for r in rejects)
    if counts:
        yield from _table(("stage", "code", "reason", "rows"), [(*key, n) for key, n in sorted(counts.items())])
    else:
        yield "<p>Nothing.</p>"
    yield "<h2>All expectations</h2>"
    if not results:
        yield "<p>Nothing was made in this run, so nothing was checked: every part was there already.</p>"
    by_stage: dict[str, list[Row]] = defaultdict(list)
    for r in results:
        by_stage[r["stage"]].append(r)
    for stage, rows in by_stage.items():
        yield f"<details{' open' if any(r['parts_failed'] for r in rows) else ''}><summary>{stage}: {len(rows)} expectations</summary>"
        yield from _results(rows)
        yield "</details>"


def _checked_before(home: Home, run_id: str, stages: set[str]) -> dict[tuple[str, str], list[Row]]:
    """(stage, run) -> results of the last run that checked a stage which this run had nothing to do in."""
    started = {r["run_id"]: r["started_at"] for r in read_run_table(home, "runs").to_pylist()}
    last: dict[str, str] = {}
    results = [r for r in read_run_table(home, "expectation_results").to_pylist() if r["stage"] not in stages and r["run_id"] in started]
    for r in results:
        if r["run_id"] != run_id and started[r["run_id"]] >= started[last.get(r["stage"], r["run_id"])]:
            last[r["stage"]] = r["run_id"]
    return {(stage, run): summarise(r for r in results if (r["stage"], r["run_id"]) == (stage, run)) for stage, run in last.items()}


def _earlier(before: dict[tuple[str, str], list[Row]]) -> Iterable[str]:
    if before:
        yield "<h2>Checked by earlier runs</h2><p>Nothing was made in these stages now; what stands was checked when it was made.</p>"
    for (stage, run_id), rows in sorted(before.items(), key=lambda b: ORDER.index(b[0][0])):
        failed = sum(bool(r["parts_failed"]) for r in rows)
        yield f"<details><summary>{stage}: {len(rows)} expectations, {failed} failed, in <a href='{escape(run_id)}.html'>{escape(run_id)}</a></summary>"
        yield from _results(rows)
        yield "</details>"


def _results(rows: Sequence[Row]) -> Iterable[str]:
    yield from _table(
        ("table", "expectation", "severity", "held", "rows", "failed", "why"),
        [
            (
                r["table_name"],
                r["expectation"],
                r["severity"],
                "yes" if not r["parts_failed"] else "no",
                r["n_checked"],
                r["n_failed"],
                r["detail"] or "",
            )
            for r in rows
        ],
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterable[str]:
    rows = list(rows)
    numeric = [bool(rows) and all(isinstance(row[i], int | float | None) for row in rows) for i in range(len(header))]
    yield "<table><tr>" + "".join(f"<th{' class=n' if n else ''}>{escape(h)}</th>" for h, n in zip(header, numeric, strict=True)) + "</tr>"
    for row in rows:
        cells = []
        for cell, is_number in zip(row, numeric, strict=True):
            mark = " class=n" if is_number else ""
            if cell in ("critical", "warning", "info") and "no" in row:
                mark = f" class={cell}"
            cells.append(f"<td{mark}>{escape('' if cell is None else str(cell))}</td>")
        yield "<tr>" + "".join(cells) + "</tr>"
    yield "</table>"
