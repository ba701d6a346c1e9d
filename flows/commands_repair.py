"""dateline verify and repair: which files are not what was made, and their way out of the lake so that a run makes them anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from flows.call import Call
from flows.errors import BelowExpectation, HomeBusy, NoWarehouse
from flows.show import count_of, print_json, print_rows

if TYPE_CHECKING:
    from pathlib import Path

    from expectations.files import Fault
    from warehouse.lake import Home, Manifest

NEXT = {
    "stored_bytes_are_unchanged": "repair, then run {source}",
    "run_files_can_be_read": "repair, then run PATH",
    "warehouse_can_be_opened": "repair, then load",
    "warehouse_has_the_rows_of_the_lake": "load",
    "nothing_is_left_over": "repair",
}
"""What to type next; for all others: repair, then run."""


@contextmanager
def alone_in(home: Home) -> Iterator[None]:
    """Holds the home, so that no run works in it meanwhile.

    Raises:
        HomeBusy: a run does.
    """
    from warehouse.lake import HomeLocked, locked

    with ExitStack() as stack:
        try:
            stack.enter_context(locked(home))
        except HomeLocked as exc:
            raise HomeBusy(str(exc), hint="wait for it, or use another home: --home") from exc
        yield


def existing_home(call: Call) -> Home:
    """The home of the call.

    Raises:
        NoWarehouse: nothing was made in it.
    """
    home = call.settings.at_home()
    if not home.lake.is_dir() and not home.raw.is_dir():
        raise NoWarehouse(f"nothing is made in {home.path} yet", hint=f"make it: {call.typed('run PATH')}")
    return home


# --- verify ---------------------------------------------------------------------------------------------------


def verify(call: Call, *, as_json: bool) -> None:
    """Looks at every file of the home, names those that are not what was made and what to type next; changes nothing.

    Raises:
        BelowExpectation: a critical expectation does not hold.
    """
    from expectations.files import find_faults

    home = existing_home(call)
    faults = find_faults(home)
    sources = _sources(home)
    told = [_told(call, home, fault, sources) for fault in faults]
    if as_json:
        print_json(told)
    elif told:
        columns = ("stage", "severity", "expectation", "file", "detail", "next")
        print_rows(columns, [tuple(row[c] for c in columns) for row in told])
    else:
        print("every file is as it was made")
    n = sum(f.severity == "critical" for f in faults)
    if n:
        raise BelowExpectation(f"{count_of(n, 'file')} not as expected", hint=f"type: {call.typed('repair')}, then {call.typed('run')}")


def _told(call: Call, home: Home, fault: Fault, sources: dict[str, str]) -> dict[str, Any]:
    words = NEXT.get(fault.expectation, "repair, then run").format(source=sources.get(fault.path.name, "PATH"))
    return {
        "stage": fault.stage,
        "severity": fault.severity,
        "expectation": fault.expectation,
        "file": str(fault.path.relative_to(home.path)),
        "part": fault.key,
        "detail": fault.detail,
        "next": "; ".join(call.typed(command) for command in words.split(", then ")),
    }


def _sources(home: Home) -> dict[str, str]:
    """Hash of a stored file -> the path or URI that it came from, so far as landings can be read."""
    from urllib.parse import unquote, urlsplit

    from warehouse.lake import read_run_table

    try:
        rows = read_run_table(home, "landings").select(["object_sha256", "source_uri"]).to_pylist()
    except (OSError, ValueError):
        return {}
    uris = {r["object_sha256"]: r["source_uri"] for r in rows}
    return {h: unquote(urlsplit(u).path) if u.startswith("file://") else u for h, u in uris.items()}


# --- repair ---------------------------------------------------------------------------------------------------


def repair(call: Call, *, as_json: bool) -> None:
    """Takes away every file that is not as it was made, and what was made from it; a run makes the parts anew.

    Stored bytes and run tables, which nothing can make anew, go to ``quarantine/``; parts of the lake and the warehouse
    are removed. What a killed run left behind is finished or removed.
    """
    home = existing_home(call)
    with alone_in(home):
        gone = _repair(home)
    if as_json:
        print_json(gone)
    elif not gone:
        print("nothing is to be repaired")
    else:
        print_rows(("what", "why", "now"), [(g["what"], g["why"], g["now"]) for g in gone])
        print(f"\nmake it anew: {call.typed('run')}")
        if any(g["now"] == "in quarantine" for g in gone):
            print("what is in quarantine came from outside: give its files to run once more")


def _repair(home: Home) -> list[dict[str, str]]:
    from expectations.files import find_faults, leftover_files
    from warehouse.lake import sweep

    gone = [{"what": str(p.relative_to(home.path)), "why": "left behind", "now": "removed"} for p in leftover_files(home)]
    sweep(home)
    for path in leftover_files(home):
        path.unlink()
    while faults := [f for f in find_faults(home) if f.severity == "critical"]:
        done = [row for fault in faults for row in _take_away(home, fault)]
        gone += done
        if not done:
            break
    return gone


def _take_away(home: Home, fault: Fault) -> Iterator[dict[str, str]]:
    """Takes away what a fault concerns; nothing if an earlier fault took it already."""
    from warehouse.lake import drop_parts

    name, why = str(fault.path.relative_to(home.path)), f"{fault.expectation}: {fault.detail}"
    if fault.key is None:
        if not fault.path.exists():
            return
        kept = fault.path != home.warehouse
        if kept:
            _set_aside(home, fault.path)
        else:
            fault.path.unlink()
        yield {"what": name, "why": why, "now": "in quarantine" if kept else "removed"}
        return
    keys = [fault.key]
    if fault.stage == "land":
        keys += _vouching_for(home, fault.key)
    for key in keys:
        if (home.manifests(fault.stage) / f"{key}.json").exists():
            drop_parts(home, fault.stage, [key])
            words = why if key == fault.key else f"it vouches for files that part {fault.key} holds"
            yield {"what": f"part {key} of {fault.stage}", "why": words, "now": "removed"}


def _set_aside(home: Home, path: Path) -> None:
    target = home.quarantine / path.relative_to(home.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _vouching_for(home: Home, key: str) -> list[str]:
    """Other parts of land that say that files were read whose documents a part holds: the files must be read again."""
    import pyarrow.parquet as pq

    from warehouse.lake import read_manifests

    path = home.run_file("landings", f"land-{key}")
    try:
        rows = pq.read_table(path, columns=["source_uri", "object_sha256", "source_said"]).to_pylist() if path.exists() else []
        manifests = _readable(home)
    except (OSError, ValueError):
        return sorted(read_manifests(home, "land"))
    arrived = {(r["source_uri"], r["object_sha256"], r["source_said"]) for r in rows}
    return sorted(k for k, m in manifests.items() if k != key and arrived & {tuple(a) for a in m.made_from})


def _readable(home: Home) -> dict[str, Manifest]:
    from warehouse.lake import load_manifest

    out = {}
    for path in sorted(home.manifests("land").glob("*.json")):
        try:
            out[path.stem] = load_manifest(path)
        except (ValueError, TypeError):
            continue
    return out
