"""The one source of truth for tables.

Every column is declared once in ``FIELDS`` and means the same thing in every table. A ``Table`` lists the
names of its columns. Arrow schemas, the DuckDB DDL with its comments, the Great Expectations suites, the
row checks of the transforms and the data dictionary are all made from here.

This module imports pyarrow and the standard library alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

SCHEMA_VERSION = "2"

Row = dict[str, Any]

ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "list": pa.list_(pa.string()),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
    "local": pa.timestamp("us"),
}
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "list": "VARCHAR[]",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMPTZ",
    "local": "TIMESTAMP",
}

# --- closed lists ---------------------------------------------------------------------------------------------

SEGMENT_KINDS = (
    "body", "subhead", "title", "subtitle", "live_segment_header", "caption",
    "dateline", "byline", "timestamp", "credit", "bio", "related", "promo",
    "comment_stub", "section_label", "other_boilerplate",
)  # fmt: skip
READ_KINDS = ("body", "subhead", "title", "subtitle", "live_segment_header", "caption")
"""Kinds that are read for sentences; a caption or a title can hold the only trace of a fact."""

KEPT_KINDS = ("body", "subhead", "title", "subtitle", "live_segment_header")
"""Kinds that are not boilerplate."""

ENTITY_LABELS = (
    "PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE",
)  # fmt: skip
TIMEX_TYPES = ("DATE", "TIME", "DURATION", "SET")
DATE_PRECISIONS = ("decade", "year", "quarter", "season", "month", "week", "day", "part_of_day", "hour", "minute", "second", "range")
TIME_BASES = ("explicit", "publication", "dateline", "entry_stamp", "text", "unknown")
EVENT_TYPES = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1,
    "COOPERATE": 2, "AID": 2, "RETREAT": 2,
    "REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
    "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
"""PLOVER event type -> quad class (1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict).

PLOVER prints the five types PROTEST to ASSAULT as material conflict."""

EVENT_STATUSES = ("asserted", "negated", "future", "hypothetical", "historical")
COMPARATORS = (
    "equal", "about", "at_least", "more_than", "at_most", "less_than", "between",
    "several", "dozens", "hundreds", "thousands", "tens_of_thousands", "hundreds_of_thousands", "millions", "other",
)  # fmt: skip
UNITS = (
    "person", "drone", "missile", "rocket", "bomb", "shell", "weapon", "aircraft", "helicopter", "vehicle", "tank", "ship", "train",
    "building", "settlement", "country", "vote", "seat", "incident", "animal", "document", "item",
    "money", "percent", "share", "ratio", "multiple", "point",
    "mm", "cm", "m", "km", "m2", "km2", "hectare", "kg", "tonne", "litre", "barrel", "m3", "watt", "watt_hour", "degree", "magnitude", "km_per_hour",
    "inch", "foot", "yard", "mile", "nautical_mile", "square_foot", "acre", "square_mile", "ounce", "pound", "gallon", "mile_per_hour",
    "second", "minute", "hour", "day", "week", "month", "year", "rank", "other",
)  # fmt: skip
MEASURES = (
    "killed", "injured", "dead_or_injured", "missing", "captured", "detained", "released", "displaced", "rescued", "infected",
    "deployed", "present", "attended", "employed", "dismissed", "convicted", "sentence", "population", "age",
    "launched", "intercepted", "lost", "destroyed", "damaged", "attacks",
    "price", "budget", "aid", "trade", "fine", "debt", "pay", "voted", "seats", "approval", "change", "rate", "share",
    "area", "distance", "length", "height", "depth", "weight", "volume", "capacity", "speed", "temperature", "strength", "duration", "elapsed",
    "frequency", "rank", "count", "other",
)  # fmt: skip
SECTORS = (
    "COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK",
    "AGR", "BUS", "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC",
)  # fmt: skip
CORRECTION_ACTIONS = ("merge", "split", "reject", "confirm")
CORRECTED_TABLES = ("mentions", "quotes", "events", "figures", "disputes")
"""Tables whose rows a correction may reject or confirm."""


# --- columns --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type, what it means, its unit, whether NULL is allowed, and the values it may take."""

    name: str
    type: str
    doc: str
    unit: str | None = None
    required: bool = False
    values: tuple[str, ...] | None = None


def _fields(*fields: Field) -> dict[str, Field]:
    out = {f.name: f for f in fields}
    if len(out) != len(fields):
        raise ValueError("a column is declared twice")
    return out


_CP = "code points into documents.text"

