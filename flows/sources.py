"""``sources.toml``: what is said of files by their names, and named sources with their folders and schedules."""

from __future__ import annotations

import glob
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import BadSetting, UnknownName
from warehouse.schema import make_id

if TYPE_CHECKING:
    from transforms.reading import Source

SETTLE_S = 30.0
"""A file counts as complete when it has not changed for this long; tools that poll folders wait 10 to 60 s."""

_OWN_KEYS = ("name", "paths", "cron", "cron_timezone", "every", "settle_s")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_EVERY = re.compile(r"([1-9][0-9]*)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source that is polled: where its files lie, what is said of them, when to look. ``paths`` are absolute."""

    name: str
    paths: tuple[str, ...]
    said: Mapping[str, Any]
    every: str = ""
    cron: str = ""
    cron_timezone: str = "UTC"
    settle_s: float = SETTLE_S

    def holds(self, file: str) -> bool:
        """Does the file, given by its absolute path, lie at one of the paths or below?"""
        return any(_below(file, path) or (glob.has_magic(path) and _fits(Path(file).parts, Path(path).parts)) for path in self.paths)

    @property
    def schedule(self) -> str:
        """The schedule in words; empty if there is none."""
        return f"{self.cron} {self.cron_timezone}" if self.cron else f"every {self.every}" if self.every else ""


@dataclass(frozen=True, slots=True)
class Sources:
    """A file ``sources.toml``, checked. ``entries``: all of it in its order, the named sources among them."""

    path: Path | None = None
    entries: tuple[NamedSource | Mapping[str, Any], ...] = ()

    @property
    def named(self) -> tuple[NamedSource, ...]:
        """The sources that have folders, in the order of the file."""
        return tuple(e for e in self.entries if isinstance(e, NamedSource))

    def get(self, name: str) -> NamedSource:
        """The source of this name.

        Raises:
            UnknownName: there is none.
        """
        for source in self.named:
            if source.name == name:
                return source
        known = ", ".join(s.name for s in self.named) or "none"
        raise UnknownName(f'there is no source "{name}" in {self.path or "sources.toml"}', hint=f"it names: {known}")


def read_sources(path: Path | None) -> Sources:
    """The sources of a file; without one nothing is said of any file. Relative paths in it lie below its own folder.

    Raises:
        BadSetting: the file cannot be read or says something that is not understood.
    """
    if path is None:
        return Sources()
    try:
        return parse_sources(tomllib.loads(path.read_text("utf-8")), path.expanduser().absolute())
    except (OSError, ValueError) as exc:
        words = (exc.strerror if isinstance(exc, OSError) else None) or str(exc).splitlines()[0]
        raise BadSetting(f"{path} cannot be used: {words}", hint="see samples/sources.toml for an example") from exc


def parse_sources(parsed: Mapping[str, Any], path: Path) -> Sources:
    """Sources from a parsed file that lies at ``path``.

    Raises:
        ValueError: what is not understood, with the entry that it stands in.
    """
    from transforms.reading.sources import make_source_for

    raw = parsed.get("source", [])
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise ValueError("sources: every source is a table; write [[source]] above it")
    entries = tuple(_named(n, e, path.parent) if any(k in e for k in _OWN_KEYS) else e for n, e in enumerate(raw, 1))
    checked = [{**e.said, "pattern": e.name} if isinstance(e, NamedSource) else e for e in entries]
    make_source_for({**parsed, "source": checked})  # it knows what can be said of a file, and names the entry in what it raises
    sources = Sources(path, entries)
    names = [s.name for s in sources.named]
    twice = [n for n in names if names.count(n) > 1]
    if twice:
        raise ValueError(f"sources: two entries have the name {twice[0]!r}")
    return sources


def said_by(sources: Sources) -> Callable[[Path], Source]:
    """What the sources say of a file: every entry that fits its name or its place counts; where two say the same, the later one wins."""
    from transforms.reading.sources import make_source_for

    made: dict[tuple[int, ...], Callable[[str], Source]] = {}

    def said_of(file: Path) -> Source:
        place = os.path.abspath(file)
        fitting = tuple(n for n, e in enumerate(sources.entries) if not isinstance(e, NamedSource) or e.holds(place))
        if fitting not in made:
            made[fitting] = make_source_for({"source": [_by_name(sources.entries[n]) for n in fitting]})
        return made[fitting](file.name)

    return said_of


def unnamed(paths: Sequence[str], **more: Any) -> NamedSource:
    """A source for paths that sources.toml does not name; the same paths are the same source.

    Raises:
        BadSetting: there are none.
    """
    if not paths:
        raise BadSetting("a poll needs the name of a source or paths", hint="give one of the two")
    absolute = tuple(os.path.abspath(Path(path).expanduser()) for path in paths)
    return NamedSource(make_id("paths", *sorted(absolute)).replace("_", "-"), absolute, {}, **more)


def _by_name(entry: NamedSource | Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry for the reader, which knows files by name; a named source says the same of all its files."""
    return {**entry.said, "pattern": "*"} if isinstance(entry, NamedSource) else entry


def _named(number: int, raw: Mapping[str, Any], folder: Path) -> NamedSource:
    where = f"sources: entry {number}"
    if "pattern" in raw:
        raise ValueError(f"{where} ({raw['pattern']}): a pattern says something of files by name; a name with paths is a source of its own")
    name, paths = raw.get("name"), raw.get("paths")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{where}: it needs a name of small letters, digits and dashes")
    where += f" ({name})"
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) and p for p in paths):
        raise ValueError(f"{where}: it needs paths, a list of folders and globs")
    settle_s = raw.get("settle_s", SETTLE_S)
    if isinstance(settle_s, bool) or not isinstance(settle_s, int | float) or not 0 <= settle_s <= 3600:
        raise ValueError(f"{where}: settle_s is a number of seconds from 0 to 3600")
    said = {key: value for key, value in raw.items() if key not in _OWN_KEYS}
    absolute = tuple(os.path.abspath(folder / Path(p).expanduser()) for p in paths)
    every, cron, zone = (_text(where, raw, key) for key in ("every", "cron", "cron_timezone"))
    check_schedule(every, cron, zone or "UTC", where=where)
    return NamedSource(name, absolute, said, every, cron, zone or "UTC", float(settle_s))


def _text(where: str, raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or (key in raw and not value):
        raise ValueError(f"{where}: {key} has the wrong type")
    return value


def check_schedule(every: str, cron: str, zone: str, *, where: str) -> None:
    """Passes if Prefect can keep the schedule.

    Raises:
        ValueError: it cannot; the message begins with ``where``.
    """
    if every and cron:
        raise ValueError(f"{where}: give every or cron, not both")
    if every and not _EVERY.fullmatch(every):
        raise ValueError(f'{where}: every {every!r} is not understood; write it like "90s", "15m", "2h" or "1d"')
    if cron:
        from prefect.client.schemas.schedules import CronSchedule
        from pydantic import ValidationError

        try:
            CronSchedule(cron=cron, timezone=zone)
        except ValidationError as exc:
            words = exc.errors()[0]["msg"].removeprefix("Value error, ")
            raise ValueError(f"{where}: cron {cron!r} in zone {zone!r} is not understood: {words}") from None


def seconds_of(every: str) -> int:
    """The seconds of an interval such as ``15m``.

    >>> seconds_of("15m")
    900
    """
    m = _EVERY.fullmatch(every)
    if m is None:
        raise ValueError(f"{every!r} is no interval")
    return int(m[1]) * _SECONDS[m[2]]


def _below(file: str, path: str) -> bool:
    return file == path or file.startswith(f"{path.rstrip(os.sep)}{os.sep}")


def _fits(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Does the glob lead to the path or to a folder above it? ``**`` stands for any number of folders."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_fits(parts[i:], pattern[1:]) for i in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])
