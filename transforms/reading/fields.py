"""Which field of a record is its text, its headline, its date: by names kept in rules, or by the user's mapping."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from transforms.reading.dates import Published, more_exact, parse_published
from transforms.reading.model import Source
from transforms.reading.names import clean_authors
from transforms.rules import load_rules

ROLES = ("text", "title", "subtitle", "authors", "publisher", "url", "published", "language", "id", "origin")
"""What a record can say; also the keys of a user's mapping."""

_MARK = re.compile(r"[\W_]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[0-9A-Fa-f]{2,5});")
_BLANKS = re.compile(r"\s+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the input says of a document beside its text, cleaned of markup."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    published: Published | None = None
    origin: str | None = None


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A field name as names are compared.

    >>> plain_name("Date_Published")
    'datepublished'
    """
    return _MARK.sub("", name).lower()


@lru_cache(maxsize=1)
def _paths() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Role -> paths in their order, each a tuple of plain names; ``[]`` is left to the value's own type."""
    paths: dict[str, list[tuple[str, ...]]] = {role: [] for role in ROLES}
    for rule in load_rules("reading_fields")["field"]:
        for name in rule["names"]:
            paths[rule["role"]].append(tuple(plain_name(step) for step in name.split(".")))
    return {role: tuple(found) for role, found in paths.items()}


@lru_cache(maxsize=1)
def _wrappers() -> tuple[str, ...]:
    return tuple(name for rule in load_rules("reading_fields")["wrapper"] for name in rule["names"])


@lru_cache(maxsize=256)
def _plain_keys(keys: tuple[Any, ...]) -> dict[str, str]:
    """Plain name -> key; of two keys with one plain name the first. Cached, for the records of a file are alike."""
    return {plain_name(key): key for key in reversed(keys) if isinstance(key, str)}


def unwrap(record: Mapping[str, Any], source: Source) -> Mapping[str, Any]:
    """The object that holds the article: the record, or the one that it wraps."""
    if source.mapping or _first_text(record) is not None:
        return record
    for name in _wrappers():
        inner = record.get(name)
        if isinstance(inner, dict) and _first_text(inner) is not None:
            return inner
    return record


def find_value(record: Mapping[str, Any], role: str, mapping: Mapping[str, str]) -> Any:
    """The first value of a role that is not empty: the mapped field's alone if there is a mapping for it."""
    if role in mapping:
        return _mapped(record, mapping[role])
    names = _plain_keys(tuple(record))
    for path in _paths()[role]:
        key = names.get(path[0])
        if key is None:
            continue
        value = record[key] if len(path) == 1 else _follow(record[key], path[1:])
        if _usable(value, role):
            return value
    return None


def is_article(record: object, source: Source) -> bool:
    """Does the object have a text of its own?"""
    if not isinstance(record, dict):
        return False
    return _text_of(find_value(unwrap(record, source), "text", source.mapping)) is not None


def record_text(record: Mapping[str, Any], source: Source) -> str | None:
    """The article's text as the record holds it, markup included; None if there is none."""
    return _text_of(find_value(record, "text", source.mapping))


def record_id(record: Mapping[str, Any], source: Source) -> str | None:
    """The record's own id as text, if it has one of sensible length."""
    value = find_value(record, "id", source.mapping)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= 200 else None


def record_fields(record: Mapping[str, Any], source: Source) -> Fields:
    """Everything but the text that the record says."""

    def find(role: str) -> Any:
        return find_value(record, role, source.mapping)

    published = find("published")
    return Fields(
        title=short_text(find("title")),
        subtitle=short_text(find("subtitle")),
        authors=tuple(clean_authors(_strings(find("authors")))),
        publisher=short_text(find("publisher"), 200),
        url=web_address(find("url")),
        language=language_code(find("language")),
        published=best_date([published], source),
        origin=short_text(find("origin"), 200),
    )


N_PARTS = 3


def best_date(values: Iterable[object], source: Source) -> Published | None:
    """The first of the values that is a date, made more exact by a later one of the same day."""
    zone = zone_of(source)
    found: Published | None = None
    for value in values:
        one = value
        if isinstance(value, list):  # year, month and day, or several dates of which the first counts
            is_parts = len(value) >= N_PARTS and all(isinstance(v, int) for v in value)
            one = "-".join(str(v) for v in value[:N_PARTS]) if is_parts else (value or [None])[0]
        found = more_exact(found, parse_published(one, zone=zone, day_first=source.day_first))
    return found


def zone_of(source: Source) -> tzinfo | None:
    """The source's own time zone."""
    return ZoneInfo(source.timezone) if source.timezone else None


def short_text(value: object, limit: int = 1000) -> str | None:
    """A one-line text without markup, or None where the value is none or too long to be one.

    >>> short_text("The <em>ferry</em> &amp; the island\\n")
    'The ferry & the island'
    """
    if not isinstance(value, str) or len(value) > 20 * limit:
        return None
    if _TAG.search(value):
        value = _TAG.sub("", value)
    text = _BLANKS.sub(" ", unescape(value)).strip()
    return text if 0 < len(text) <= limit else None


def unescape(text: str) -> str:
    """The text with character references read; an ampersand on its own stays.

    >>> unescape("R&D &amp; more")
    'R&D & more'
    """
    return _ENTITY.sub(lambda m: html.unescape(m[0]), text) if "&" in text else text


def web_address(value: object) -> str | None:
    """A link of the web, or None.

    >>> web_address("mailto:desk@harbour-post.example") is None
    True
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if re.fullmatch(r"https?://[^\s<>\"]{3,2000}", text, re.IGNORECASE) else None


@lru_cache(maxsize=1)
def _language_names() -> dict[str, str]:
    rules = load_rules("reading_fields")["language"]
    return {name: code for rule in rules for code, names in rule["codes"].items() for name in (code, *names)}


def language_code(value: object) -> str | None:
    """ISO 639-1 code of a language tag or English name, or None.

    >>> language_code("en_GB"), language_code("German"), language_code("xx")
    ('en', 'de', None)
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    m = _LANGUAGE.fullmatch(text)
    names = _language_names()
    return names.get(text.lower()) or (names.get(m[1].lower()) if m else None)


def _first_text(record: Mapping[str, Any]) -> str | None:
    return _text_of(find_value(record, "text", {}))


def _text_of(value: object) -> str | None:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, list):
        parts = [part for part in value if isinstance(part, str) and part.strip()]
        return "\n".join(parts) if parts else None
    return None


