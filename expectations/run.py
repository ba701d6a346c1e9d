"""Runs the gate of a stage: one Checkpoint over one ValidationDefinition per table.

Frames of keys, closed columns and check columns go to Great Expectations as Parquet; long texts stay out. Validation
runs with SUMMARY first; only what failed is run again for its rows (STACK: COMPLETE costs 10 times as much).
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from expectations import clean, extract, land, link
from expectations.checks import Check, reference_checks, rows_with_wrong_text, span_texts
from expectations.suites import account_expectations, check_expectations, required_columns_check, schema_columns, schema_expectations
from warehouse.schema import TABLES, Row, Table

CHECKS: dict[str, tuple[Check, ...]] = {"land": land.CHECKS, "clean": clean.CHECKS, "extract": extract.CHECKS, "link": link.CHECKS}
ACCOUNT = "stage_account"
COLUMNS = "columns_are_as_declared"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that failed a critical expectation, and the document that it belongs to (None: the stage must stop)."""

    table_name: str
    row_id: str
    document_id: str | None
    expectation: str
    notes: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate found: one result row per expectation (columns of ``expectation_results`` without run_id and part_key), and the bad rows."""

    results: list[Row]
    bad_rows: list[BadRow] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)

    @property
    def documents(self) -> dict[str, BadRow]:
        """The first reason for each document to be set aside."""
        out: dict[str, BadRow] = {}
        for bad in self.bad_rows:
            if bad.document_id is not None:
                out.setdefault(bad.document_id, bad)
        return out


def check_stage(
    stage: str,
    tables: Mapping[str, pa.Table],
    *,
    context: Mapping[str, pa.Table] | None = None,
    account: tuple[int, int, int] | None = None,
) -> Verdict:
    """Judges the tables of a stage.

    Args:
        stage: land, clean, extract or link.
        tables: the stage's tables by name; each must be there.
        context: tables of earlier stages that references and checks need.
        account: what went in, came out and was rejected, if the accounts are to be checked.
    """
    misshapen = list(_misshapen(stage, tables))
    if misshapen:
        return Verdict(misshapen, stops=[f"{row['table_name']}: {row['expectation']} ({row['detail']})" for row in misshapen])
    at_hand = {**(context or {}), **tables}
    checks = [*CHECKS[stage], *(required_columns_check(TABLES[name]) for name in tables), *reference_checks(at_hand)]
    failing = _failing_keys(checks, at_hand)
    judged = [t for t in (TABLES[name] for name in at_hand) if t.name in tables or any(c.table == t.name for c in CHECKS[stage])]
    frames: dict[str, pa.Table] = {}
    by_table: dict[str, list[Check]] = {}
    for table in judged:
        own = [c for c in checks if c.table == table.name and (table.name in tables or c in CHECKS[stage])]
        wrong = _wrong_texts(table, at_hand) if table.name in tables else None
        if wrong is not None:
            own.append(Check("text_is_its_span", table.name, "", "text[start_char:end_char] is the stored text."))
            failing[table.name, "text_is_its_span"] = set(wrong)
        frames[table.name] = _frame(table, at_hand[table.name], own, failing)
        by_table[table.name] = own
    if account is not None:
        n_in, n_out, n_rejected = account
        frames[ACCOUNT] = pa.table({"n_in": [n_in], "n_accounted": [n_out + n_rejected]})
    return validate_frames(stage, frames, by_table, schema_of=set(tables))


def _misshapen(stage: str, tables: Mapping[str, pa.Table]) -> Iterator[Row]:
    """One failed result for each table whose columns are not those that the schema declares; nothing else of it can be judged."""
    for name, table in tables.items():
        declared = {f.name: f.type for f in TABLES[name].arrow}
        found = {f.name: f.type for f in table.schema}
        wrong = sorted(c for c in declared.keys() | found.keys() if declared.get(c) != found.get(c))
        if wrong:
            yield {
                "stage": stage,
                "table_name": name,
                "expectation": COLUMNS,
                "severity": "critical",
                "success": False,
                "n_checked": len(declared),
                "n_failed": len(wrong),
                "detail": "; ".join(f"{c}: {found.get(c, 'not there')} instead of {declared.get(c, 'nothing')}" for c in wrong)[:500],
            }


def _failing_keys(checks: Sequence[Check], tables: Mapping[str, pa.Table]) -> dict[tuple[str, str], set[str]]:
    import duckdb

    out: dict[tuple[str, str], set[str]] = {}
    with duckdb.connect() as con:
        for name, rows in tables.items():
            con.register(name, rows)
        for check in checks:
            out[check.table, check.name] = {key for (key,) in con.execute(check.sql).fetchall()}
    return out


def _wrong_texts(table: Table, tables: Mapping[str, pa.Table]) -> list[str] | None:
    if not span_texts(table) or "documents" not in tables:
        return None
    documents = tables["documents"]
    texts = dict(zip(documents.column("document_id").to_pylist(), documents.column("text").to_pylist(), strict=True))
    return rows_with_wrong_text(table, tables[table.name], texts)


def _frame(table: Table, rows: pa.Table, checks: Sequence[Check], failing: Mapping[tuple[str, str], set[str]]) -> pa.Table:
    frame = rows.select(schema_columns(table)).replace_schema_metadata(None)
    keys = rows.column(table.key[0]).to_pylist()
    for check in checks:
        bad = failing[table.name, check.name]
        frame = frame.append_column(check.name, pa.array([k not in bad for k in keys] if bad else [True] * len(keys), pa.bool_()))
    return frame


@lru_cache(maxsize=1)
def _context() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)  # tells of a folder that nobody uses
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="dateline-gx-")


@cache
def _checkpoint(stage: str, shape: tuple[tuple[str, tuple[Check, ...], bool], ...]) -> tuple[Any, dict[str, Any]]:
    """The gate of a stage, built once per process: a Checkpoint over one ValidationDefinition per table."""
    import great_expectations as gx

    context = _context()
    serial = len(context.data_sources.all())
    source = context.data_sources.add_pandas(f"{stage}-{serial}")
    definitions = {}
    for name, checks, with_schema in shape:
        expectations = account_expectations() if name == ACCOUNT else []
        expectations += schema_expectations(TABLES[name]) if with_schema else []
        suite = context.suites.add(
            gx.ExpectationSuite(name=f"{stage}-{serial}.{name}", expectations=expectations + check_expectations(checks))
        )
        asset = source.add_parquet_asset(name, path=Path(_folder().name) / f"{stage}.{name}.parquet")
        definitions[name] = context.validation_definitions.add(
            gx.ValidationDefinition(name=f"{stage}-{serial}.{name}", data=asset.add_batch_definition("part"), suite=suite)
        )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=f"{stage}-{serial}", validation_definitions=list(definitions.values()), actions=[], result_format="SUMMARY")
    )
    return checkpoint, definitions


def validate_frames(
    stage: str, frames: Mapping[str, pa.Table], checks: Mapping[str, list[Check]], *, schema_of: Collection[str] = ()
) -> Verdict:
    """Lets Great Expectations judge frames: the suite of the schema for tables in ``schema_of``, and the column of each check."""
    shape = tuple((name, tuple(checks.get(name, ())), name in schema_of) for name in frames)
    checkpoint, definitions = _checkpoint(stage, shape)
    for name, frame in frames.items():
        pq.write_table(frame, Path(_folder().name) / f"{stage}.{name}.parquet")
    outcome = checkpoint.run()
    verdict = Verdict([])
    names = {f"{d.suite.name}": name for name, d in definitions.items()}
    for result in outcome.run_results.values():
        name = names[result.suite_name]
        failed = []
        for one in result.results:
            row = _result_row(stage, name, one)
            verdict.results.append(row)
            if not one.success and row["severity"] == "critical":
                failed.append((one, row))
        if failed:
            _find_rows(name, definitions[name], frames[name], failed, verdict)
    verdict.results.sort(key=lambda r: (r["table_name"], r["expectation"]))
    return verdict


def _result_row(stage: str, name: str, one: Any) -> Row:
    config = one.expectation_config
    columns = config.kwargs.get("column") or ", ".join(config.kwargs.get("column_list") or ()) or "n_in = n_out + n_rejected"
    check = (config.meta or {}).get("check")
    error = (one.exception_info or {}).get("exception_message")
    return {
        "stage": stage,
        "table_name": name,
        "expectation": check or f"{config.type.removeprefix('expect_')}: {columns}",
        "severity": str(getattr(config.severity, "value", config.severity)),
        "success": bool(one.success),
        "n_checked": one.result.get("element_count"),
        "n_failed": one.result.get("unexpected_count", 0 if one.success else None),
        "detail": str(error)[:500] if error else (config.notes if isinstance(config.notes, str) else None),
    }


def _find_rows(name: str, definition: Any, frame: pa.Table, failed: Sequence[tuple[Any, Row]], verdict: Verdict) -> None:
    """Adds the rows behind failed critical expectations; what has no rows to set aside is a reason to stop."""
    if name == ACCOUNT or "document_id" not in frame.column_names:
        verdict.stops.extend(f"{name}: {row['expectation']} ({row['n_failed']} rows)" for _, row in failed)
        return
    key = TABLES[name].key[0]
    columns = sorted({key, "document_id"})
    wanted = {row["expectation"] for _, row in failed}
    full = definition.run(
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": columns, "exclude_unexpected_value": True}
    )
    for one in full.results:
        row = _result_row("", name, one)
        if one.success or row["expectation"] not in wanted:
            continue
        rows = one.result.get("unexpected_index_list") or []
        if not rows or any(r["document_id"] is None for r in rows):
            verdict.stops.append(f"{name}: {row['expectation']} ({row['detail'] or row['n_failed']})")
            continue
        verdict.bad_rows.extend(BadRow(name, str(r[key]), r["document_id"], row["expectation"], row["detail"] or "") for r in rows)
