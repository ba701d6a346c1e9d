"""Rules are data: every rule that can make a row has an id, a reason and examples of our own."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.schema import Row

FOLDER = Path(__file__).parent


@cache
def load_rules(name: str) -> dict[str, Any]:
    """The parsed ``transforms/rules/<name>.toml``; read once per process."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def all_rules() -> list[Row]:
    """One row per entry of any rule file that has an id and a reason; columns of table ``rules`` without n_hits.

    Raises:
        ValueError: two entries have the same id.
    """
    out: dict[str, Row] = {}
    for path in sorted(FOLDER.rglob("*.toml")):
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        data = load_rules(name)
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for entry in _entries(data):
            if entry["id"] in out:
                raise ValueError(f"rule {entry['id']} is declared twice, in {out[entry['id']]['kind']} and {name}")
            example = next((entry[k] for k in ("example", "examples") if entry.get(k)), None)
            first = example[0] if isinstance(example, list) else example
            text = first if isinstance(first, str | None) else first.get("text") or json.dumps(first, ensure_ascii=False)
            out[entry["id"]] = {"rule_id": entry["id"], "kind": name, "version": version, "meaning": entry["reason"], "example": text}
    return list(out.values())


def _entries(value: Any) -> Iterator[dict[str, Any]]:
    """Every table of a parsed file that has an id and a reason."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str) and isinstance(value.get("reason"), str):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _entries(item)
