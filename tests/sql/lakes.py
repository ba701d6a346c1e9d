"""Makes a small lake from a description in YAML: texts line by line, and rows whose spans are given by their words.

``at: words`` becomes start_char, end_char, text, document_id and sentence_id; ``speaker``, ``cue`` and ``trigger``
become their spans, found from the start of the sentence on, else anywhere; ``in: words`` says where to look for ``at``; ``pieces``
are the contents of a quotation that its cue interrupts. All other keys are columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from warehouse.lake import Home, Manifest, commit_part, part_key, stage_part, write_run_table
from warehouse.schema import EVENT_TYPES, READ_KINDS, STAGES, Row

HERE = Path(__file__).parent
WORLD = HERE / "world.yaml"
RULE = "test.rule"
DEFAULTS: dict[str, Row] = {
    "mentions": {"label": "PERSON", "mention_kind": "name", "rule_id": RULE},
    "times": {"timex_type": "DATE", "basis": "explicit", "rule_id": RULE},
    "quotes": {"kind": "indirect", "speaker_status": "named", "rule_id": RULE},
    "events": {"modes": [], "contexts": [], "intensity": 0.0, "status": ["asserted"], "rule_id": RULE},
    "figures": {"comparator": "equal", "unit": "item", "measure": "count", "rule_id": RULE},
    "entities": {"n_documents": 1, "n_mentions": 1, "label": "PERSON"},
    "entity_names": {"n_mentions": 1},
    "copy_groups": {"relation": "original", "similarity": 1.0},
}
SPANS = ("speaker", "cue", "trigger")


def read_world(path: Path = WORLD) -> dict[str, Any]:
    """The description as it stands in the file."""
    return dict(yaml.safe_load(path.read_text("utf-8")))


def write_lake(home: Home, world: Mapping[str, Any]) -> dict[str, list[str]]:
    """Writes the lake, a part for each document, and the run tables; gives the keys of the parts by stage."""
    keys: dict[str, list[str]] = {stage: [] for stage in STAGES}
    for document_id, said in world["documents"].items():
        rows = document_rows(document_id, said, world)
        for stage in ("land", "clean", "extract"):
            keys[stage].append(_write_part(home, stage, document_id, rows))
    link = {t.name: [_with_defaults(t.name, row) for row in world.get(t.name, ())] for t in STAGES["link"]}
    keys["link"].append(_write_part(home, "link", "all", link))
    for name in ("landings", "rejects", "runs", "stage_results", "expectation_results"):
        for i, row in enumerate(world.get(name, ())):
            write_run_table(home, name, f"{name}-{i}", [row])
    return keys


def document_rows(document_id: str, said: Mapping[str, Any], world: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Rows of land, clean and extract of one document."""
    text = "\n".join(words for _, words in said["lines"])
    fields = {k: v for k, v in said.items() if k not in ("lines", "entries")}
    landed = {
        "document_id": document_id,
        "media_type": "text/plain",
        "raw_sha256": f"raw of {document_id}",
        "text_sha256": f"text of {document_id}",
        "text": text,
        "published_basis": "metadata" if said.get("published_date") else "none",
        "source_said": "{}",
        "maker_version": "land-1",
    }
    rows: dict[str, list[Row]] = {name: [] for stage in ("land", "clean", "extract") for name in (t.name for t in STAGES[stage])}
    rows["documents_landed"].append(landed)
    n_body = sum(len(words) for kind, words in said["lines"] if kind == "body")
    rows["documents"].append({**landed, "n_chars": len(text), "n_body_chars": n_body, "authors": [], **fields, "maker_version": "clean-1"})
    rows["blocks"].extend(b for b in world.get("blocks", ()) if b["document_id"] == document_id)
    _add_segments(rows, document_id, said)
    for name in ("mentions", "times", "quotes", "events", "figures"):
        for row in world.get(name, ()):
            if row["document"] == document_id:
                _add_row(rows, name, row, text)
    return rows


