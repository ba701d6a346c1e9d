"""The rows that stand: tables without what corrections reject, and what became of each correction of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.linking.corrections import KEY_OF, Correction, Verdict
from warehouse.schema import CORRECTED_TABLES, TABLES, Row

HELD = (("events", "quote_id"), ("figures", "quote_id"))
"""What a rejected quotation holds goes with it: nobody knows who says it, and no quotation would mean that the outlet does."""


class Standing(Mapping[str, pa.Table]):
    """The tables without rejected rows and without what belongs to them; other references to them are NULL.

    Tables are read when they are asked for; one that refers to another must be asked for after it, quotations excepted.
    Disputes are made by linking itself: they are seen, and left out when they are loaded.
    """

    def __init__(self, tables: Mapping[str, pa.Table], corrections: Sequence[Correction]) -> None:
        self._tables = tables
        self._corrections = [c for c in corrections if c.table != "entities"]
        self._targets = {t for c in self._corrections for t in c.targets}
        self._gone = {t for c in self._corrections if c.action == "reject" for t in c.targets if c.table != "disputes"}
        self._seen: set[str] = set()
        self._held_by: dict[str, str] = {}

    def __getitem__(self, name: str) -> pa.Table:
        table = self._tables[name]
        if self._targets and name in KEY_OF:
            self.see(table[KEY_OF[name]].filter(_among(table[KEY_OF[name]], self._targets)).to_pylist())
        return self._without(name, table) if self._gone else table

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def see(self, ids: Iterable[str]) -> None:
        """These rows are there."""
        self._seen.update(ids)

    def _without(self, name: str, table: pa.Table) -> pa.Table:
        described = TABLES[name]
        if name in KEY_OF:
            table = table.filter(pc.invert(_among(table[KEY_OF[name]], self._gone)))
        for column, target in described.refs.items():
            if column not in table.column_names or target.split(".")[0] not in CORRECTED_TABLES:
                continue
            hit = _among(table[column], self._gone)
            if (name, column) in HELD:
                self._hold(table.filter(hit), KEY_OF[name])
            if (name, column) in HELD or column in (*described.key, *described.required):
                table = table.filter(pc.invert(hit))
            else:
                place = table.column_names.index(column)
                table = table.set_column(place, table.field(column), pc.if_else(hit, None, table[column]))
        return table

    def _hold(self, rows: pa.Table, key: str) -> None:
        held = dict(zip(rows[key].to_pylist(), rows["quote_id"].to_pylist(), strict=True))
        self._held_by |= held
        self._gone |= set(held)

    def rows(self, of_entities: Mapping[str, Verdict], corrections: Sequence[Correction]) -> list[Row]:
        """The table corrections, by id; ``of_entities`` tells what became of those of entities."""
        rows = []
        for correction in corrections:
            verdict = of_entities.get(correction.correction_id) or self._verdict(correction)
            held = sorted(row for row, quote in self._held_by.items() if correction.action == "reject" and quote in correction.targets)
            rows.append(
                {
                    "correction_id": correction.correction_id,
                    "action": correction.action,
                    "target_table": correction.table,
                    "target_names": correction.target_names,
                    "target_ids": list(verdict.ids),
                    "with_ids": held,
                    "reason": correction.reason,
                    "author": correction.author,
                    "corrected_on": correction.on,
                    "applied": verdict.note is None,
                    "note": verdict.note,
                }
            )
        return sorted(rows, key=lambda row: str(row["correction_id"]))

    def _verdict(self, correction: Correction) -> Verdict:
        """The rows that were found; those that were not are told."""
        ids = [t for t in correction.targets if t in self._seen]
        notes = [f"table {correction.table} has no row {t}" for t in correction.targets if t not in self._seen]
        if correction.action == "confirm":
            lost = [t for t in ids if t in self._held_by]
            notes += [f"{t} is left out with quotation {self._held_by[t]}, which is rejected" for t in lost]
            ids = [t for t in ids if t not in lost]
        return Verdict(tuple(ids), "; ".join(notes) or None)


def _among(column: pa.ChunkedArray, ids: set[str]) -> pa.ChunkedArray:
    """For each row whether its id is one of these; NULL is none."""
    return pc.is_in(column, value_set=pa.array(sorted(ids), pa.string()))
