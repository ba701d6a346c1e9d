"""dateline why FILE: the documents of a file, what was taken out of them and by which rule, and what of the file was set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.call import Call, unknown
from flows.commands_proof import Span, name_of, prove
from flows.commands_row import Row, landings_of, maker_version, many, one
from flows.commands_why import cut, label_line, landing_lines, print_proof, proof_dict, reject_lines, uri_endings
from flows.show import cell, count_of, print_json, print_rows

if TYPE_CHECKING:
    import duckdb

SHOWN_DOCUMENTS = 10
REMOVED = "select kind, start_char, end_char, text, rule_id, why, confidence from removed_text where document_id = ?"


def why_file(call: Call, con: duckdb.DuckDBPyConnection, asked: str, *, as_json: bool) -> None:
    """Tells of a file (name, path or URI) or document id what was kept, what was taken out and why.

    Raises:
        UnknownName: nothing of this name has arrived.
    """
    documents, rejects = _find(con, asked)
    if not documents and not rejects:
        names = sorted({name_of(r["source_uri"]) for r in many(con, "select distinct source_uri from landings")})
        hint = "give an id of a row, such as evt_... or quo_..., or the name of a file that was landed"
        raise unknown("row or file", asked, names, hint=hint)
    told = [_tell(call, con, document_id) for document_id in (documents if as_json else documents[:SHOWN_DOCUMENTS])]
    if as_json:
        print_json({"documents": [{**t, "proof": proof_dict(t["proof"])} for t in told], "rejects": rejects})
        return
    for number, one_told in enumerate(told):
        print("\n" if number else "", end="")
        _print_document(call, one_told)
    if len(documents) > SHOWN_DOCUMENTS:
        print(f"\nand {count_of(len(documents) - SHOWN_DOCUMENTS, 'more document')}: {call.typed(f'why {asked} --json')}")
    for row in (_with_file(con, row) for row in rejects):
        print(f"\n{row['reject_id']}  (set aside in stage {row['stage']})\n")
        print("\n".join(reject_lines(call, row)))


def _find(con: duckdb.DuckDBPyConnection, asked: str) -> tuple[list[str], list[Row]]:
    """Ids of the documents of a file, and its rejects; a document id is its own file."""
    if asked.startswith("doc_"):
        document = one(con, "select document_id from documents where document_id = ?", asked)
        return ([asked] if document else []), many(con, "select * from rejects where document_id = ? order by reject_id", asked)
    uri, ending = uri_endings(asked)
    names = "source_uri = ? or source_uri = ? or ends_with(source_uri, ?) or source_record = ?"
    landed = many(
        con,
        f"select document_id from landings where {names} group by document_id order by min(source_uri), min(source_record), document_id",
        *(asked, uri, ending, asked),
    )
    documents = [row["document_id"] for row in landed]
    rejects = many(
        con,
        f"select * from rejects where {names} or document_id in (select unnest(?)) order by source_uri, source_record, reject_id",
        *(asked, uri, ending, asked, documents),
    )
    kept = {r["document_id"] for r in many(con, "select document_id from documents where document_id in (select unnest(?))", documents)}
    return [d for d in documents if d in kept], rejects


def _with_file(con: duckdb.DuckDBPyConnection, reject: Row) -> Row:
    """The reject with the file that its document came from."""
    arrivals = landings_of(con, reject["document_id"]) if reject["document_id"] and not reject["source_uri"] else []
    return reject | ({n: arrivals[0][n] for n in ("source_uri", "source_record", "object_sha256")} if arrivals else {})


def _tell(call: Call, con: duckdb.DuckDBPyConnection, document_id: str) -> Row:
    document = one(con, "select * from documents where document_id = ?", document_id) or {}
    landings = landings_of(con, document_id)
    text = document["text"]
    return {
        "document": {k: v for k, v in document.items() if k != "text"},
        "maker_version": maker_version(con, "clean", document),
        "landings": landings,
        "removed": many(con, REMOVED, document_id),
        "proof": prove(call.settings.at_home(), call.settings, landings[0] if landings else None, [Span("text", 0, len(text), text)]),
    }


def _print_document(call: Call, told: Row) -> None:
    document, removed = told["document"], told["removed"]
    n_removed = sum(r["end_char"] - r["start_char"] for r in removed)
    print(f"{document['document_id']}  (documents)\n")
    for name in ("title", "subtitle", "authors", "publisher", "origin", "language", "url"):
        if document[name]:
            print(label_line(name, cell(document[name])))
    if document["published_date"] or document["published_basis"] != "none":
        when = document["published_at"] or document["published_local"] or document["published_date"]
        print(label_line("published", f"{cell(when)}, from {document['published_basis']}"))
    print(label_line("made by", told["maker_version"] or "unknown"))
    for landing in told["landings"][:3]:
        print("\n".join(landing_lines(call, landing)))
    print_proof(told["proof"])
    if not removed:
        print(f"\nall {count_of(document['n_chars'], 'character')} were kept")
        return
    print(f"\ntaken out: {count_of(n_removed, 'character')} of {document['n_chars']:,}\n")
    columns = ("kind", "at", "characters", "rule", "why")
    print_rows(columns, [(r["kind"], r["start_char"], cut(r["text"], 60), r["rule_id"], cut(r["why"], 90)) for r in removed])
