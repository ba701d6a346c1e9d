"""A table of faults, each with the stage where it is put in and the expectation that must name it.

Faults of rows go through the gate of their stage, faults of files through the inspection of the home, faults of a whole
stage through the comparison with what was given and with the runs before, faults of load through the building of a warehouse.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.lake import Home, read_manifests, read_part, write_manifest
from warehouse.schema import TABLES, Row

Tables = dict[str, pa.Table]
RowChange = Callable[[Tables, random.Random], Tables]
HomeChange = Callable[[Home, random.Random], None]
Loads = Literal["all", "others", "nothing"]
Gate = Literal["rows", "files", "whole", "load"]


@dataclass(frozen=True, slots=True)
class Corruption:
    """One fault: where it is put in, what is done, who must tell of it, and what must still load.

    ``loads`` all: it is told and changes nothing; others: only the documents or the part concerned are set aside;
    nothing: the stage stops and what was published stays.
    """

    id: str
    stage: str
    gate: Gate
    expectation: str
    severity: Literal["critical", "warning"]
    loads: Loads
    rows: RowChange | None = None
    home: HomeChange | None = None
    skips: bool = False


# --- what is done to rows -------------------------------------------------------------------------------------


def cells(table: str, where: Callable[[Row], object] | None = None, *, every: bool = False, **values: Any) -> RowChange:
    """Sets columns of one fitting row (or of every one); a value that can be called is given the row."""

    def change(tables: Tables, rng: random.Random) -> Tables:
        rows = tables[table].to_pylist()
        fitting = [i for i, row in enumerate(rows) if where is None or where(row)]
        for i in fitting if every else [rng.choice(fitting)]:
            rows[i] |= {column: value(rows[i]) if callable(value) else value for column, value in values.items()}
        return tables | {table: _loose(table, rows)}

    return change


def _loose(table: str, rows: Sequence[Row]) -> pa.Table:
    """Rows as a table whose columns may all be NULL: what a faulty writer could have written."""
    return pa.Table.from_pylist(list(rows), schema=pa.schema([f.with_nullable(True) for f in TABLES[table].arrow]))


def doubled(table: str) -> RowChange:
    """One row comes twice."""

    def change(tables: Tables, rng: random.Random) -> Tables:
        i = rng.randrange(tables[table].num_rows)
        return tables | {table: pa.concat_tables([tables[table], tables[table].slice(i, 1)])}

    return change


def dropped(table: str, where: Callable[[Row], object] | None = None, *, every: bool = False) -> RowChange:
    """One fitting row is gone, or every one."""

    def change(tables: Tables, rng: random.Random) -> Tables:
        rows = tables[table].to_pylist()
        fitting = [i for i, row in enumerate(rows) if where is None or where(row)]
        gone = set(fitting) if every else {rng.choice(fitting)}
        return tables | {table: _loose(table, [r for i, r in enumerate(rows) if i not in gone])}

    return change


def without_column(table: str, column: str) -> RowChange:
    """A column is missing."""
    return lambda tables, rng: tables | {table: tables[table].drop_columns([column])}


def as_text(table: str, column: str) -> RowChange:
    """A column has the wrong type."""

    def change(tables: Tables, rng: random.Random) -> Tables:
        t = tables[table]
        return tables | {table: t.set_column(t.column_names.index(column), column, t[column].cast(pa.string()))}

    return change


def of_one_document(change_document: Callable[[Tables, str], Tables], table: str) -> RowChange:
    """A change to everything that one document with rows in a table has."""

    def change(tables: Tables, rng: random.Random) -> Tables:
        return change_document(tables, rng.choice(sorted(set(tables[table]["document_id"].to_pylist()))))

    return change


def _no_body(tables: Tables, document_id: str) -> Tables:
    return cells("segments", lambda r: r["document_id"] == document_id, every=True, kind="promo")(tables, random.Random(0))


def _no_sentences(tables: Tables, document_id: str) -> Tables:
    lost = [t for t in tables if "sentence_id" in TABLES[t].columns or t in ("event_roles", "quote_spans")]
    for table in lost:
        tables = dropped(table, lambda r: r["document_id"] == document_id, every=True)(tables, random.Random(0))
    return tables


def _positions_swapped(tables: Tables, document_id: str) -> Tables:
    rows = tables["segments"].to_pylist()
    own = [r for r in rows if r["document_id"] == document_id]
    own[0]["position"], own[1]["position"] = own[1]["position"], own[0]["position"]
    return tables | {"segments": _loose("segments", rows)}


def _half(table: str) -> RowChange:
    return lambda tables, rng: tables | {table: tables[table].slice(0, tables[table].num_rows // 2)}


def _plus(column: str, by: int) -> Callable[[Row], Any]:
    return lambda row: row[column] + by


def _of(column: str) -> Callable[[Row], Any]:
    return lambda row: row[column]


def _a_century_before(column: str) -> Callable[[Row], Any]:
    return lambda row: row[column] - timedelta(days=36525)


def _shifted(row: Row) -> str:
    return str(row["text"])[1:] + "x"


# --- what is done to files ------------------------------------------------------------------------------------


def a_file(home: Home, table: str, rng: random.Random) -> Path:
    """A file of a table of the lake that has rows: without an empty one nothing is missing."""
    keys = sorted(key for key, manifest in read_manifests(home, stage_of(table)).items() if manifest.rows.get(table))
    return home.part_file(table, rng.choice(keys))


def cut(path: Path) -> None:
    """The second half of a file is gone."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip(path: Path) -> None:
    """One byte in the middle of a file is another."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def to_file(table: str, do: Callable[[Path], None]) -> HomeChange:
    """A change to a file of a table."""
    return lambda home, rng: do(a_file(home, table, rng))


def to_manifest(stage: str, do: Callable[[Path], None]) -> HomeChange:
    """A change to a manifest."""
    return lambda home, rng: do(rng.choice(sorted(home.manifests(stage).glob("*.json"))))


def rewritten(table: str, change: Callable[[pa.Table], pa.Table], *, told: bool = False, every: bool = False) -> HomeChange:
    """A file (or every one) of a table is written anew with other rows; ``told``: the manifest says so, hash and all."""

    def do(home: Home, rng: random.Random) -> None:
        stage = stage_of(table)
        manifests = read_manifests(home, stage)
        keys = sorted(k for k, m in manifests.items() if m.rows.get(table, 0) > 1)
        for key in keys if every else [rng.choice(keys)]:
            rows = change(read_part(home, table, key))
            pq.write_table(rows, home.part_file(table, key))
            if told:
                manifest = manifests[key]
                write_manifest(home, replace(manifest, rows=manifest.rows | {table: rows.num_rows}, sha256={}))

    return do


def stage_of(table: str) -> str:
    """The stage that makes a table."""
    from warehouse.schema import STAGES

    return next(stage for stage, tables in STAGES.items() if TABLES[table] in tables)


def counted(stage: str, **by: float) -> HomeChange:
    """The counts in the manifests of a stage are multiplied; what is rejected is not out."""

    def do(home: Home, rng: random.Random) -> None:
        for manifest in read_manifests(home, stage).values():
            n_in = int(manifest.n_in * by.get("n_in", 1))
            n_rejected = int(n_in * by["rejected"]) if "rejected" in by else manifest.n_rejected
            write_manifest(home, replace(manifest, n_in=n_in, n_rejected=n_rejected, n_out=n_in - n_rejected))

    return do


def column_set(column: str, value: Callable[[Row], Any]) -> Callable[[pa.Table], pa.Table]:
    """A change of one column over all rows of a table."""

    def change(table: pa.Table) -> pa.Table:
        rows = [row | {column: value(row)} for row in table.to_pylist()]
        return pa.Table.from_pylist(rows, schema=table.schema)

    return change


def _swapped_columns(one: str, other: str) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        names = [other if c == one else one if c == other else c for c in table.column_names]
        return table.rename_columns(names).select(table.column_names)

    return change


def _remove(path: Path) -> None:
    path.unlink()


def _other_part(path: Path) -> None:
    path.rename(path.with_name("0" * 24 + ".json"))


def _raw(do: Callable[[Path], None]) -> HomeChange:
    return lambda home, rng: do(rng.choice(sorted(p for p in home.raw.rglob("*") if p.is_file())))


def _run_files(table: str, do: Callable[[Path], None], *, every: bool = False) -> HomeChange:
    def change(home: Home, rng: random.Random) -> None:
        files = sorted((home.runs / table).glob("*.parquet"))
        for path in files if every else [rng.choice(files)]:
            do(path)

    return change


def _left_over(name: str) -> HomeChange:
    def change(home: Home, rng: random.Random) -> None:
        path = home.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")

    return change


def _gone_part(stage: str) -> HomeChange:
    """A part is gone with its manifest, and what was made from it still stands."""

    def change(home: Home, rng: random.Random) -> None:
        from warehouse.lake import drop_parts

        drop_parts(home, stage, [rng.choice(sorted(read_manifests(home, stage)))])

    return change


def _entity_label(row: Row) -> str:
    return "ORG" if row["label"] == "GPE" else str(row["label"])


# --- the table ------------------------------------------------------------------------------------------------


def _rows(id: str, expectation: str, change: RowChange, *, loads: Loads = "others", skips: bool = False, warns: bool = False) -> Corruption:
    """A fault of rows; ``warns``: the expectation is a warning although another one sets the document aside."""
    severity: Literal["critical", "warning"] = "warning" if warns or loads == "all" else "critical"
    return Corruption(id, id.split("-", maxsplit=1)[0], "rows", expectation, severity, loads, rows=change, skips=skips)


def _files(id: str, expectation: str, change: HomeChange, *, loads: Loads = "others") -> Corruption:
    return Corruption(
        id, id.split("-", maxsplit=1)[0], "files", expectation, "warning" if loads == "all" else "critical", loads, home=change
    )


def _whole(id: str, expectation: str, change: HomeChange, *, loads: Loads = "all") -> Corruption:
    return Corruption(
        id, id.split("-", maxsplit=1)[0], "whole", expectation, "warning" if loads == "all" else "critical", loads, home=change
    )


def _load(id: str, expectation: str, change: HomeChange) -> Corruption:
    return Corruption(id, "load", "load", expectation, "critical", "nothing", home=change)


LAND = (
    _rows("land-text-changed", "text_hash_fits", cells("documents_landed", text=_shifted)),
    _rows("land-text-empty", "text_is_not_empty", cells("documents_landed", text=" \n ")),
    _rows("land-hashes-swapped", "text_hash_fits", cells("documents_landed", text_sha256="0" * 64)),
    _rows("land-null-in-required", "required_columns_are_set", cells("documents_landed", raw_sha256=None)),
    _rows("land-body-starts-outside", "body_start_in_text", cells("documents_landed", body_start_char=10**8)),
    _rows("land-date-without-basis", "date_has_a_basis", cells("documents_landed", _of("published_date"), published_basis="none")),
    _rows("land-unknown-basis", "be_in_set: published_basis", cells("documents_landed", published_basis="hearsay")),
    _rows(
        "land-day-in-another-century",
        "date_and_instant_agree",
        cells("documents_landed", _of("published_at"), published_date=lambda r: r["published_at"].date() - timedelta(days=36525)),
    ),
    _rows(
        "land-year-of-a-placeholder",
        "published_in_a_plausible_year",
        cells("documents_landed", lambda r: r["published_date"] and not r["published_at"], published_date=date(1, 1, 1)),
        loads="all",
    ),
    _rows("land-id-doubled", "be_unique: document_id", doubled("documents_landed")),
    _rows("land-block-outside", "blocks_lie_in_text", cells("blocks", end_char=10**8)),
    _rows("land-block-swapped-ends", "blocks_lie_in_text", cells("blocks", start_char=_of("end_char"), end_char=_of("start_char"))),
    _rows("land-block-of-nobody", "document_id_resolves", cells("blocks", document_id="doc_nobody")),
    _rows("land-column-missing", "columns_are_as_declared", without_column("documents_landed", "source_said"), loads="nothing"),
    _rows("land-column-of-wrong-type", "columns_are_as_declared", as_text("blocks", "start_char"), loads="nothing"),
    _rows("land-half-skipped", "in_is_out_plus_rejected", _half("documents_landed"), loads="nothing", skips=True),
    _files("land-file-cut", "files_can_be_read", to_file("documents_landed", cut)),
    _files("land-file-byte-flipped", "files_", to_file("documents_landed", flip)),
    _files("land-rows-lost-on-disk", "rows_are_those_of_the_manifest", rewritten("documents_landed", lambda t: t.slice(1))),
    _files("land-raw-changed", "stored_bytes_are_unchanged", _raw(flip)),
    _files("land-raw-gone", "stored_bytes_are_unchanged", _raw(_remove)),
    _files("land-landings-cut", "run_files_can_be_read", _run_files("landings", cut)),
    _whole("land-volume-collapses", "volume_like_before", counted("land", n_in=0.1)),
    _whole("land-volume-explodes", "volume_like_before", counted("land", n_in=20)),
    _whole("land-rejects-rise", "rejects_like_before", counted("land", rejected=0.7)),
    _whole(
        "land-every-year-a-century-off",
        "years_like_before",
        rewritten(
            "documents_landed",
            column_set("published_date", lambda r: r["published_date"] and r["published_date"] - timedelta(days=36525)),
            every=True,
        ),
    ),
    _whole(
        "land-titles-are-lost", "fields_like_before", rewritten("documents_landed", column_set("publisher", lambda r: None), every=True)
    ),
)
CLEAN = (
    _rows("clean-offset-shifted", "segments_tile_the_text", cells("segments", start_char=_plus("start_char", 1))),
    _rows("clean-segment-dropped", "segments_tile_the_text", dropped("segments")),
    _rows("clean-ends-swapped", "segments_tile_the_text", cells("segments", start_char=_of("end_char"), end_char=_of("start_char"))),
    _rows("clean-positions-swapped", "segments_tile_the_text", of_one_document(_positions_swapped, "documents")),
    _rows("clean-id-doubled", "be_unique: segment_id", doubled("segments")),
    _rows("clean-unknown-kind", "be_in_set: kind", cells("segments", kind="gossip")),
    _rows("clean-null-rule", "required_columns_are_set", cells("segments", rule_id=None)),
    _rows("clean-text-changed", "text_is_untouched", cells("documents", text=_shifted)),
    _rows("clean-length-miscounted", "lengths_are_counted", cells("documents", n_body_chars=_plus("n_body_chars", 1))),
    _rows("clean-negative-length", "lengths_are_counted", cells("documents", n_chars=-1)),
    _rows("clean-no-body", "document_has_a_body", of_one_document(_no_body, "documents")),
    _rows("clean-entry-outside", "entries_lie_in_text_without_overlap", cells("entries", end_char=10**8)),
    _rows("clean-entry-of-nobody", "entry_id_resolves", cells("segments", _of("entry_id"), entry_id="ent_nobody")),
    _rows(
        "clean-segment-in-wrong-entry",
        "segments_lie_in_their_entry",
        cells("entries", lambda r: r["end_char"] - r["start_char"] > 20, start_char=lambda r: r["end_char"] - 5),
    ),
    _rows(
        "clean-two-stamps",
        "one_stamp_per_entry",
        cells("entries", _of("posted_local"), posted_at=lambda r: r["posted_local"]),
    ),
    _rows(
        "clean-long-line-removed",
        "long_lines_are_kept",
        cells("segments", lambda r: r["kind"] == "body" and r["end_char"] - r["start_char"] > 160, kind="promo", confidence=0.5),
        warns=True,
    ),
    _rows("clean-column-missing", "columns_are_as_declared", without_column("segments", "confidence"), loads="nothing"),
    _rows("clean-column-of-wrong-type", "columns_are_as_declared", as_text("documents", "n_chars"), loads="nothing"),
    _rows("clean-half-skipped", "in_is_out_plus_rejected", _half("documents"), loads="nothing", skips=True),
    _files("clean-file-cut", "files_can_be_read", to_file("segments", cut)),
    _files("clean-file-gone", "files_are_there", to_file("entries", _remove)),
    _files("clean-rows-changed-on-disk", "files_are_as_they_were_made", rewritten("segments", column_set("kind", lambda r: "body"))),
    _files("clean-manifest-cut", "manifest_can_be_read", to_manifest("clean", cut)),
    _files("clean-manifest-of-another-part", "manifest_can_be_read", to_manifest("clean", _other_part)),
    _files("clean-columns-swapped-on-disk", "files_", rewritten("documents", _swapped_columns("n_chars", "n_body_chars"))),
    _files("clean-input-gone", "part_has_its_input", _gone_part("land")),
    _whole(
        "clean-bodies-shrink",
        "bodies_like_before",
        rewritten("documents", column_set("n_body_chars", lambda r: r["n_body_chars"] // 4), every=True),
    ),
    _whole(
        "clean-kinds-shift",
        "labels_like_before",
        rewritten("segments", column_set("kind", lambda r: "promo" if r["kind"] == "body" else r["kind"]), every=True),
    ),
    _whole("clean-rejects-rise", "rejects_like_before", counted("clean", rejected=0.6)),
    _whole("clean-reads-half-of-what-landed", "takes_in_what_was_given", counted("clean", n_in=0.5), loads="nothing"),
)
EXTRACT = (
    _rows("extract-sentence-crosses-segments", "sentences_lie_in_read_segments", cells("sentences", end_char=_plus("end_char", 2000))),
    _rows("extract-text-differs-from-span", "text_is_its_span", cells("sentences", text="Nobody wrote this.")),
    _rows("extract-offset-shifted", "text_is_its_span", cells("mentions", start_char=_plus("start_char", 1))),
    _rows(
        "extract-ends-swapped",
        "text_is_its_span",
        cells("mentions", start_char=_of("end_char"), end_char=_of("start_char")),
    ),
    _rows(
        "extract-mention-outside",
        "lies_in_its_sentence",
        cells("mentions", lambda r: r["start_char"] > 500, start_char=0, end_char=2),
    ),
    _rows("extract-dangling-sentence", "sentence_id_resolves", cells("mentions", sentence_id="sen_nowhere")),
    _rows("extract-dangling-speaker", "speaker_mention_id_resolves", cells("quotes", speaker_mention_id="men_nobody")),
    _rows("extract-id-doubled", "be_unique: mention_id", doubled("mentions")),
    _rows("extract-unknown-label", "be_in_set: label", cells("mentions", label="GHOST")),
    _rows("extract-columns-swapped", "be_in_set: label", cells("mentions", label=_of("text"), text=_of("label"))),
    _rows("extract-null-rule", "required_columns_are_set", cells("figures", rule_id=None)),
    _rows("extract-sentence-doubled", "sentences_do_not_overlap", cells("sentences", lambda r: r["position"] > 2, start_char=0)),
    _rows("extract-time-text-changed", "text_is_its_span", cells("times", text="the week after")),
    _rows("extract-unknown-basis-dated", "unknown_basis_has_no_date", cells("times", _of("date_start"), basis="unknown")),
    _rows(
        "extract-date-in-another-century",
        "value_and_date_agree",
        cells("times", lambda r: r["date_start"] and r["precision"] == "day", date_start=_a_century_before("date_start")),
    ),
    _rows(
        "extract-day-far-from-its-anchor",
        "day_lies_near_its_anchor",
        cells(
            "times",
            lambda r: r["date_start"] and r["precision"] == "day" and r["basis"] == "publication",
            value=lambda r: f"1{r['value'][1:]}",
            date_start=lambda r: r["date_start"].replace(year=1925, day=1),
            date_end=lambda r: r["date_start"].replace(year=1925, day=1),
        ),
        warns=True,
    ),
    _rows(
        "extract-dates-swapped",
        "dates_in_order",
        cells(
            "times", lambda r: r["date_start"] and r["date_start"] < r["date_end"], date_start=_of("date_end"), date_end=_of("date_start")
        ),
    ),
    _rows(
        "extract-month-becomes-a-day",
        "no_date_more_exact_than_its_words",
        cells("times", lambda r: r["precision"] in ("month", "year") and r["date_start"], date_end=_of("date_start")),
    ),
    _rows("extract-quad-wrong", "quad_fits_type", cells("events", quad=lambda r: r["quad"] % 4 + 1)),
    _rows("extract-two-statuses", "asserted_stands_alone", cells("events", status=["asserted", "negated"])),
    _rows("extract-trigger-outside", "lies_in_its_sentence", cells("events", trigger_end_char=0)),
    _rows("extract-negative-dead", "counts_are_not_negative", cells("events", dead=-3)),
    _rows("extract-event-without-roles", "event_has_a_participant", dropped("event_roles", every=True), loads="nothing"),
    _rows("extract-role-of-nobody", "mention_id_resolves", cells("event_roles", mention_id="men_nobody")),
    _rows(
        "extract-role-outside",
        "roles_lie_in_the_sentence_of_their_event",
        cells("event_roles", lambda r: r["start_char"] > 500, start_char=0, end_char=2),
    ),
    _rows(
        "extract-speaker-unresolved-yet-there", "speaker_or_reason", cells("quotes", _of("speaker_mention_id"), speaker_status="unresolved")
    ),
    _rows("extract-quote-starts-elsewhere", "starts_in_its_sentence", cells("quotes", lambda r: r["start_char"] > 800, start_char=0)),
    _rows("extract-quote-without-pieces", "quote_has_pieces", dropped("quote_spans", every=True), loads="nothing"),
    _rows("extract-piece-outside", "pieces_lie_in_their_quote", cells("quote_spans", lambda r: r["start_char"] > 500, start_char=0)),
    _rows("extract-own-parent", "parent_holds_child", cells("quotes", parent_quote_id=_of("quote_id"))),
    _rows("extract-low-above-high", "low_is_not_above_high", cells("figures", lambda r: r["value_high"] is not None, value_low=9e12)),
    _rows("extract-exact-without-value", "comparator_fits_values", cells("figures", lambda r: r["comparator"] == "equal", value_low=None)),
    _rows("extract-money-without-currency", "money_has_a_currency", cells("figures", _of("currency"), currency=None), loads="all"),
    _rows("extract-document-unread", "every_body_has_a_sentence", of_one_document(_no_sentences, "sentences")),
    _rows("extract-no-names", "names_are_found", cells("mentions", every=True, mention_kind="nominal"), loads="nothing"),
    _rows("extract-column-missing", "columns_are_as_declared", without_column("events", "quad"), loads="nothing"),
    _rows("extract-column-of-wrong-type", "columns_are_as_declared", as_text("figures", "value_low"), loads="nothing"),
    _files("extract-file-cut", "files_can_be_read", to_file("mentions", cut)),
    _files("extract-rows-doubled-on-disk", "rows_are_those_of_the_manifest", rewritten("events", lambda t: pa.concat_tables([t, t]))),
    _files("extract-dates-changed-on-disk", "files_are_as_they_were_made", rewritten("times", column_set("date_end", _of("date_start")))),
    _files(
        "extract-words-changed-with-manifest", "text_is_its_span", rewritten("mentions", column_set("text", lambda r: "Someone"), told=True)
    ),
    _files(
        "extract-references-changed-with-manifest",
        "references_resolve",
        rewritten("figures", column_set("sentence_id", lambda r: "sen_nowhere"), told=True),
    ),
    _whole(
        "extract-model-finds-no-names",
        "labels_like_before",
        rewritten("mentions", column_set("mention_kind", lambda r: "nominal"), every=True),
    ),
    _whole("extract-labels-shift", "labels_like_before", rewritten("mentions", column_set("label", _entity_label), every=True)),
    _whole("extract-yields-collapse", "yields_like_before", rewritten("mentions", lambda t: t.slice(0, t.num_rows // 5), every=True)),
    _whole(
        "extract-speakers-lost",
        "labels_like_before",
        rewritten("quotes", column_set("speaker_status", lambda r: "unresolved"), every=True),
    ),
    _whole("extract-reads-half-of-what-was-clean", "takes_in_what_was_given", counted("extract", n_in=0.5), loads="nothing"),
)
LINK = (
    _rows("link-dangling-entity", "entity_id_resolves", cells("entity_links", entity_id="ent_nobody"), loads="nothing"),
    _rows("link-story-miscounted", "story_counts_are_counted", cells("stories", n_articles=99), loads="nothing"),
    _rows(
        "link-no-original",
        "group_has_one_original",
        cells("copy_groups", lambda r: r["relation"] == "original", relation="near"),
        loads="nothing",
    ),
    _rows(
        "link-document-without-group",
        "every_document_has_a_copy_group",
        dropped("copy_groups", lambda r: r["entry_id"] is None),
        loads="nothing",
    ),
    _rows("link-nameless", "named_entity", cells("entities", name=" "), loads="nothing"),
    _rows("link-negative-mentions", "named_entity", cells("entities", n_mentions=-2), loads="nothing"),
    _rows("link-no-spelling", "name_is_one_of_its_spellings", dropped("entity_names", every=True), loads="nothing"),
    _rows("link-id-doubled", "be_unique: entity_id", doubled("entities"), loads="nothing"),
    _rows("link-unknown-label", "be_in_set: label", cells("entities", label="GHOST"), loads="nothing"),
    _rows("link-story-without-members", "story_has_members", dropped("story_members", every=True), loads="nothing"),
    _rows("link-dispute-with-itself", "dispute_has_two_sides", cells("disputes", other_quote_id=_of("quote_id")), loads="nothing"),
    _rows("link-dangling-figure", "figure_id_resolves", cells("figure_topics", figure_id="fig_nobody"), loads="nothing"),
    _rows("link-column-missing", "columns_are_as_declared", without_column("happenings", "happening_id"), loads="nothing"),
    _rows("link-half-skipped", "in_is_out_plus_rejected", _half("copy_groups"), loads="nothing", skips=True),
    _files("link-file-cut", "files_can_be_read", to_file("entities", cut)),
    _files("link-file-byte-flipped", "files_", to_file("entity_links", flip)),
    _whole("link-links-half-of-what-was-clean", "takes_in_what_was_given", counted("link", n_in=0.5), loads="nothing"),
)
LOAD = (
    _load("load-file-cut", "sql", to_file("mentions", cut)),
    _load("load-rows-lost", "rows", rewritten("segments", lambda t: t.slice(1))),
    _load("load-file-gone", "rows", to_file("entries", _remove)),
    _load("load-id-doubled", "sql", rewritten("figures", lambda t: pa.concat_tables([t, t.slice(0, 1)]), told=True)),
    _load("load-dangling-sentence", "reference", rewritten("times", column_set("sentence_id", lambda r: "sen_nowhere"))),
    _load("load-copy-group-gone", "reference", rewritten("copy_groups", lambda t: t.slice(1), told=True)),
    _load("load-column-missing", "sql", rewritten("events", lambda t: t.drop_columns(["quad"]))),
    _load(
        "load-null-in-required", "sql", rewritten("mentions", lambda t: _loose("mentions", [r | {"label": None} for r in t.to_pylist()]))
    ),
    _load(
        "load-topic-of-two-units", "topic_figures_share_a_unit", rewritten("figure_topics", column_set("topic_id", lambda r: "top_same"))
    ),
    _load("load-no-source", "document_has_a_source", _run_files("landings", _remove, every=True)),
    _files("load-warehouse-cut", "warehouse_can_be_opened", lambda home, rng: cut(home.warehouse)),
    _files("load-next-left-over", "nothing_is_left_over", _left_over("warehouse.duckdb.next"), loads="all"),
    _files("load-temporary-left-over", "nothing_is_left_over", _left_over("tmp/half.parquet"), loads="all"),
)
CORRUPTIONS: tuple[Corruption, ...] = (*LAND, *CLEAN, *EXTRACT, *LINK, *LOAD)
