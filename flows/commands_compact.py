"""dateline compact: many small parts as a few larger ones; the rows stay, and nothing is made anew."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from flows.call import Call
from flows.commands_repair import alone_in, existing_home
from flows.show import print_rows

if TYPE_CHECKING:
    from warehouse.lake import Home


def compact(call: Call) -> None:
    """Merges small parts of land, clean and extract up to the batch size; a second call finds nothing to do."""
    from warehouse.lake import sweep
    from warehouse.load import key_in_place, warehouse_key
    from warehouse.rewrite import merge_parts

    home = existing_home(call)
    with alone_in(home):
        sweep(home)
        published = key_in_place(home) == warehouse_key(_keys(home))
        counts = merge_parts(home, target=call.settings.batch_size)
        if published:
            _tell_warehouse(home, warehouse_key(_keys(home)))
    if all(before == after for before, after in counts.values()):
        print("there are no small parts to merge")
        return
    print_rows(("stage", "parts before", "parts after"), [(stage, *n) for stage, n in counts.items()])


def _keys(home: Home) -> dict[str, list[str]]:
    from warehouse.lake import read_manifests
    from warehouse.schema import STAGES

    return {stage: sorted(read_manifests(home, stage)) for stage in STAGES}


def _tell_warehouse(home: Home, key: str) -> None:
    """Writes the new key into a copy of the warehouse and renames it into place: its rows are those of the lake as before."""
    import duckdb

    from warehouse.load import INFO_TABLE, key_in_place

    if key_in_place(home) == key:
        return
    copy = home.warehouse.with_name(f"{home.warehouse.name}.next")
    shutil.copyfile(home.warehouse, copy)
    with duckdb.connect(str(copy)) as con:
        con.execute(f"update {INFO_TABLE} set value = ? where key = 'warehouse_key'", [key])
        con.execute("checkpoint")
    copy.replace(home.warehouse)