FIELDS: dict[str, Field] = _fields(
    # keys
    Field("document_id", "string", "The document: a hash of its bytes and of what its source says of them."),
    Field("segment_id", "string", "One stretch of text of one kind."),
    Field("entry_id", "string", "The live-blog post or story of a multi-story page; NULL outside of entries."),
    Field("sentence_id", "string", "The sentence."),
    Field("mention_id", "string", "One mention of an entity."),
    Field("local_entity_id", "string", "The entity within its document."),
    Field("time_id", "string", "The time expression; NULL where the text gives none."),
    Field("event_id", "string", "One reported event: a hash of document, trigger, type, mode and role spans."),
    Field("quote_id", "string", "The quotation or reported statement; NULL in the outlet's own voice."),
    Field("figure_id", "string", "One quantity."),
    Field("block_id", "string", "One visible block of a page."),
    Field("entity_id", "string", "The entity over all documents."),
    Field("copy_group_id", "string", "The group of copies of one text."),
    Field("story_id", "string", "The happening as told by outlets."),
    Field("happening_id", "string", "The act that several event rows report."),
    Field("topic_id", "string", "What several figures are about."),
    Field("remark_id", "string", "The remark that several quotations render."),
    Field("dispute_id", "string", "A statement and one that denies or disputes it."),
    Field("run_id", "string", "The flow run."),
    Field("reject_id", "string", "One thing set aside."),
    Field("correction_id", "string", "One correction: a hash of what it does and to what, not of who said so, when and why."),
    Field("rule_id", "string", "The rule or model that made the row; see table rules."),
    # spans
    Field("start_char", "int", "Start of the span.", _CP),
    Field("end_char", "int", "End of the span, exclusive.", _CP),
    Field("position", "int", "Order within the parent, from 0."),
    Field("trigger_start_char", "int", "Start of the words that tell the event.", _CP),
    Field("trigger_end_char", "int", "End of the words that tell the event, exclusive.", _CP),
    Field("cue_start_char", "int", "Start of the words that introduce the speech.", _CP),
    Field("cue_end_char", "int", "End of the words that introduce the speech, exclusive.", _CP),
    Field("speaker_start_char", "int", "Start of the words that name the speaker.", _CP),
    Field("speaker_end_char", "int", "End of the words that name the speaker, exclusive.", _CP),
    Field(
        "body_start_char", "int", "Where the body begins in a record's text, after title and subtitle; NULL if the input has one text.", _CP
    ),
    # documents
    Field("media_type", "string", "What the input was, as a MIME type."),
    Field("encoding", "string", "Character encoding that decoded the bytes."),
    Field("raw_sha256", "string", "sha256 of the unit's own bytes: the file, member, record (canonical JSON) or payload."),
    Field("object_sha256", "string", "sha256 of the file as it arrived; its bytes lie untouched in raw/ under this name."),
    Field("text_sha256", "string", "sha256 of the text in UTF-8."),
    Field("text", "string", "The words: documents.text in documents, else the characters of the span."),
    Field("title", "string", "Headline."),
    Field("subtitle", "string", "Standfirst, deck."),
    Field("authors", "list", "Bylines, a name each, titles and 'By' taken off."),
    Field("author", "string", "Who signed the entry."),
    Field("publisher", "string", "The outlet, as input or text name it."),
    Field("url", "string", "Canonical link from page, feed or record."),
    Field("language", "string", "ISO 639-1 code, from the input or detected."),
    Field("published_at", "instant", "Instant of publication; only where the zone is known."),
    Field("published_local", "local", "Clock time of publication where no zone is known."),
    Field("published_date", "date", "Day of publication; NULL if less than a day is known."),
    Field("published_precision", "string", "How exact the publication date is.", values=("year", "month", "day", "minute", "second")),
    Field(
        "published_basis",
        "string",
        "Where the publication date comes from.",
        required=True,
        values=("metadata", "text", "file_name", "none"),
    ),
    Field("origin", "string", "News agency that is credited, if any."),
    Field("dateline_place", "string", "Place named in the dateline."),
    Field(
        "source_said",
        "string",
        "What the source says of the bytes (publisher, date, zone), as canonical JSON; part of the document's identity.",
    ),
    Field("n_chars", "int", "Length of the text.", "code points"),
    Field("n_body_chars", "int", "Of these, in segments of kind body or subhead.", "code points"),
    Field("maker_version", "string", "Version of what made the row: code of the stage, model, rules, settings that matter."),
    Field("tag", "string", "HTML element of the block."),
    Field("css_class", "string", "Class and id of the block and its nearest classed parents, outermost first."),
    Field("role", "string", "ARIA role, itemprop or data-component of the block or its nearest parents."),
    Field("extractor_kept", "bool", "Did trafilatura take this block for body? Evidence, not a verdict."),
    # segments, entries
    Field("kind", "string", "Kind of the row; the closed list stands with the table."),
    Field("confidence", "double", "How sure the rule or model is, 0 to 1."),
    Field("duplicate_of", "string", "The earlier segment of the same document that says almost the same; marked, never removed."),
    Field("posted_at", "instant", "Stamp of the entry where the zone is known."),
    Field("posted_local", "local", "Stamp of the entry as printed, zone unknown."),
    # mentions
    Field("label", "string", "Entity type, OntoNotes names.", values=ENTITY_LABELS),
    Field("mention_kind", "string", "By name, by title or description, by pronoun.", values=("name", "nominal", "pronoun")),
    Field(
        "country",
        "string",
        "ISO 3166-1 alpha-3 (KOS for Kosovo) or a PLOVER code of a body without a country (IGO, UNO, EUR, NGO, IMG, MNC).",
    ),
    Field("sectors", "list", "PLOVER sectors, the first is the main one."),
    Field("geonames_id", "bigint", "GeoNames identifier of the place."),
    Field("latitude", "double", "Latitude.", "degrees, WGS84"),
    Field("longitude", "double", "Longitude.", "degrees, WGS84"),
    Field("admin1", "string", "First-level region of the place."),
    # times
    Field("timex_type", "string", "TIMEX3 type.", values=TIMEX_TYPES),
    Field("value", "string", "TIMEX3 value; NULL where no anchor is known."),
    Field("date_start", "date", "First day; NULL where no anchor is known."),
    Field("date_end", "date", "Last day, inclusive."),
    Field("precision", "string", "How exact the words are.", values=DATE_PRECISIONS),
    Field("basis", "string", "What the date was computed from.", values=TIME_BASES),
    Field("date_precision", "string", "How exact the event's date is.", values=DATE_PRECISIONS),
    Field("date_basis", "string", "What the event's date was computed from.", values=TIME_BASES),
    # events
    Field("event_type", "string", "PLOVER type.", values=tuple(EVENT_TYPES)),
    Field("modes", "list", "PLOVER modes: how."),
    Field("contexts", "list", "PLOVER contexts: why."),
    Field("quad", "int", "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict."),
    Field("intensity", "double", "PLOVER score of type and mode, -10 to 10."),
    Field("status", "list", "asserted, or any of negated, future, hypothetical, historical."),
    Field("dead", "int", "Deaths that the clause reports.", "persons"),
    Field("injured", "int", "Injured that the clause reports.", "persons"),
    Field("size", "int", "Participants that the clause reports.", "persons"),
    Field("role_kind", "string", "What the participant is to the event.", values=("actor", "recipient", "place", "instrument")),
    Field("link", "string", "What ties the role to the trigger.", values=("clause", "list", "coreference", "apposition")),
    # quotes
    Field("speaker_mention_id", "string", "Mention that is the speaker."),
    Field(
        "speaker_status",
        "string",
        "named: an entity; described: words that no entity is known for; unresolved: nobody found.",
        values=("named", "described", "unresolved"),
    ),
    Field("parent_quote_id", "string", "The quotation that this one stands in (A said that B had said)."),
    # figures
    Field("value_low", "double", "Lower bound or the value; NULL for 'dozens'.", "the row's unit"),
    Field("value_high", "double", "Upper bound or the value; NULL if open.", "the row's unit"),
    Field("comparator", "string", "How value and words relate.", values=COMPARATORS),
    Field("unit", "string", "What is counted or measured in.", values=UNITS),
    Field("currency", "string", "ISO 4217, for unit money."),
    Field("measure", "string", "What the quantity tells.", values=MEASURES),
    Field("counted", "string", "The counted words as written ('North Korean troops')."),
    Field("subject_mention_id", "string", "Mention that the quantity is about."),
    Field("place_mention_id", "string", "Mention of the place that it holds for."),
    Field("as_of_time_id", "string", "Time expression that it holds for."),
    Field("as_of_start", "date", "First day that it holds for."),
    Field("as_of_end", "date", "Last day that it holds for."),
    Field("part_of_figure_id", "string", "The figure that this one is a part of (16 of the 63)."),
    # link tables
    Field("name", "string", "Name, as written."),
    Field("n_documents", "int", "Documents that mention it."),
    Field("n_mentions", "int", "Mentions of it."),
    Field("relation", "string", "original, exact, near or part.", values=("original", "exact", "near", "part")),
    Field("similarity", "double", "Estimated share of common word shingles, 0 to 1."),
    Field("n_articles", "int", "Documents that tell the story."),
    Field("n_publishers", "int", "Publishers that tell the story, where known."),
    Field("n_origins", "int", "Independent origins: copy groups after uniting those that credit one agency."),
    Field("other_quote_id", "string", "The statement that is disputed."),
    Field(
        "claimant_entity_id", "string", "Who says so: the speaker of the quotation that the row stands in; NULL in the outlet's own voice."
    ),
    Field("speaker_entity_id", "string", "Who speaks."),
    # corrections
    Field("confirmed", "bool", "Has a person confirmed the row? See table corrections."),
    Field(
        "action",
        "string",
        "merge: several entities are one; split: a part of an entity is another; reject: rows are wrong and left out; confirm: rows are right.",
        values=CORRECTION_ACTIONS,
    ),
    Field("target_table", "string", "Table that the corrected rows are in."),
    Field("target_names", "list", "Entities as the file names them; NULL where it gives ids alone."),
    Field(
        "target_ids",
        "list",
        "Corrected rows that were found. Of merged entities the first keeps its id; of a split one the second id is that of the part.",
    ),
    Field("with_ids", "list", "Rows that are left out because a rejected quotation holds them: events and figures."),
    Field("correction_reason", "string", "Why, in the words of who corrected it."),
    Field("corrected_by", "string", "Who corrected it."),
    Field("corrected_on", "date", "Day of the correction."),
    Field("applied", "bool", "Does it have its full effect? If not, note says what is missing."),
    Field("note", "string", "What was not found or could not be done; NULL if it has its full effect."),
    # run tables
    Field("source_uri", "string", "Where it came from, as a URI."),
    Field("source_record", "string", "Member path, record's own id or number, within the source; NULL for a whole file."),
    Field("landed_at", "instant", "When it arrived."),
    Field("size_bytes", "bigint", "Size of the file as it arrived.", "bytes"),
    Field("stage", "string", "Stage of the pipeline.", values=("land", "clean", "extract", "link", "load")),
    Field("reason_code", "string", "Why it was set aside, as a code; see docs/inputs.md."),
    Field("reason", "string", "Why it was set aside, in words."),
    Field("detail", "string", "Facts that belong to it."),
    Field("table_name", "string", "Table that the row is about."),
    Field("row_id", "string", "Key of the row that failed."),
    Field("flow_name", "string", "Flow that ran."),
    Field("run_status", "string", "How the run ended.", values=("running", "completed", "failed")),
    Field("started_at", "instant", "Start."),
    Field("finished_at", "instant", "End."),
    Field("duration_s", "double", "Time it took.", "seconds"),
    Field("settings_json", "string", "Settings in force, as JSON."),
    Field("versions_json", "string", "Versions of packages, model and rules, as JSON."),
    Field("n_in", "bigint", "Units that went in (land: records; else documents)."),
    Field("n_out", "bigint", "Units that came out."),
    Field("n_rejected", "bigint", "Units set aside."),
    Field("n_reused", "bigint", "Of n_in, units whose output was already made."),
    Field("part_key", "string", "Part of the lake that was checked; NULL for the whole stage."),
    Field("expectation", "string", "What was expected."),
    Field("severity", "string", "critical stops the run; warning and info tell.", values=("critical", "warning", "info")),
    Field("success", "bool", "Did it hold?"),
    Field("n_checked", "bigint", "Rows looked at."),
    Field("n_failed", "bigint", "Rows that failed."),
    Field("version", "string", "Version of the rule file or model."),
    Field("meaning", "string", "What the rule says."),
    Field("example", "string", "An example of our own."),
    Field("n_hits", "bigint", "Rows that the rule made."),
    Field("precision_measured", "double", "Share of right rows where labelled."),
    Field("n_labelled", "bigint", "Labelled rows that the precision rests on."),
)