def _add_segments(rows: dict[str, list[Row]], document_id: str, said: Mapping[str, Any]) -> None:
    start, lines = 0, said["lines"]
    for entry in said.get("entries", ()):
        spans = [sum(len(words) + 1 for _, words in lines[:n]) for n in entry["lines"]]
        fields = {k: v for k, v in entry.items() if k != "lines"}
        rows["entries"].append(
            {
                "document_id": document_id,
                "position": len(rows["entries"]),
                "kind": "live_post",
                "start_char": spans[0],
                "end_char": spans[1] - 1,
                **fields,
            }
        )
    for i, (kind, words) in enumerate(lines):
        end = start + len(words) + (i + 1 < len(lines))
        entry_id = next((e["entry_id"] for e in rows["entries"] if e["start_char"] <= start < e["end_char"]), None)
        segment = {
            "segment_id": f"seg_{document_id}_{i}",
            "document_id": document_id,
            "entry_id": entry_id,
            "position": i,
            "start_char": start,
        }
        rows["segments"].append({**segment, "end_char": end, "kind": kind, "rule_id": f"clean.{kind}", "confidence": 0.9})
        if kind in READ_KINDS:
            for found in re.finditer(r"\S.*?[.!?][”\"]?(?=\s|$)|\S.+$", words):
                rows["sentences"].append(
                    {
                        **segment,
                        "sentence_id": f"sen_{document_id}_{len(rows['sentences'])}",
                        "position": len(rows["sentences"]),
                        "start_char": start + found.start(),
                        "end_char": start + found.end(),
                        "text": found.group(),
                    }
                )
        start = end


def _add_row(rows: dict[str, list[Row]], name: str, given: Row, text: str) -> None:
    row = _with_defaults(name, given)
    document_id = row.pop("document")
    start = text.index(row["at"], text.index(row.pop("in", "")))
    end = start + len(row.pop("at"))
    sentence = next(s for s in rows["sentences"] if s["start_char"] <= start < s["end_char"])
    row |= {
        "document_id": document_id,
        "start_char": start,
        "end_char": end,
        "text": text[start:end],
        "sentence_id": sentence["sentence_id"],
    }
    for key in SPANS:
        if key in row:
            words = row.pop(key)
            at = text.find(words, sentence["start_char"])
            at = text.index(words) if at < 0 else at
            row |= {f"{key}_start_char": at, f"{key}_end_char": at + len(words)}
    for role in row.pop("roles", ()):
        at = text.index(role["at"], sentence["start_char"])
        rows["event_roles"].append(
            {
                "event_id": row["event_id"],
                "document_id": document_id,
                "start_char": at,
                "end_char": at + len(role["at"]),
                "text": role["at"],
                "link": "clause",
                **{k: v for k, v in role.items() if k != "at"},
            }
        )
    if name == "events":
        row["quad"] = EVENT_TYPES[row["event_type"]]
    if name == "quotes":
        for position, piece in enumerate(row.pop("pieces", [row["text"]])):
            at = text.index(piece, start)
            span = {"start_char": at, "end_char": at + len(piece), "text": piece}
            rows["quote_spans"].append({"quote_id": row["quote_id"], "position": position, "document_id": document_id, **span})
    rows[name].append(row)


def _with_defaults(name: str, row: Row) -> Row:
    return {**DEFAULTS.get(name, {}), **row}


def _write_part(home: Home, stage: str, made_from: str, rows: Mapping[str, list[Row]]) -> str:
    version = f"{stage}-1"
    key = part_key(stage, version, made_from)
    tables = {t.name: t.conform(rows[t.name]) for t in STAGES[stage]}
    counts = {name: table.num_rows for name, table in tables.items()}
    manifest = Manifest(stage, key, version, [made_from], 1, 1, 0, counts)
    commit_part(home, stage_part(home, manifest, tables, {}))
    return key


def rules() -> list[Row]:
    """The rules that the rows name, but for those of live segment headers."""
    kinds = {
        RULE: "made by hand",
        "clean.body": "body",
        "clean.byline": "Names who wrote it.",
        "clean.promo": "Asks to subscribe.",
        "clean.title": "title",
    }
    return [{"rule_id": rule_id, "kind": "test", "version": "1", "meaning": meaning, "example": None} for rule_id, meaning in kinds.items()]
