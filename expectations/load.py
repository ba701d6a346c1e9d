"""What the built DuckDB file must satisfy before it replaces the old one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from expectations.checks import Check
from expectations.run import validate_frames
from warehouse.schema import TABLES, Row

CHECKS = (
    Check(
        "claimant_is_an_entity",
        "events",
        "select event_id from events where claimant_entity_id is not null and claimant_entity_id not in (select entity_id from entities)",
        "Who says so can be looked up.",
    ),
    Check(
        "every_name_is_an_entity",
        "mentions",
        "select mention_id from mentions where mention_kind = 'name' and entity_id is null",
        "A name that was read belongs to an entity.",
        severity="warning",
    ),
    Check(
        "topic_figures_share_a_unit",
        "figures",
        "select min(figure_id) from figures where topic_id is not null group by topic_id having count(distinct unit) > 1",
        "Figures of one topic can be laid side by side.",
    ),
    Check(
        "document_has_a_source",
        "documents",
        "select document_id from documents where source_uri is null",
        "Every document came from somewhere.",
    ),
    Check(
        "rejected_rows_are_left_out",
        "corrections",
        "with gone as (select correction_id, unnest(target_ids || with_ids) as row_id from corrections where action = 'reject') "
        "select correction_id from gone join mentions on mention_id = row_id union select correction_id from gone join quotes on quote_id = row_id "
        "union select correction_id from gone join events on event_id = row_id union select correction_id from gone join figures on figure_id = row_id "
        "union select correction_id from gone join disputes on dispute_id = row_id",
        "What a correction rejects is in no table.",
    ),
)


def check_warehouse(con: Any) -> list[Row]:
    """Judges the built file through an open DuckDB connection.

    Raises:
        ValueError: a critical expectation failed; the message names it.
    """
    frames: dict[str, pa.Table] = {}
    for check in CHECKS:
        bad = {key for (key,) in con.execute(check.sql).fetchall()}
        key_column = TABLES[check.table].key[0]
        n = con.execute(f'select count(*) from "{check.table}"').fetchall()[0][0]
        good = pa.array([True] * (n - len(bad)) + [False] * len(bad), pa.bool_())
        keys = pa.array([""] * (n - len(bad)) + sorted(bad), pa.string())
        frames[check.table] = pa.table({key_column: keys, check.name: good})
    verdict = validate_frames("load", frames, {c.table: [c] for c in CHECKS})
    stops = [*verdict.stops, *(f"{b.table_name}: {b.expectation} ({b.row_id})" for b in verdict.bad_rows)]
    if stops:
        raise ValueError("; ".join(stops[:3]))
    return verdict.results
