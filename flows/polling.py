"""What is new at a source: files that are complete and that no earlier poll has brought in."""

from __future__ import annotations

import glob
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.errors import NothingToRead
from flows.land import find_files
from warehouse.lake import Home, write_json

UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", "~")
"""Ends of names under which programs write what is not whole yet; names that begin with a dot are never read."""

Mark = list[str | int]
"""What tells one state of a file from another: size, time of change, and what its source says of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a poll found. ``new``: complete files that are new or changed; ``waiting``: files that are not complete yet."""

    new: tuple[str, ...]
    marks: dict[str, Mark]
    n_seen: int
    waiting: int


def find_new(
    patterns: Sequence[str],
    known: dict[str, Mark],
    said_of: Callable[[Path], str],
    *,
    settle_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Found:
    """Files at the patterns that are complete and not known, sorted.

    A file is complete when its bytes, its size and its place have not changed for ``settle_s``. Where that cannot be
    told from its times, because it is younger or its clock runs ahead, it is looked at again after this time.

    Raises:
        NothingToRead: a folder is not there; it may be a disk that is not mounted.
    """
    files = [f for f in list_files(patterns) if not f.name.lower().endswith(UNFINISHED)]
    seen = {os.path.abspath(f): m for f in files if (m := _mark(f, said_of)) is not None}
    fresh = [f for f, mark in seen.items() if known.get(f) != mark]
    young = [f for f in fresh if _age(f) < settle_s]
    if young:
        sleep(settle_s)
    changed = {f for f in young if _mark(Path(f), said_of) != seen[f]}
    new = tuple(sorted(f for f in fresh if f not in changed))
    return Found(new, {f: m for f, m in seen.items() if f not in changed}, len(seen), len(changed))


def list_files(patterns: Sequence[str]) -> list[Path]:
    """Files behind folders and globs. A glob that nothing matches gives none, as long as the folder that it begins in is there.

    Raises:
        NothingToRead: a folder is not there.
    """
    there = []
    for pattern in patterns:
        if glob.has_magic(pattern) and not Path(pattern).exists():
            if not _root(pattern).is_dir():
                raise NothingToRead(f"the folder {_root(pattern)} is not there", hint="make it, or mount the disk that it is on")
            if not any(True for _ in glob.iglob(pattern, recursive=True)):
                continue
        elif not Path(pattern).expanduser().exists():
            raise NothingToRead(f"the folder {pattern} is not there", hint="make it, or mount the disk that it is on")
        there.append(pattern)
    return find_files(there)


def _root(pattern: str) -> Path:
    """The folders before the first that is a pattern."""
    parts = Path(pattern).parts
    plain = next((n for n, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return Path(*parts[:plain])


def _mark(file: Path, said_of: Callable[[Path], str]) -> Mark | None:
    status = _status(file)
    return None if status is None else [status.st_size, status.st_mtime_ns, status.st_ino, said_of(file)]


def _age(file: str) -> float:
    """Seconds since the file was written to, renamed or moved here; below 0 if a clock runs ahead."""
    status = _status(Path(file))
    return time.time() - max(status.st_mtime, status.st_ctime) if status else 0.0


def _status(file: Path) -> os.stat_result | None:
    """A link that leads nowhere has a state of its own, so that it is refused once; None for a file that is gone."""
    try:
        return file.stat()
    except OSError:
        try:
            return file.lstat()
        except OSError:
            return None


# --- what earlier polls brought in ------------------------------------------------------------------------------


def known_marks(home: Home, name: str) -> dict[str, Mark]:
    """File -> its state when the source was last brought in; empty if it never was. Losing it costs a run that finds all made."""
    try:
        return dict(json.loads(_state(home, name).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def remember(home: Home, name: str, marks: dict[str, Mark]) -> None:
    """Keeps the states for the next poll."""
    write_json(_state(home, name), marks)


def _state(home: Home, name: str) -> Path:
    return home.path / "polls" / f"{name}.json"
