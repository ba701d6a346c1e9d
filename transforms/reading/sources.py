"""The user's ``sources.toml``: what is known of files by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from transforms.reading.fields import ROLES, language_code
from transforms.reading.model import Source

_KEYS = ("pattern", "publisher", "timezone", "language", "day_first", "date_pattern", "mapping")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One ``[[source]]``, checked."""

    pattern: str
    said: Mapping[str, Any]
    date_pattern: re.Pattern[str] | None
    mapping: Mapping[str, str]


def make_source_for(parsed: Mapping[str, Any]) -> Callable[[str], Source]:
    """A function from file name to Source, from a parsed ``sources.toml``.

    Every ``[[source]]`` whose ``pattern`` (``*``, ``?``, ``[...]``) fits the name counts; where two say the same,
    the later one wins. ``date_pattern`` is a regular expression with a group ``year`` and, if known, ``month``
    and ``day``; it is searched for in the file name, and a name that does not fit or gives no date says none.

    Raises ``ValueError`` that names the entry for anything that is not understood.

    >>> pattern = "_(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})_"
    >>> source_for = make_source_for({"source": [{"pattern": "hp_*", "date_pattern": pattern}]})
    >>> source_for("hp_20250304_ferry.txt").published
    '2025-03-04'
    """
    unknown = sorted(set(parsed) - {"source"})
    if unknown:
        raise ValueError(f"sources: unknown table {unknown[0]!r}; only [[source]] is read")
    entries = [_entry(i, raw) for i, raw in enumerate(parsed.get("source", []), 1)]

    def source_for(name: str) -> Source:
        """What the entries that fit the name say."""
        said: dict[str, Any] = {}
        mapping: dict[str, str] = {}
        for entry in entries:
            if fnmatchcase(name, entry.pattern):
                said.update(entry.said)
                mapping.update(entry.mapping)
                published = _date_in(name, entry.date_pattern)
                if published is not None:
                    said["published"] = published
        return Source(**said, mapping=mapping)

    return source_for


def _entry(number: int, raw: Any) -> _Entry:
    where = f"sources: entry {number}"
    if not isinstance(raw, dict) or not isinstance(raw.get("pattern"), str):
        raise ValueError(f"{where} has no pattern")
    where += f" ({raw['pattern']})"
    unknown = sorted(set(raw) - set(_KEYS))
    if unknown:
        raise ValueError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(_KEYS)}")
    said = {key: raw[key] for key in ("publisher", "timezone", "language", "day_first") if key in raw}
    for key, value in said.items():
        if not isinstance(value, bool if key == "day_first" else str):
            raise ValueError(f"{where}: {key} has the wrong type")
    _check(where, said)
    return _Entry(raw["pattern"], said, _date_pattern(where, raw.get("date_pattern")), _mapping(where, raw.get("mapping", {})))


def _check(where: str, said: Mapping[str, Any]) -> None:
    if "timezone" in said:
        try:
            ZoneInfo(said["timezone"])
        except (KeyError, OSError, ValueError) as exc:
            raise ValueError(f"{where}: there is no time zone {said['timezone']!r}") from exc
    if "language" in said and language_code(said["language"]) != said["language"]:
        raise ValueError(f"{where}: {said['language']!r} is no ISO 639-1 code")


def _date_pattern(where: str, raw: Any) -> re.Pattern[str] | None:
    if raw is None:
        return None
    try:
        pattern = re.compile(raw)
    except (re.error, TypeError) as exc:
        raise ValueError(f"{where}: date_pattern is no regular expression: {exc}") from exc
    if "year" not in pattern.groupindex:
        raise ValueError(f"{where}: date_pattern has no group (?P<year>...)")
    return pattern


def _mapping(where: str, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise ValueError(f"{where}: mapping is no table")
    for role, path in raw.items():
        if role not in ROLES or not isinstance(path, str):
            raise ValueError(f"{where}: mapping of {role!r}; known: {', '.join(ROLES)}, each with the path of a field")
    return dict(raw)


def _date_in(name: str, pattern: re.Pattern[str] | None) -> str | None:
    """The date in the name in ISO 8601, as exact as the name; None if there is none or it does not exist."""
    m = pattern.search(name) if pattern is not None else None
    if m is None:
        return None
    parts = m.groupdict()
    year, month, day = (parts.get(key) for key in ("year", "month", "day"))
    try:
        whole = date(int(year or 0), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if month and day else whole[:7] if month else whole[:4]
