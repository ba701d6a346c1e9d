"""All that a row of the warehouse rests on: its sentence, its parts, its rule, its parents, its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.commands_proof import Span
from flows.errors import UnknownName

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

STAGE_OF = {"blocks": "land", "documents": "clean", "segments": "clean", "entries": "clean"}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the row consists of: a role, a speaker, a time. ``means`` is what it was found to be."""

    label: str
    text: str
    row_id: str | None = None
    means: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """All that a row rests on."""

    table: str
    row_id: str
    row: Row
    document: Row
    text: str
    span: tuple[int, int]
    context: tuple[int, int]
    parts: list[Part]
    rule: Row | None
    maker_version: str | None
    parents: list[tuple[str, str]]
    landings: list[Row]


def explain(con: duckdb.DuckDBPyConnection, table: str, row_id: str) -> Why:
    """Gathers what stands behind a row.

    Raises:
        UnknownName: the table has no row of this id.
    """
    from warehouse.schema import TABLES

    row = one(con, f'select * from "{table}" where "{TABLES[table].key[0]}" = ?', row_id)
    if row is None:
        raise UnknownName(f'table {table} has no row "{row_id}"', hint="ids change when the text or the maker changes; look it up again")
    document = one(con, "select * from documents where document_id = ?", row["document_id"])
    if document is None:
        raise UnknownName(f"document {row['document_id']} of this row was set aside", hint="see: dateline rejects")
    span = (row["start_char"], row["end_char"])
    text: str = document["text"]
    rule = one(con, "select * from rules where rule_id = ?", row["rule_id"]) if row.get("rule_id") else None
    return Why(
        table, row_id, row, document, text, span, _context(con, table, row, text), _parts(con, table, row, text), rule,
        maker_version(con, STAGE_OF.get(table, "extract"), document), _parents(con, table, row), landings_of(con, row["document_id"]),
    )  # fmt: skip


