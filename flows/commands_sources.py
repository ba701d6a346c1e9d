"""dateline sources: what sources.toml names, and when each last brought something."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.call import Call
from flows.errors import BadSetting
from flows.show import print_json, print_rows
from flows.sources import NamedSource, read_sources
from warehouse.lake import Home, read_run_table

COLUMNS = ("source", "publisher", "schedule", "files", "last landing", "paths")


def list_sources(call: Call, *, as_json: bool) -> None:
    """Every named source with the files that it brought and the last landing of each.

    Raises:
        BadSetting: there is no sources.toml, or it says something that is not understood.
    """
    if call.settings.sources is None:
        raise BadSetting("no sources.toml is given", hint=f"type: {call.typed('sources --sources FILE')}, or set DATELINE_SOURCES")
    sources = read_sources(call.settings.sources)
    landed = _landed(call.settings.at_home())
    told = [_told(source, landed) for source in sources.named]
    if as_json:
        print_json(told)
    elif not told:
        print(f"{sources.path} names no source with paths; what it says of files by name holds without one")
    else:
        print_rows(COLUMNS, [tuple(one.values()) for one in told])


def _landed(home: Home) -> dict[str, datetime]:
    """Place of every file that landed -> when it last did."""
    out: dict[str, datetime] = {}
    for row in read_run_table(home, "landings").select(["source_uri", "landed_at"]).to_pylist():
        file = unquote(urlsplit(row["source_uri"]).path, errors="surrogateescape")
        out[file] = max(row["landed_at"], out.get(file, row["landed_at"]))
    return out


def _told(source: NamedSource, landed: dict[str, datetime]) -> dict[str, Any]:
    own = [when for file, when in landed.items() if source.holds(file)]
    return {
        "source": source.name,
        "publisher": source.said.get("publisher"),
        "schedule": source.schedule or None,
        "files": len(own),
        "last_landing": max(own, default=None),
        "paths": list(source.paths),
    }
