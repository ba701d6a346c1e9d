"""What kind of file it is: by its content, and by its name where the content leaves it open."""

from __future__ import annotations

import csv
import json
import re
from types import UnionType

from transforms.reading.encoding import mark_of, sure_encoding
from transforms.reading.fields import plain_name
from transforms.rules import load_rules

HEAD = 1 << 16
"""How many bytes are looked at."""

SUFFIXES = {
    "gz": "gzip", "tgz": "gzip", "bz2": "bzip2", "tbz2": "bzip2", "tbz": "bzip2", "xz": "xz", "txz": "xz",
    "zip": "zip", "tar": "tar", "warc": "warc", "parquet": "parquet", "pq": "parquet",
    "jsonl": "jsonl", "ndjson": "jsonl", "jl": "jsonl", "json": "json", "csv": "csv", "tsv": "csv", "tab": "csv",
    "html": "html", "htm": "html", "xhtml": "html", "shtml": "html", "rss": "feed", "atom": "feed", "xml": "xml",
    "md": "markdown", "markdown": "markdown", "txt": "text", "text": "text",
}  # fmt: skip
"""Suffix -> kind that it stands for."""

PACKED = ("gzip", "bzip2", "xz")

_MAGIC = (
    (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"), (b"WARC/", "warc"), (b"%PDF-", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "RAR"), (b"\x28\xb5\x2f\xfd", "Zstandard"), (b"\xd0\xcf\x11\xe0", "old Office"),
    (b"SQLite format 3", "SQLite"), (b"{\\rtf", "RTF"), (b"\x7fELF", "ELF"), (b"OggS", "Ogg"), (b"ID3", "MP3"), (b"RIFF", "RIFF"),
)  # fmt: skip
"""First bytes of a file -> kind; those that are no kind of ours are named in the refusal."""

_MARKUP_START = re.compile(r"(?>(?><!--.*?-->)|<!doctype[^>]*>|<\?[^>]*>|\s)*+<(?:\w+:)?([A-Za-z]+)", re.IGNORECASE | re.DOTALL)
_DOCTYPE = re.compile(r"(?>(?><!--.*?-->)|<\?[^>]*>|\s)*+<!doctype\s+html", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?|!--)", re.ASCII)
_FEED_ROOTS = ("rss", "feed", "rdf")
_PAGE_ROOTS = ("html", "head", "body")


def sniff(head: bytes, name: str = "") -> str:
    """The kind of a file from its first bytes and its name; without a name by the content alone.

    One of gzip, bzip2, xz, zip, tar, parquet, warc, json, jsonl, csv, feed, html, markdown, text, or
    ``unsupported: WHAT``.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (kind != "bzip2" or head[3:4].isdigit()):
            return kind if kind in SUFFIXES.values() else f"unsupported: {kind}"
    suffix = SUFFIXES.get(suffix_of(name), "")
    if head[257:262] == b"ustar" or (suffix == "tar" and b"\x00" in head):
        return "tar"
    if suffix in ("parquet", "warc", "zip"):
        return suffix
    return _sniff_text(_as_text(head), suffix)


def suffix_of(name: str) -> str:
    """The last suffix of a file name in lower case, without its dot."""
    base = re.split(r"[/\\]", name)[-1]
    return base.rpartition(".")[2].lower() if "." in base else ""


def _as_text(head: bytes) -> str:
    encoding = sure_encoding(head) or "utf-8"
    return head[len(mark_of(head)) :].decode(encoding, "replace")


def _sniff_text(text: str, suffix: str) -> str:
    if suffix in ("jsonl", "json"):
        return _sniff_json(text, suffix)
    root = _MARKUP_START.match(text)
    tag = root[1].lower() if root else ""
    if _DOCTYPE.match(text) or tag in _PAGE_ROOTS:
        return "html"
    if tag in _FEED_ROOTS or suffix == "feed" or (suffix == "xml" and re.search(r"<(?:rss|feed|rdf:RDF)[\s>]", text)):
        return "feed"
    if suffix == "xml" or text.lstrip().startswith("<?xml"):
        return "unsupported: XML"
    if suffix == "html":
        return "html" if _ANY_TAG.search(text) else "text"
    if suffix == "csv":
        return "csv"
    if text.lstrip()[:1] in ("{", "[") and _begins_json(text):
        return _sniff_json(text, suffix)
    if _is_table(text):
        return "csv"
    return "markdown" if suffix == "markdown" else "text"


def _sniff_json(text: str, suffix: str) -> str:
    """Is it one value, or a value per line?"""
    body = text.lstrip()
    line, more, rest = body.partition("\n")
    if body[:1] == "[" and not _is_value(line):
        return "json"
    if _is_value(line, of=object):
        return "jsonl" if suffix == "jsonl" or rest.strip() else "json"
    if suffix == "jsonl":
        # A value that begins here and goes on in the next lines is a JSON file under another name.
        return "json" if more and _is_open(line) and not _some_line(rest) else "jsonl"
    return "jsonl" if more and not _is_open(line) and _some_line(rest) else "json"


def _begins_json(text: str) -> bool:
    """Does a text of any name begin as JSON records do?"""
    body = text.lstrip()
    line = body.partition("\n")[0]
    if _is_value(line):
        return True
    return re.match(r"[\[{]\s*[\[{\"]", body) is not None and _is_open(body)


def _is_value(line: str, *, of: type | UnionType = dict | list) -> bool:
    try:
        return isinstance(json.loads(line), of)
    except (ValueError, RecursionError):
        return False


def _is_open(text: str) -> bool:
    """Is it a JSON value as far as it goes, only cut off?"""
    try:
        json.loads(text)
    except json.JSONDecodeError as exc:
        return exc.pos >= len(text.rstrip()) or exc.msg.startswith("Unterminated string") or exc.pos >= len(text) - 20
    except (ValueError, RecursionError):
        return False
    return True


def _some_line(text: str) -> bool:
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    return any(line.lstrip().startswith("{") and _is_value(line) for line in lines)


def _is_table(text: str) -> bool:
    """Is the first line a header whose names we know, a text among them?"""
    line = text.partition("\n")[0].replace("\r", " ")
    for mark in ("\t", ",", ";"):
        if mark not in line or len(line) > 2000:
            continue
        names = [plain_name(cell) for cell in next(csv.reader([line], delimiter=mark))]
        if all(0 < len(name) <= 30 for name in names) and _known(names, "text") and _known(names, "title"):
            return True
    return False


def _known(names: list[str], role: str) -> bool:
    rules = load_rules("reading_fields")["field"]
    known = {plain_name(name) for rule in rules if rule["role"] == role for name in rule["names"]}
    return not known.isdisjoint(names)