def one(con: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> Row | None:
    """The first row as a dict, or None."""
    found = many(con, query, *parameters)
    return found[0] if found else None


def many(con: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[Row]:
    """The rows as dicts."""
    cursor = con.execute(query, list(parameters))
    names = [c[0] for c in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def landings_of(con: duckdb.DuckDBPyConnection, document_id: str) -> list[Row]:
    """Arrivals of a document, the first one first."""
    return many(con, "select * from landings where document_id = ? order by landed_at, source_uri, source_record", document_id)


def maker_version(con: duckdb.DuckDBPyConnection, stage: str, document: Row) -> str | None:
    """Version of what made the rows of a stage."""
    if stage == "clean":
        return str(document["maker_version"])
    found = one(con, "select value from warehouse_info where key = ?", f"maker_version_{stage}")
    return found["value"] if found else None


def _context(con: duckdb.DuckDBPyConnection, table: str, row: Row, text: str) -> tuple[int, int]:
    """The sentences that the row touches; for rows without sentences its own span."""
    start, end = row["start_char"], row["end_char"]
    if table not in ("blocks", "documents", "segments", "entries"):
        spans = [(row[f"{x}_start_char"], row[f"{x}_end_char"]) for x in ("cue", "speaker") if row.get(f"{x}_start_char") is not None]
        first, last = min([start, *(a for a, _ in spans)]), max([end, *(b for _, b in spans)])
        around = one(
            con,
            "select min(start_char) as s, max(end_char) as e from sentences where document_id = ? and start_char < ? and end_char > ?",
            row["document_id"], last, first,
        )  # fmt: skip
        if around and around["s"] is not None:
            start, end = min(start, around["s"]), max(end, around["e"])
    return start, end


# --- parts of a row -------------------------------------------------------------------------------------------


def _parts(con: duckdb.DuckDBPyConnection, table: str, row: Row, text: str) -> list[Part]:
    makers = {"events": _event_parts, "quotes": _quote_parts, "figures": _figure_parts, "mentions": _mention_parts}
    return makers[table](con, row, text) if table in makers else []


def _event_parts(con: duckdb.DuckDBPyConnection, row: Row, text: str) -> list[Part]:
    trigger = (row["trigger_start_char"], row["trigger_end_char"])
    parts = [Part("trigger", text[slice(*trigger)], span=trigger)]
    for role in many(
        con,
        "select r.*, e.name from event_roles r left join entities e on e.entity_id = r.entity_id where r.event_id = ? "
        "order by list_position(['actor', 'recipient', 'place', 'instrument'], r.role), r.start_char",
        row["event_id"],
    ):
        link = "" if role["link"] == "clause" else f"by {role['link']}"
        parts.append(Part(role["role"], role["text"], role["mention_id"], ", ".join(filter(None, (role["name"], link))), _span(role)))
    return [*parts, *_time_part(con, row["time_id"], "time"), *_voice(con, row["quote_id"])]


def _quote_parts(con: duckdb.DuckDBPyConnection, row: Row, text: str) -> list[Part]:
    parts = [
        Part("content", piece["text"], span=_span(piece))
        for piece in many(con, "select * from quote_spans where quote_id = ? order by position", row["quote_id"])
    ]
    for label in ("cue", "speaker"):
        start, end = row[f"{label}_start_char"], row[f"{label}_end_char"]
        if start is not None:
            name = _entity_name(con, row["speaker_entity_id"]) if label == "speaker" else None
            parts.append(Part(label, text[start:end], row["speaker_mention_id"] if label == "speaker" else None, name, (start, end)))
    return [*parts, *_voice(con, row["parent_quote_id"], "told by")]


def _figure_parts(con: duckdb.DuckDBPyConnection, row: Row, text: str) -> list[Part]:
    parts: list[Part] = []
    for label in ("subject", "place"):
        mention = one(con, "select * from mentions where mention_id = ?", row[f"{label}_mention_id"])
        if mention:
            parts.append(Part(label, mention["text"], mention["mention_id"], _entity_name(con, mention["entity_id"]), _span(mention)))
    whole = one(con, "select * from figures where figure_id = ?", row["part_of_figure_id"])
    if whole:
        parts.append(Part("part of", whole["text"], whole["figure_id"], span=_span(whole)))
    return [*parts, *_time_part(con, row["as_of_time_id"], "as of"), *_voice(con, row["quote_id"])]


def _mention_parts(con: duckdb.DuckDBPyConnection, row: Row, text: str) -> list[Part]:
    name = _entity_name(con, row["entity_id"])
    return [Part("entity", name, row["entity_id"])] if name else []


def _time_part(con: duckdb.DuckDBPyConnection, time_id: str | None, label: str) -> list[Part]:
    time = one(con, "select * from times where time_id = ?", time_id)
    return [Part(label, time["text"], time_id, time["value"], _span(time))] if time else []


def _voice(con: duckdb.DuckDBPyConnection, quote_id: str | None, label: str = "said by") -> list[Part]:
    """Who says so, if the row stands in what somebody said."""
    said = one(con, "select q.*, s.speaker from quotes q join speakers s on s.quote_id = q.quote_id where q.quote_id = ?", quote_id)
    return [Part(label, said["speaker"] or "nobody who was found", quote_id, said["speaker_status"])] if said else []


def _entity_name(con: duckdb.DuckDBPyConnection, entity_id: str | None) -> str | None:
    found = one(con, "select name from entities where entity_id = ?", entity_id)
    return found["name"] if found else None


def _span(row: Row) -> tuple[int, int]:
    return row["start_char"], row["end_char"]


def _parents(con: duckdb.DuckDBPyConnection, table: str, row: Row) -> list[tuple[str, str]]:
    """From the row up to its document: table and id of each step."""
    chain = [("sentences", row["sentence_id"])] if row.get("sentence_id") and table != "sentences" else []
    sentence = row if table == "sentences" else one(con, "select * from sentences where sentence_id = ?", row.get("sentence_id"))
    if sentence:
        chain.append(("segments", sentence["segment_id"]))
    entry_id = (sentence or row).get("entry_id")
    if entry_id and table != "entries":
        chain.append(("entries", entry_id))
    return [*chain, ("documents", row["document_id"])]


def spans_of(found: Why) -> list[Span]:
    """Every stretch of text that the row claims, its own first."""
    own = Span(found.table, *found.span, found.row.get("text") or found.text[slice(*found.span)])
    return [own, *(Span(p.label, *p.span, p.text) for p in found.parts if p.span)]