@dataclass(frozen=True)
class Table:
    """One table: its name, what it is, its grain, key, columns and references.

    ``refs`` maps a column to ``table.column``. ``values`` closes the list of a column for this table only.
    ``joined`` are columns that load adds in DuckDB from other tables. ``warnings`` tell the user what to mind.
    """

    name: str
    doc: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    refs: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns of the lake, with NULL and value rules as they hold in this table."""
        out = []
        for name in self.columns:
            f = FIELDS[FIELD_OF.get((self.name, name), name)]
            required = f.required or name in self.required or (name in self.key and name not in NULLABLE_KEYS)
            out.append(Field(name, f.type, f.doc, f.unit, required, self.values.get(name, f.values)))
        return tuple(out)

    @cached_property
    def joined_fields(self) -> tuple[Field, ...]:
        """The columns that DuckDB has on top."""
        return tuple(FIELDS[name] for name in self.joined)

    @cached_property
    def arrow(self) -> pa.Schema:
        """Arrow schema; doc and unit travel in the field metadata."""
        return pa.schema(
            [
                pa.field(
                    f.name,
                    ARROW_TYPES[f.type],
                    nullable=not f.required,
                    metadata={"doc": f.doc, **({"unit": f.unit} if f.unit else {})},
                )
                for f in self.fields
            ],
            metadata={"table": self.name, "doc": self.doc, "schema_version": SCHEMA_VERSION},
        )

    def conform(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Rows as an Arrow table of this schema; a row that does not fit raises where it was made.

        Missing optional columns become NULL. Raises ``ValueError`` for an unknown column, a NULL in a required
        column, or a value outside its closed list, naming table, column and row.
        """
        rows = list(rows)
        known = set(self.columns)
        for i, row in enumerate(rows):
            if not known.issuperset(row):
                raise ValueError(f"{self.name}: unknown column {sorted(set(row) - known)} in row {i}")
        arrays = []
        for f in self.fields:
            values = [row.get(f.name) for row in rows]
            if f.required and None in values:
                i = values.index(None)
                raise ValueError(f"{self.name}.{f.name} is NULL in row {i}: {_brief(rows[i])}")
            if f.values is not None:
                self._check_values(f, values, rows)
            try:
                arrays.append(pa.array(values, ARROW_TYPES[f.type]))
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as exc:
                raise ValueError(f"{self.name}.{f.name}: {exc}") from exc
        return pa.Table.from_arrays(arrays, schema=self.arrow)

    def _check_values(self, f: Field, values: list[Any], rows: list[Mapping[str, Any]]) -> None:
        allowed = set(f.values or ())
        for i, value in enumerate(values):
            for v in value if isinstance(value, list | tuple) else (value,):
                if v is not None and v not in allowed:
                    raise ValueError(f"{self.name}.{f.name}: {v!r} is not in its closed list, row {i}: {_brief(rows[i])}")

    def empty(self) -> pa.Table:
        """The table without rows."""
        return self.arrow.empty_table()

    def ddl(self, name: str | None = None) -> str:
        """``CREATE TABLE`` with NOT NULL, PRIMARY KEY and comments; for DuckDB."""
        name = name or self.name
        lines = [f'  "{f.name}" {DUCKDB_TYPES[f.type]}{" NOT NULL" if f.required else ""}' for f in self.fields]
        lines += [f'  "{f.name}" {DUCKDB_TYPES[f.type]}' for f in self.joined_fields]
        if not NULLABLE_KEYS.intersection(self.key):
            lines.append(f"  PRIMARY KEY ({', '.join(self.key)})")
        out = [f'CREATE TABLE "{name}" (\n' + ",\n".join(lines) + "\n);"]
        out.append(f"COMMENT ON TABLE \"{name}\" IS '{_sql(self.comment())}';")
        out += [f'COMMENT ON COLUMN "{name}"."{f.name}" IS \'{_sql(describe(f))}\';' for f in (*self.fields, *self.joined_fields)]
        return "\n".join(out)

    def comment(self) -> str:
        """What the table is, its grain and what to mind, as one text."""
        return " ".join([self.doc, f"One row per {self.grain}.", *self.warnings])


