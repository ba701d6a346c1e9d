"""dateline validate and rejects: does all that is made hold what is expected of it, and what was set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.call import Call, opened
from flows.errors import BadSetting, BelowExpectation, NoWarehouse
from flows.show import count_of, on_terminal, print_json, print_rows, print_wrapped

if TYPE_CHECKING:
    import pyarrow as pa

    from warehouse.lake import Home, Manifest

Row = dict[str, Any]


def validate(call: Call, *, as_json: bool, only_path: bool) -> None:
    """Judges every part of the lake and the warehouse again and changes nothing.

    Raises:
        NoWarehouse: nothing is made yet.
        BelowExpectation: a critical expectation does not hold.
    """
    if only_path:
        _print_report_path(call)
        return
    groups = check_all(call)
    failed = [g for g in groups if g["parts_failed"]]
    if as_json:
        print_json({"n_expectations": len(groups), "n_failed": len(failed), "failed": [_told(g) for g in failed]})
    else:
        _print_checked(groups, failed)
    stop_if_critical(call, failed)


def check_all(call: Call) -> list[Row]:
    """What is expected of all that is made, one row per stage, table and expectation with the parts and rows that fail.

    Raises:
        NoWarehouse: nothing is made yet.
    """
    from flows.report import summarise

    home = call.settings.at_home()
    if not (home.lake / "_parts").is_dir():
        raise NoWarehouse(f"nothing is made in {home.path} yet", hint=f"make it: {call.typed('run PATH')}")
    return summarise([*_check_parts(home), *_check_raw(home), *_check_warehouse(call)])


def stop_if_critical(call: Call, failed: list[Row]) -> None:
    """Passes if no critical expectation is among those that failed.

    Raises:
        BelowExpectation: one is.
    """
    n_critical = sum(g["severity"] == "critical" for g in failed)
    if n_critical:
        raise BelowExpectation(
            f"{count_of(n_critical, 'critical expectation')} did not hold",
            hint=f"lake and warehouse can be made anew from raw: remove {call.settings.at_home().lake}, then {call.typed('run')}",
        )


def _print_report_path(call: Call) -> None:
    path = call.settings.at_home().reports / "latest.html"
    if not path.exists():
        raise NoWarehouse(f"there is no report in {path.parent}", hint=f"a run writes it: {call.typed('run PATH')}")
    print(path)


def _told(group: Row) -> Row:
    names = ("stage", "table_name", "expectation", "severity", "n_parts", "parts_failed", "n_checked", "n_failed", "detail")
    return {n: group[n] for n in names}


def _print_checked(groups: list[Row], failed: list[Row]) -> None:
    by_stage = Counter(g["stage"] for g in groups)
    bad = Counter(g["stage"] for g in failed)
    parts = {s: max(g["n_parts"] for g in groups if g["stage"] == s) for s in by_stage}
    print_rows(("stage", "parts", "expectations", "failed"), [(s, parts[s], n, bad[s]) for s, n in by_stage.items()])
    if not failed:
        print("\nall expectations hold")
        return
    print()
    columns = ("stage", "table", "expectation", "severity", "rows", "why it is expected")
    rows = [(g["stage"], g["table_name"], g["expectation"], g["severity"], _rows_failed(g), g["detail"]) for g in failed]
    print_wrapped(columns, rows, ruled=True)


def _rows_failed(group: Row) -> str:
    return f"{group['n_failed'] or '?'} of {group['n_checked']}" if group["n_checked"] else f"{group['n_failed'] or ''}"


def _result(stage: str, table: str, expectation: str, *, n_checked: int, n_failed: int, detail: str, severity: str = "critical") -> Row:
    return {
        "stage": stage, "table_name": table, "expectation": expectation, "severity": severity, "success": not n_failed,
        "n_checked": n_checked, "n_failed": n_failed, "detail": detail,
    }  # fmt: skip


# --- the lake -------------------------------------------------------------------------------------------------


def _check_parts(home: Home) -> Iterator[Row]:
    """Every part that is made, through the gate of its stage; a part whose files cannot be read is one failure."""
    from warehouse.lake import read_manifests
    from warehouse.schema import STAGES

    jobs = [(stage, manifest) for stage in STAGES for manifest in read_manifests(home, stage).values()]
    broken: dict[str, list[str]] = {}
    for stage, manifest in _watched(jobs):
        try:
            yield from _check_part(home, stage, manifest)
        except (OSError, ValueError, KeyError) as exc:  # pyarrow's errors are OSError or ValueError
            broken.setdefault(stage, []).append(f"{manifest.key}: {str(exc).splitlines()[0]}")
    for stage in STAGES:
        n = sum(s == stage for s, _ in jobs)
        if n:
            bad = broken.get(stage, [])
            detail = "; ".join(bad[:3]) or "The files that a manifest names can be read and have the rows that it says."
            yield _result(stage, "parts", "parts_can_be_read", n_checked=n, n_failed=len(bad), detail=detail)


def _watched(jobs: list[tuple[str, Manifest]]) -> Iterator[tuple[str, Manifest]]:
    if not on_terminal():
        yield from jobs
        return
    from rich.progress import track

    yield from track(jobs, description="checking parts", transient=True)


def _check_part(home: Home, stage: str, manifest: Manifest) -> list[Row]:
    from expectations.run import check_stage
    from warehouse.lake import read_part
    from warehouse.schema import STAGES

    tables = {t.name: read_part(home, t.name, manifest.key) for t in STAGES[stage]}
    wrong = {name: table.num_rows for name, table in tables.items() if table.num_rows != manifest.rows.get(name, table.num_rows)}
    if wrong:
        raise ValueError(f"rows are not those that the manifest says: {wrong}")
    account = (manifest.n_in, manifest.n_out, manifest.n_rejected)
    return check_stage(stage, tables, context=_context(home, stage, manifest), account=account).results


def _context(home: Home, stage: str, manifest: Manifest) -> dict[str, pa.Table]:
    """What the gate of a stage saw of the stages before."""
    from warehouse.lake import read_part, read_stage
    from warehouse.schema import STAGES

    if stage == "extract":
        return {t.name: read_part(home, t.name, manifest.made_from[0]) for t in STAGES["clean"]}
    if stage == "link":
        made_from = dict(zip(("clean", "extract"), manifest.made_from, strict=True))
        return {t.name: read_stage(home, t.name, keys) for s, keys in made_from.items() for t in STAGES[s]}
    return {}


def _check_raw(home: Home) -> Iterator[Row]:
    """The stored bytes of every arrival are there and unchanged."""
    from warehouse.lake import file_sha256, read_run_table

    hashes = sorted(set(read_run_table(home, "landings").column("object_sha256").to_pylist()))
    bad = [h for h in hashes if not home.raw_object(h).exists() or file_sha256(home.raw_object(h)) != h]
    detail = f"gone or changed: {', '.join(bad[:3])}" if bad else "Every row can be proved only as long as its file lies untouched in raw/."
    yield _result("land", "raw", "stored_bytes_are_unchanged", n_checked=len(hashes), n_failed=len(bad), detail=detail)


# --- the warehouse --------------------------------------------------------------------------------------------


def _check_warehouse(call: Call) -> Iterator[Row]:
    """The published file: it can be opened, holds the rows of the lake, every span is its text, and its own expectations hold."""
    from expectations.load import CHECKS, check_warehouse

    home = call.settings.at_home()
    if not home.warehouse.exists():
        detail = f"Make it: {call.typed('load')}"
        yield _result("load", "warehouse", "warehouse_is_published", n_checked=1, n_failed=1, severity="warning", detail=detail)
        return
    with opened(call) as con:
        yield from _check_rows(home, con)
        try:
            yield from check_warehouse(con)
        except ValueError as exc:  # it tells the first failures only
            n = len(CHECKS)
            yield _result("load", "warehouse", "expectations_of_load", n_checked=n, n_failed=1, detail=str(exc))


def _check_rows(home: Home, con: Any) -> Iterator[Row]:
    from warehouse.lake import read_manifests
    from warehouse.schema import STAGES, WAREHOUSE_TABLES

    left_out = dict(con.execute("select key, value::bigint from warehouse_info where key like 'rows_left_out_%'").fetchall())
    for stage, tables in STAGES.items():
        made = read_manifests(home, stage).values()
        for table in (t for t in tables if t in WAREHOUSE_TABLES):
            n_lake = sum(m.rows.get(table.name, 0) for m in made) - left_out.get(f"rows_left_out_{table.name}", 0)
            n = con.execute(f'select count(*) from "{table.name}"').fetchall()[0][0]
            detail = f"The lake has {n_lake:,} rows that no correction rejects. If it is ahead of the warehouse: dateline load"
            yield _result(
                "load", table.name, "rows_are_those_of_the_lake", n_checked=n, n_failed=abs(n - n_lake), severity="warning", detail=detail
            )
    for table in (t for t in WAREHOUSE_TABLES if {"document_id", "start_char", "end_char", "text"}.issubset(t.columns)):
        n, n_bad = con.execute(
            f"select count(*), count(*) filter (substring(d.text, t.start_char + 1, t.end_char - t.start_char) is distinct from t.text) "
            f'from "{table.name}" t join documents d on d.document_id = t.document_id'
        ).fetchall()[0]
        yield _result(
            "load", table.name, "text_is_its_span", n_checked=n, n_failed=n_bad, detail="text[start_char:end_char] is the stored text."
        )


# --- rejects --------------------------------------------------------------------------------------------------


def files_of(home: Home) -> dict[str, Row]:
    """Document -> its first arrival."""
    from warehouse.lake import read_run_table

    out: dict[str, Row] = {}
    for row in read_run_table(home, "landings").sort_by([("landed_at", "ascending"), ("source_uri", "ascending")]).to_pylist():
        out.setdefault(row["document_id"], row)
    return out


def list_rejects(call: Call, *, stage: str | None, as_json: bool) -> None:
    """What was set aside, where it came from and why."""
    from warehouse.lake import read_run_table
    from warehouse.schema import STAGES

    if stage is not None and stage not in (*STAGES, "load"):
        raise BadSetting(f'--stage cannot be "{stage}"', hint=f"give one of: {', '.join((*STAGES, 'load'))}")
    home = call.settings.at_home()
    if not home.runs.is_dir():
        raise NoWarehouse(f"nothing was run in {home.path} yet", hint=f"run: {call.typed('run PATH')}")
    order = {name: i for i, name in enumerate((*STAGES, "load"))}
    files = files_of(home)
    found = [with_file(r, files) for r in read_run_table(home, "rejects").to_pylist() if stage in (None, r["stage"])]
    found.sort(key=lambda r: (order[r["stage"]], r["source_uri"] or "", r["source_record"] or "", r["reject_id"]))
    if as_json:
        print_json(found)
        return
    if not found:
        print("nothing was set aside" + (f" in stage {stage}" if stage else ""))
        return
    _print_rejects(call, found)


def with_file(reject: Row, files: dict[str, Row]) -> Row:
    """The reject with the file that its document came from: after land only the document is known."""
    arrival = files.get(reject["document_id"] or "", {})
    names = ("source_uri", "source_record", "object_sha256")
    return reject | {n: reject[n] or arrival.get(n) for n in names}


def _print_rejects(call: Call, found: list[Row]) -> None:
    from flows.commands_proof import name_of
    from flows.commands_why import cut

    rows = [
        (r["stage"], name_of(r["source_uri"]) if r["source_uri"] else None, r["source_record"], r["reason_code"],
         cut(r["reason"], 70), cut(r["detail"], 70))
        for r in found
    ]  # fmt: skip
    print_rows(("stage", "file", "record", "code", "reason", "detail"), rows)
    counts = Counter(r["reason_code"] for r in found)
    print(f"\n{count_of(len(found), 'row')} set aside: {', '.join(f'{n} {code}' for code, n in sorted(counts.items()))}")
    print(f"where one lies and why: {call.typed('why ' + found[0]['reject_id'])}")
