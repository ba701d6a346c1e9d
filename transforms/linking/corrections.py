"""Corrections that people made, as their file says them: entities merged or split, rows rejected or confirmed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from warehouse.schema import CORRECTED_TABLES, CORRECTION_ACTIONS, ENTITY_LABELS, TABLES, make_id

TABLE_OF = {"men": "mentions", "quo": "quotes", "evt": "events", "fig": "figures", "dis": "disputes"}
"""Prefix of an id -> table of the rows that can be rejected or confirmed."""

KEY_OF = {name: TABLES[name].key[0] for name in CORRECTED_TABLES}
"""Table -> column that its rows are corrected by."""

_KEYS = (*CORRECTION_ACTIONS, "label", "spellings", "documents", "reason", "author", "date")
_ID = re.compile(r"[a-z]{3}_\S+")


@dataclass(frozen=True, slots=True)
class Correction:
    """One ``[[correction]]``, checked.

    ``targets`` are ids of rows of ``table``, for entities ids or names with ``label``. ``spellings`` and ``documents`` tell
    which mentions a split takes out.
    """

    action: str
    table: str
    targets: tuple[str, ...]
    label: str | None
    spellings: tuple[str, ...]
    documents: tuple[str, ...]
    reason: str
    author: str
    on: date

    @property
    def correction_id(self) -> str:
        """The same for the same targets, whatever reason, author and day are."""
        parts = ("\x1e".join(items) for items in (self.targets, (self.label or "",), self.spellings, self.documents))
        return make_id("cor", self.action, *parts)

    @property
    def target_names(self) -> list[str] | None:
        """The targets that are names of entities; None where there are none."""
        return [t for t in self.targets if self.table == "entities" and not is_id(t)] or None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a correction: the ids that it was applied to, and in words what it was not; None if nothing is missing."""

    ids: tuple[str, ...]
    note: str | None


def is_id(target: str) -> bool:
    """Is it the id of an entity, and not a name?"""
    return target.startswith("ent_")


def make_corrections(parsed: Mapping[str, Any]) -> tuple[Correction, ...]:
    """The corrections of a parsed ``corrections.toml``, in the order of the file.

    Raises ``ValueError`` that names the entry for anything that is not understood, said twice or contradicts another entry.

    >>> entry = {"merge": ["Kyiv", "Kiev"], "label": "GPE", "reason": "one town", "author": "A. Mora", "date": date(2026, 5, 2)}
    >>> make_corrections({"correction": [entry]})[0].targets
    ('Kyiv', 'Kiev')
    """
    unknown = sorted(set(parsed) - {"correction"})
    if unknown:
        raise ValueError(f"unknown table {unknown[0]!r}; only [[correction]] is read")
    entries = parsed.get("correction", [])
    if not isinstance(entries, list):
        raise ValueError("correction must be written as [[correction]]")
    made = tuple(_correction(f"entry {number}", raw) for number, raw in enumerate(entries, 1))
    _refuse_repeats(made)
    return made


def _refuse_repeats(made: Sequence[Correction]) -> None:
    """Nothing is said twice, and no row is both rejected and confirmed."""
    first: dict[str, int] = {}
    judged: dict[str, tuple[str, int]] = {}
    for number, correction in enumerate(made, 1):
        if first.setdefault(correction.correction_id, number) != number:
            raise ValueError(f"entry {number} says the same as entry {first[correction.correction_id]}")
        for target in correction.targets if correction.table != "entities" else ():
            action, before = judged.setdefault(target, (correction.action, number))
            if before != number:
                raise ValueError(f"entry {number}: {target} stands in entry {before} ({action}) already")


def _correction(where: str, raw: Any) -> Correction:
    if not isinstance(raw, dict):
        raise ValueError(f"{where} is no table; write [[correction]] above it")
    unknown = sorted(set(raw) - set(_KEYS))
    if unknown:
        raise ValueError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(_KEYS)}")
    actions = [a for a in CORRECTION_ACTIONS if a in raw]
    if len(actions) != 1:
        raise ValueError(f"{where} needs exactly one of {', '.join(CORRECTION_ACTIONS)}")
    action = actions[0]
    where = f"{where} ({action})"
    on = raw.get("date")
    if not isinstance(on, date) or isinstance(on, datetime):
        raise ValueError(f"{where}: date must be a day without quotes, such as date = 2026-05-02")
    targets = _texts(where, action, raw[action])
    entities = action in ("merge", "split")
    if not entities:
        targets = tuple(sorted(targets))
    said = {key: _texts(where, key, raw[key]) if key in raw else () for key in ("spellings", "documents")}
    correction = Correction(
        action=action,
        table="entities" if entities else _table(where, targets),
        targets=targets,
        label=_text(where, "label", raw["label"]) if "label" in raw else None,
        reason=_text(where, "reason", raw.get("reason")),
        author=_text(where, "author", raw.get("author")),
        on=on,
        spellings=said["spellings"],
        documents=said["documents"],
    )
    _check(where, correction)
    return correction


def _check(where: str, correction: Correction) -> None:
    """What belongs to one kind of correction alone is there, and nowhere else."""
    if correction.action != "split" and (correction.spellings or correction.documents):
        raise ValueError(f"{where}: spellings and documents belong to split")
    if correction.action == "split" and not (correction.spellings or correction.documents):
        raise ValueError(f"{where} needs spellings or documents: which mentions are the other entity's?")
    if correction.action == "split" and len(correction.targets) != 1:
        raise ValueError(f"{where} takes one entity")
    if correction.action == "merge" and len(correction.targets) < 2:
        raise ValueError(f"{where} needs two entities or more")
    if correction.label is not None and correction.label not in ENTITY_LABELS:
        raise ValueError(f"{where}: label {correction.label!r} is none of {', '.join(ENTITY_LABELS)}")
    if (correction.table == "entities" and correction.target_names is not None) != (correction.label is not None):
        raise ValueError(f"{where}: a label belongs to entities that are given by name, and only to them")


def _table(where: str, targets: Sequence[str]) -> str:
    """The one table that all ids are of."""
    found = {t: TABLE_OF.get(t[:3]) if _ID.fullmatch(t) else None for t in targets}
    wrong = next((t for t, table in found.items() if table is None), None)
    if wrong is not None:
        raise ValueError(f"{where}: {wrong!r} is no id of {', '.join(CORRECTED_TABLES)}")
    tables = sorted({table for table in found.values() if table})
    if len(tables) != 1:
        raise ValueError(f"{where}: ids of {' and '.join(tables)} in one entry; write an entry for each table")
    return tables[0]


def _texts(where: str, key: str, value: Any) -> tuple[str, ...]:
    """The items of a list, each once; a single text counts as a list of one."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not items:
        raise ValueError(f"{where}: {key} must be a list of texts")
    texts = tuple(_text(where, key, item) for item in items)
    if len(set(texts)) != len(texts):
        raise ValueError(f"{where}: {key} names one thing twice")
    return texts


def _text(where: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: {key} must be a text that is not empty")
    return value.strip()