def _usable(value: object, role: str) -> bool:
    if role == "text":
        return _text_of(value) is not None
    if role == "authors":
        return any(_strings(value))
    if isinstance(value, str):
        return bool(value.strip()) and value.strip().lower() not in ("nan", "null", "none")
    if role in ("published", "id"):
        return isinstance(value, int | float) or (role == "published" and isinstance(value, list) and bool(value))
    return False


def _strings(value: object) -> list[str]:
    """The names in a value: a text, a list of texts, or a list that was printed as text (``['A', 'B']``)."""
    if isinstance(value, str):
        if (
            value.startswith("[")
            and len(value) <= 2000
            and re.fullmatch(r"\[\s*(?:'[^']*'|\"[^\"]*\")(?:\s*,?\s*(?:'[^']*'|\"[^\"]*\"))*\s*\]", value.strip())
        ):
            return [a or b for a, b in re.findall(r"'([^']*)'|\"([^\"]*)\"", value)]
        return [unescape(value)] if value.strip() and value.strip().lower() not in ("nan", "null", "none", "[]") else []
    if isinstance(value, list):
        return [unescape(part) for part in value if isinstance(part, str) and part.strip()]
    return []


def _follow(value: Any, path: tuple[str, ...]) -> Any:
    """The value at the end of a path of plain names; a list on the way gives the list of its members' values."""
    for i, step in enumerate(path):
        if isinstance(value, list):
            found = [_follow(part, path[i:]) for part in value[:1000]]
            return [part for part in found if part is not None] or None
        if not isinstance(value, dict):
            return None
        value = next((value[key] for key in value if isinstance(key, str) and plain_name(key) == step), None)
    return value


def _mapped(record: Mapping[str, Any], path: str) -> Any:
    """The value at a user's path: names as written, ``[]`` for every member of a list."""
    if path in record:
        return record[path]
    value: Any = record
    steps = path.split(".")
    for i, step in enumerate(steps):
        name = step.removesuffix("[]")
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
        if step.endswith("[]"):
            if not isinstance(value, list):
                return None
            rest = ".".join(steps[i + 1 :])
            return [_mapped(part, rest) if rest else part for part in value if not rest or isinstance(part, dict)]
    return value
