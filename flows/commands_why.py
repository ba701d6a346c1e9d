"""dateline why: from any row back to its sentence, its rule and the characters of the file that it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flows.call import Call, opened
from flows.commands_proof import Proof, prove
from flows.commands_row import Part, Row, Why, explain, many, one, spans_of
from flows.errors import UnknownName
from flows.show import cell, count_of, on_terminal, one_line, print_json, print_rows

if TYPE_CHECKING:
    import duckdb

ROWS = {
    "doc": "documents", "blk": "blocks", "seg": "segments", "pst": "entries", "sen": "sentences", "men": "mentions",
    "tim": "times", "quo": "quotes", "evt": "events", "fig": "figures",
}  # fmt: skip
"""Prefix of an id -> the table that it is the key of."""
GROUPS = {
    "ent": "entity", "loc": "entity within its document", "cpy": "group of copies", "sto": "story", "hap": "happening",
    "top": "topic of figures", "rem": "remark", "dis": "dispute",
}  # fmt: skip
"""Prefix of an id -> what the rows that share it are."""
SHOWN = 50
CONTEXT_CHARS = 900
FACTS = {
    "events": (
        "event_type", "modes", "contexts", "status", "date_start", "date_end", "date_precision", "date_basis", "dead", "injured", "size",
    ),
    "quotes": ("kind", "speaker_status"),
    "figures": ("value_low", "value_high", "comparator", "unit", "currency", "measure", "counted", "as_of_start", "as_of_end"),
    "mentions": ("label", "mention_kind", "country", "sectors", "geonames_id"),
    "times": ("timex_type", "value", "date_start", "date_end", "precision", "basis"),
    "segments": ("kind", "confidence"),
    "entries": ("kind", "title", "author", "posted_at", "posted_local"),
    "blocks": ("tag", "css_class", "role", "extractor_kept"),
    "documents": ("title", "publisher", "published_date", "published_basis", "language", "origin", "url"),
    "sentences": (),
}  # fmt: skip


def why(call: Call, asked: str, *, as_json: bool) -> None:
    """Tells what a row, a group of rows, or a file rests on.

    Raises:
        UnknownName: no row has this id, and no file this name.
    """
    prefix, _, rest = asked.partition("_")
    if rest and prefix == "rej":
        _print_reject(call, asked, as_json=as_json)
        return
    with opened(call) as con:
        if rest and (prefix == "cor" or _is_gone(con, asked)):
            _print_corrections(con, asked, as_json=as_json)
        elif rest and prefix in GROUPS:
            _print_group(call, con, asked, as_json=as_json)
        elif rest and prefix in ROWS and prefix != "doc":
            found = explain(con, ROWS[prefix], asked)
            proved, corrections = _prove(call, found), corrections_of(con, asked)
            print_json(_as_dict(call, found, proved, corrections)) if as_json else _print_why(call, found, proved, corrections)
        else:
            from flows.commands_file import why_file

            why_file(call, con, asked, as_json=as_json)


# --- telling --------------------------------------------------------------------------------------------------


def _prove(call: Call, found: Why) -> Proof:
    return prove(call.settings.at_home(), call.settings, found.landings[0] if found.landings else None, spans_of(found))


def marked(text: str, context: tuple[int, int], span: tuple[int, int]) -> str:
    """The context in one line with the span marked; long contexts are cut on both sides."""
    start = max(context[0], span[0] - CONTEXT_CHARS // 2)
    end = min(context[1], max(span[1], span[0]) + CONTEXT_CHARS // 2)
    before, inside, after = (one_line(text[a:b]).replace("\\n", " ") for a, b in ((start, span[0]), span, (span[1], end)))
    if len(inside) > CONTEXT_CHARS:
        inside = f"{inside[: CONTEXT_CHARS // 2]} … {inside[-CONTEXT_CHARS // 2 :]}"
    left, right = ("\x1b[1;33m", "\x1b[0m") if on_terminal() else (">>", "<<")
    return f"{'… ' if start > context[0] else ''}{before}{left}{inside}{right}{after}{' …' if end < context[1] else ''}".strip()


def label_line(label: str, text: str) -> str:
    """A label and what belongs to it, in columns."""
    return f"  {label:<10} {text}".rstrip()


def _print_why(call: Call, found: Why, proof: Proof, corrections: Sequence[Row]) -> None:
    facts = [f"{name} {cell(found.row[name])}" for name in FACTS[found.table] if found.row.get(name) not in (None, [])]
    print(f"{found.row_id}  ({found.table})\n")
    print(label_line("text", marked(found.text, found.context, found.span)))
    print(label_line("where", f"characters {found.span[0]}-{found.span[1]} of documents.text"))
    if facts:
        print(label_line("facts", facts[0]))
        print("\n".join(label_line("", fact) for fact in facts[1:])) if facts[1:] else None
    for part in found.parts:
        more = "  ".join(x for x in (f"= {part.means}" if part.means else "", part.row_id or "") if x)
        print(label_line(part.label, f"{one_line(part.text)[:200]}  {more}"))
    print()
    _print_rule(found)
    print_chain(found.document, found.parents)
    for landing in found.landings[:3]:
        print("\n".join(landing_lines(call, landing)))
    if len(found.landings) > 3:
        print(label_line("", f"and {count_of(len(found.landings) - 3, 'more arrival')}"))
    print_proof(proof)
    for line in correction_lines(corrections):
        print(line)


def _print_rule(found: Why) -> None:
    if found.row.get("rule_id"):
        print(label_line("rule", found.row["rule_id"]))
        if found.rule:
            print(label_line("", f"{one_line(found.rule['meaning'])}  ({found.rule['kind']}, version {found.rule['version']})"))
    print(label_line("made by", found.maker_version or "unknown"))


def print_chain(document: Row, parents: Sequence[tuple[str, str]]) -> None:
    """The steps up to the document, and what the document is."""
    print(label_line("part of", " < ".join(row_id for _, row_id in parents)))
    said = (document["title"], document["publisher"], document["published_date"])
    print(label_line("", ", ".join(cell(x) for x in said if x is not None) or "no title, publisher or date"))


def landing_lines(call: Call, landing: Row) -> list[str]:
    """Where a document came from and where its bytes lie."""
    record = f", record {landing['source_record']}" if landing["source_record"] else ""
    raw = call.settings.at_home().raw_object(landing["object_sha256"])
    return [label_line("file", f"{landing['source_uri']}{record}, landed {cell(landing['landed_at'])}"), label_line("stored as", str(raw))]


def print_proof(proof: Proof) -> None:
    """Proved or not, and where in the bytes."""
    where = f" (bytes {proof.bytes[0]}-{proof.bytes[1]})" if proof.bytes else ""
    word = f"proved: {proof.words}{where}" if proof.proved else f"NOT proved: {proof.words}"
    colour = ("\x1b[32m" if proof.proved else "\x1b[1;31m", "\x1b[0m") if on_terminal() else ("", "")
    print(label_line("proof", f"{colour[0]}{word}{colour[1]}"))


def proof_dict(proof: Proof) -> Row:
    """The proof for programs."""
    start, end = proof.bytes or (None, None)
    return {"proved": proof.proved, "words": proof.words, "byte_start": start, "byte_end": end}


def _as_dict(call: Call, found: Why, proof: Proof, corrections: Sequence[Row]) -> Row:
    return {
        "id": found.row_id,
        "table": found.table,
        "row": found.row,
        "text": found.text[slice(*found.span)],
        "context": {"start_char": found.context[0], "end_char": found.context[1], "text": found.text[slice(*found.context)]},
        "parts": [_part_dict(p) for p in found.parts],
        "rule": found.rule,
        "maker_version": found.maker_version,
        "parents": [{"table": table, "id": row_id} for table, row_id in found.parents],
        "files": [{**x, "stored_as": str(call.settings.at_home().raw_object(x["object_sha256"]))} for x in found.landings],
        "proof": proof_dict(proof),
        "corrections": list(corrections),
    }  # fmt: skip


def _part_dict(part: Part) -> Row:
    start, end = part.span or (None, None)
    return {"label": part.label, "text": part.text, "id": part.row_id, "means": part.means, "start_char": start, "end_char": end}


# --- groups ---------------------------------------------------------------------------------------------------


def _print_group(call: Call, con: duckdb.DuckDBPyConnection, group_id: str, *, as_json: bool) -> None:
    kind = GROUPS[group_id[:3]]
    rows = many(con, "select table_name, row_id, text, publisher, published_date, source_uri, evidence_text from evidence(?)", group_id)
    if not rows:
        raise UnknownName(f'no row belongs to {kind} "{group_id}"', hint="ids of groups change when documents are added; look it up again")
    head = {"ent": ("entities", "entity_id"), "sto": ("stories", "story_id"), "dis": ("disputes", "dispute_id")}.get(group_id[:3])
    own = one(con, f"select * from {head[0]} where {head[1]} = ?", group_id) if head else None
    corrections = corrections_of(con, group_id)
    if as_json:
        print_json({"id": group_id, "kind": kind, "row": own, "rows": rows, "corrections": corrections})
        return
    print(f"{group_id}  ({kind})\n")
    for name, value in (own or {}).items():
        if value not in (None, []):
            print(f"  {name:<14} {cell(value)}")
    for line in correction_lines(corrections):
        print(line)
    print("\n" if own or corrections else "", end="")
    print(f"{count_of(len(rows), 'row')} belong to it:\n" if len(rows) != 1 else "one row belongs to it:\n")
    short = [(r["row_id"], cut(r["text"], 60), r["publisher"], r["published_date"]) for r in rows[:SHOWN]]
    print_rows(("id", "text", "publisher", "date"), short)
    if len(rows) > SHOWN:
        print(f"and {count_of(len(rows) - SHOWN, 'more row')}: {call.typed(f'why {group_id} --json')}")
    print(f"\neach of them: {call.typed('why ' + rows[0]['row_id'])}")


def cut(text: str | None, length: int) -> str:
    """The text in one line, at most this long.

    >>> cut("one two three", 8)
    'one two…'
    """
    words = one_line(re.sub(r"\s+", " ", text or "").strip())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"


# --- corrections ----------------------------------------------------------------------------------------------


def corrections_of(con: duckdb.DuckDBPyConnection, asked: str) -> list[Row]:
    """The correction with this id, or those that a row or an entity was corrected by, the oldest first."""
    return many(
        con,
        "select * from corrections where correction_id = ? or list_contains(target_ids, ?) or list_contains(with_ids, ?) "
        "order by corrected_on, correction_id",
        *(asked, asked, asked),
    )


def _is_gone(con: duckdb.DuckDBPyConnection, asked: str) -> bool:
    """Was the row rejected, or is the entity a part of another one since it was merged?"""
    if asked.startswith("ent_"):
        merged = any(c["action"] == "merge" for c in corrections_of(con, asked))
        return merged and one(con, "select entity_id from entities where entity_id = ?", asked) is None
    return any(c["action"] == "reject" for c in corrections_of(con, asked))


def correction_lines(corrections: Iterable[Row]) -> Iterable[str]:
    """Who corrected what and why, and what of it had no effect."""
    for row in corrections:
        yield label_line(
            "corrected", f"{row['action']} of {row['target_table']}, {cell(row['corrected_on'])}, by {row['author']}: {row['reason']}"
        )
        yield label_line("", row["correction_id"])
        if not row["applied"]:
            yield label_line("", f"not in full: {row['note']}")


def _print_corrections(con: duckdb.DuckDBPyConnection, asked: str, *, as_json: bool) -> None:
    """A correction, or the corrections that took a row or an entity away.

    Raises:
        UnknownName: there is none of this id.
    """
    found = corrections_of(con, asked)
    if not found:
        raise UnknownName(f'table corrections has no row "{asked}"', hint="the id changes with what a correction does and to what")
    gone = not asked.startswith("cor_")
    if as_json:
        print_json({"id": asked, "kind": "corrected away" if gone else "correction", "corrections": found})
        return
    merged = asked.startswith("ent_")
    said = "merged into another entity" if merged else "rejected: in no table, but still in the lake" if gone else "corrections"
    print(f"{asked}  ({said})\n")
    for row in found:
        for line in correction_lines([row]):
            print(line)
        for label, ids in (("rows", row["target_ids"]), ("with them", row["with_ids"])):
            for number, row_id in enumerate(ids):
                print(label_line(label if number == 0 else "", row_id))


# --- rejects --------------------------------------------------------------------------------------------------


def _print_reject(call: Call, reject_id: str, *, as_json: bool) -> None:
    from flows.commands_check import files_of, with_file
    from warehouse.lake import read_run_table

    # from the run tables, not from the warehouse: what was set aside can be asked for although nothing was loaded
    rows = read_run_table(call.settings.at_home(), "rejects").to_pylist()
    row = next((with_file(r, files_of(call.settings.at_home())) for r in rows if r["reject_id"] == reject_id), None)
    if row is None:
        raise UnknownName(f'table rejects has no row "{reject_id}"', hint=f"see: {call.typed('rejects')}")
    if as_json:
        print_json(row)
        return
    print(f"{reject_id}  (set aside in stage {row['stage']})\n")
    for line in reject_lines(call, row):
        print(line)


def reject_lines(call: Call, row: Row) -> Iterable[str]:
    """What was set aside, why, and where its bytes lie."""
    yield label_line("reason", f"{row['reason']} ({row['reason_code']})")
    if row["detail"]:
        yield label_line("detail", one_line(row["detail"]))
    if row["row_id"]:
        yield label_line("row", f"{row['table_name']} {row['row_id']}")
    if row["document_id"]:
        yield label_line("document", row["document_id"])
    if row["source_uri"]:
        yield label_line("file", row["source_uri"] + (f", record {row['source_record']}" if row["source_record"] else ""))
    if row["object_sha256"]:
        yield label_line("stored as", str(call.settings.at_home().raw_object(row["object_sha256"])))


def uri_endings(asked: str) -> tuple[str, str]:
    """What the URI of an asked file is, or ends with."""
    return Path(asked).expanduser().absolute().as_uri(), "/" + quote(asked.lstrip("./"))