def describe(f: Field) -> str:
    """Meaning, unit and closed list of a column as one text."""
    out = f.doc + (f" Unit: {f.unit}." if f.unit else "")
    return out + (f" One of: {', '.join(f.values)}." if f.values and len(f.values) <= 20 else "")


def make_id(prefix: str, *parts: object) -> str:
    """A stable id: a hash of the parts, never a counter. Same parts, same id.

    >>> make_id("men", "doc_1", 3, 9) == make_id("men", "doc_1", 3, 9)
    True
    """
    joined = "\x1f".join("" if p is None else str(p) for p in parts)
    return f"{prefix}_{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def _sql(text: str) -> str:
    return text.replace("'", "''")


def _brief(row: Mapping[str, Any]) -> str:
    return str({k: (v[:60] if isinstance(v, str) else v) for k, v in row.items() if v is not None})[:400]


# One name means one thing in every table; these few share a name and differ in words.
FIELD_OF = {
    ("event_roles", "role"): "role_kind",
    ("runs", "status"): "run_status",
    ("rules", "precision"): "precision_measured",
    ("corrections", "reason"): "correction_reason",
    ("corrections", "author"): "corrected_by",
}

NULLABLE_KEYS = frozenset({"entry_id", "source_record", "part_key"})
"""Columns that may be NULL although they belong to a key: NULL means the whole (document, file, stage)."""

_SPAN = ("start_char", "end_char")
_SENT = {"document_id": "documents.document_id", "sentence_id": "sentences.sentence_id"}
_SAID = "published_at published_local published_date published_precision published_basis"


def _cols(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LAND_TABLES = (
    Table(
        "documents_landed",
        "Each unit as read: text and fields exactly as the input gives them. The lake only.",
        "unit as read (file, member, record, feed item, page)",
        ("document_id",),
        _cols(
            "document_id media_type encoding raw_sha256 text_sha256 text body_start_char title subtitle authors publisher url language "
            + _SAID
            + " origin source_said maker_version"
        ),
        required=_cols("media_type raw_sha256 text_sha256 text source_said maker_version"),
    ),
    Table(
        "blocks",
        "Visible blocks of a page in their order, with the markup and an extractor's verdict as evidence for cleaning.",
        "visible block",
        ("block_id",),
        _cols("block_id document_id position start_char end_char tag css_class role extractor_kept"),
        required=("document_id", "position", *_SPAN, "tag"),
        refs={"document_id": "documents_landed.document_id"},
    ),
)
CLEAN_TABLES = (
    Table(
        "documents",
        "Articles: the landed fields completed from the text.",
        "article",
        ("document_id",),
        _cols(
            "document_id media_type encoding raw_sha256 text_sha256 text title subtitle authors publisher url language "
            + _SAID
            + " origin dateline_place source_said n_chars n_body_chars maker_version"
        ),
        required=_cols("media_type raw_sha256 text_sha256 text n_chars n_body_chars maker_version"),
        joined=("copy_group_id", "source_uri"),
    ),
    Table(
        "segments",
        "Every character of a text lies in exactly one segment; what is boilerplate is labelled, never deleted.",
        "line, cut at inline spans; the line break belongs to the stretch before it",
        ("segment_id",),
        _cols("segment_id document_id entry_id position start_char end_char kind rule_id confidence duplicate_of"),
        required=("document_id", "position", *_SPAN, "kind", "rule_id", "confidence"),
        refs={"document_id": "documents.document_id", "entry_id": "entries.entry_id"},
        values={"kind": SEGMENT_KINDS},
    ),
    Table(
        "entries",
        "Posts of live blogs and stories of multi-story pages, each with its own time anchor.",
        "live-blog post or story of a page",
        ("entry_id",),
        _cols("entry_id document_id position kind title author posted_at posted_local start_char end_char"),
        required=("entry_id", "document_id", "position", "kind", *_SPAN),
        refs={"document_id": "documents.document_id"},
        values={"kind": ("live_post", "story")},
    ),
)
EXTRACT_TABLES = (
    Table(
        "sentences",
        "Sentences of the kept segments.",
        "sentence, inside one segment",
        ("sentence_id",),
        _cols("sentence_id document_id segment_id entry_id position start_char end_char text"),
        required=("document_id", "segment_id", "position", *_SPAN, "text"),
        refs={"document_id": "documents.document_id", "segment_id": "segments.segment_id", "entry_id": "entries.entry_id"},
    ),
    Table(
        "mentions",
        "Mentions of entities by name, by title or office, by pronoun.",
        "mention",
        ("mention_id",),
        _cols(
            "mention_id document_id sentence_id start_char end_char text label mention_kind local_entity_id "
            "country sectors geonames_id latitude longitude admin1 rule_id"
        ),
        required=("document_id", "sentence_id", *_SPAN, "text", "label", "mention_kind", "local_entity_id", "rule_id"),
        refs=_SENT,
        values={"sectors": SECTORS},
        joined=("entity_id", "confirmed"),
    ),
    Table(
        "times",
        "Time expressions with TIMEX3 values; a date is never more exact than its words.",
        "time expression",
        ("time_id",),
        _cols("time_id document_id sentence_id start_char end_char text timex_type value date_start date_end precision basis rule_id"),
        required=("document_id", "sentence_id", *_SPAN, "text", "timex_type", "basis", "rule_id"),
        refs=_SENT,
    ),
    Table(
        "quotes",
        "Quotations and reported statements with speaker and cue.",
        "quotation or reported statement",
        ("quote_id",),
        _cols(
            "quote_id document_id sentence_id start_char end_char text kind cue_start_char cue_end_char speaker_start_char speaker_end_char "
            "speaker_mention_id speaker_status parent_quote_id rule_id"
        ),
        required=("document_id", "sentence_id", *_SPAN, "text", "kind", "speaker_status", "rule_id"),
        refs={**_SENT, "speaker_mention_id": "mentions.mention_id", "parent_quote_id": "quotes.quote_id"},
        values={"kind": ("direct", "indirect", "mixed")},
        joined=("speaker_entity_id", "remark_id", "confirmed"),
        warnings=("sentence_id is the sentence in which the content starts; a content may go on over several.",),
    ),
    Table(
        "quote_spans",
        "The content of a quotation, piece by piece where the cue interrupts it.",
        "piece of a quotation",
        ("quote_id", "position"),
        _cols("quote_id position document_id start_char end_char text"),
        required=("document_id", *_SPAN, "text"),
        refs={"quote_id": "quotes.quote_id", "document_id": "documents.document_id"},
    ),
    Table(
        "events",
        "Who did what to whom: one reported event each, PLOVER types.",
        "reported event",
        ("event_id",),
        _cols(
            "event_id document_id sentence_id start_char end_char text trigger_start_char trigger_end_char event_type modes contexts quad intensity "
            "status time_id date_start date_end date_precision date_basis dead injured size quote_id rule_id"
        ),
        required=(
            "document_id",
            "sentence_id",
            *_SPAN,
            "text",
            "trigger_start_char",
            "trigger_end_char",
            "event_type",
            "modes",
            "contexts",
            "quad",
            "intensity",
            "status",
            "rule_id",
        ),
        refs={**_SENT, "time_id": "times.time_id", "quote_id": "quotes.quote_id"},
        values={"status": EVENT_STATUSES},
        joined=("claimant_entity_id", "happening_id", "story_id", "confirmed"),
        warnings=("Rows whose status is not asserted did not (yet) happen or lie in the past: filter by status before counting.",),
    ),
    Table(
        "event_roles",
        "Participants and places of events.",
        "participant or place of an event",
        ("event_id", "role", "start_char"),
        _cols("event_id role document_id mention_id start_char end_char text link"),
        required=("document_id", *_SPAN, "text", "link"),
        refs={"event_id": "events.event_id", "mention_id": "mentions.mention_id", "document_id": "documents.document_id"},
        joined=("entity_id",),
    ),
    Table(
        "figures",
        "Quantities that are about something, each with its claimant; conflicting ones stand side by side.",
        "quantity",
        ("figure_id",),
        _cols(
            "figure_id document_id sentence_id start_char end_char text value_low value_high comparator unit currency measure counted "
            "subject_mention_id place_mention_id as_of_time_id as_of_start as_of_end quote_id part_of_figure_id rule_id"
        ),
        required=("document_id", "sentence_id", *_SPAN, "text", "comparator", "unit", "measure", "rule_id"),
        refs={
            **_SENT,
            "subject_mention_id": "mentions.mention_id",
            "place_mention_id": "mentions.mention_id",
            "as_of_time_id": "times.time_id",
            "quote_id": "quotes.quote_id",
            "part_of_figure_id": "figures.figure_id",
        },
        joined=("claimant_entity_id", "topic_id", "confirmed"),
        warnings=("Never add figures of one topic: they are rival or overlapping counts of the same thing.",),
    ),
)
LINK_TABLES = (
    Table(
        "entities",
        "People, bodies, states and places over all documents.",
        "entity",
        ("entity_id",),
        _cols("entity_id name label country sectors latitude longitude geonames_id admin1 n_documents n_mentions"),
        required=("name", "label", "n_documents", "n_mentions"),
        values={"sectors": SECTORS},
    ),
    Table("entity_names", "Spellings of entities.", "spelling of an entity", ("entity_id", "name"), _cols("entity_id name n_mentions"),
          required=("n_mentions",), refs={"entity_id": "entities.entity_id"}),
    Table("entity_links", "Which entity a document's local entity is.", "local entity of a document", ("document_id", "local_entity_id"),
          _cols("document_id local_entity_id entity_id"), required=("entity_id",), refs={"entity_id": "entities.entity_id"}),
    Table(
        "copy_groups",
        "Copies of one text: reprints of wire copy, the same article twice.",
        "document (or entry) in a group; an article that nobody copied is its own group",
        ("document_id", "entry_id"),
        _cols("document_id entry_id copy_group_id relation similarity"),
        required=("copy_group_id", "relation"),
        refs={"document_id": "documents.document_id"},
    ),
    Table("stories", "Happenings as told by outlets.", "story", ("story_id",),
          _cols("story_id title date_start date_end n_articles n_publishers n_origins"),
          required=("title", "n_articles", "n_publishers", "n_origins"),
          warnings=("n_origins, not n_articles, says how many independent sources there are.",)),
    Table("story_members", "What tells a story.", "document or entry that tells a story", ("story_id", "document_id", "entry_id"),
          _cols("story_id document_id entry_id"), refs={"story_id": "stories.story_id", "document_id": "documents.document_id"}),
    Table("happenings", "Event rows that report the same act.", "event row", ("event_id",), _cols("happening_id event_id"),
          required=("happening_id",), refs={"event_id": "events.event_id"}),
    Table("figure_topics", "Figures that are about the same thing.", "figure", ("figure_id",), _cols("topic_id figure_id"),
          required=("topic_id",), refs={"figure_id": "figures.figure_id"}),
    Table("remark_groups", "The same remark in two articles or translations.", "quotation", ("quote_id",), _cols("remark_id quote_id"),
          required=("remark_id",), refs={"quote_id": "quotes.quote_id"}),
    Table("disputes", "A statement and one that denies or disputes it.", "pair of statements", ("dispute_id",),
          _cols("dispute_id quote_id other_quote_id event_id"),
          refs={"quote_id": "quotes.quote_id", "other_quote_id": "quotes.quote_id", "event_id": "events.event_id"}, joined=("confirmed",)),
    Table(
        "corrections",
        "What people corrected, from corrections.toml: entities merged or split, rows rejected or confirmed. Empty where nobody did.",
        "correction",
        ("correction_id",),
        _cols("correction_id action target_table target_names target_ids with_ids reason author corrected_on applied note"),
        required=_cols("action target_table target_ids with_ids reason author corrected_on applied"),
        values={"target_table": ("entities", *CORRECTED_TABLES)},
        warnings=("Rejected rows are in no table or view of the warehouse; they stay in the lake.",),
    ),
)  # fmt: skip
RUN_TABLES = (
    Table(
        "landings",
        "Arrivals: which source brought which document. Two files with the same bytes are one document and two landings.",
        "arrival",
        ("source_uri", "source_record", "document_id"),
        _cols("source_uri source_record document_id object_sha256 raw_sha256 source_said size_bytes landed_at run_id"),
        required=("document_id", "object_sha256", "raw_sha256", "source_said", "landed_at", "run_id"),
    ),
    Table(
        "rejects",
        "What was set aside, at which stage and why. Nothing is dropped silently.",
        "thing set aside",
        ("reject_id",),
        _cols("reject_id stage source_uri source_record document_id object_sha256 "
            "source_said table_name row_id reason_code reason detail run_id"),
        required=("stage", "reason_code", "reason", "run_id"),
    ),
    Table(
        "runs",
        "Flow runs.",
        "run",
        ("run_id",),
        _cols("run_id flow_name status started_at finished_at duration_s settings_json versions_json"),
        required=("flow_name", "status", "started_at"),
    ),
    Table("stage_results", "What each stage of a run made.", "stage of a run", ("run_id", "stage"),
          _cols("run_id stage n_in n_out n_rejected n_reused started_at duration_s"), required=("n_in", "n_out", "n_rejected", "n_reused")),
    Table("expectation_results", "What was checked, and whether it held.", "expectation checked on a part of a stage",
          ("run_id", "stage", "part_key", "table_name", "expectation"),
          _cols("run_id stage part_key table_name expectation severity "
              "success n_checked n_failed detail"), required=("severity", "success")),
    Table("rules", "Every rule that can make a row.", "rule", ("rule_id",),
          _cols("rule_id kind version meaning example n_hits precision n_labelled"), required=("kind", "version", "meaning", "n_hits")),
)  # fmt: skip

STAGES: dict[str, tuple[Table, ...]] = {
    "land": LAND_TABLES,
    "clean": CLEAN_TABLES,
    "extract": EXTRACT_TABLES,
    "link": LINK_TABLES,
}
CONTENT_STAGES = ("land", "clean", "extract")
TABLES: dict[str, Table] = {t.name: t for group in (*STAGES.values(), RUN_TABLES) for t in group}
WAREHOUSE_TABLES = tuple(t for t in TABLES.values() if t.name != "documents_landed")
"""Tables that DuckDB holds; documents_landed repeats every text and stays in the lake."""
