"""dateline learn-lines: which lines publishers repeat around their articles, written into a file that a person reviews."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.call import Call, unknown
from flows.commands_why import cut
from flows.errors import BadSetting, HomeBusy, NothingToRead
from flows.lines import lines_in
from flows.show import count_of, print_json, print_rows

if TYPE_CHECKING:
    from transforms.cleaning.repeated import Outline, RepeatedLine
    from warehouse.lake import Home
    from warehouse.schema import Row

SHOWN_CHARS = 60
"""Characters shown of a publisher's most frequent line."""


def learn(call: Call, *, out: Path | None, publisher: str | None, as_json: bool) -> None:
    """Learns from all documents that are landed, writes the file and tells what stands in it; what a person decided in it stays.

    Raises:
        NothingToRead: nothing is landed.
        UnknownName: no document is of the publisher.
        HomeBusy: a run works in the home; it must not find other lines half-way.
        BadSetting: the file that is there cannot be read, or none can be written.
    """
    from transforms.cleaning.repeated import learn_lines, merge_lines, render_lines
    from warehouse.lake import HomeLocked, locked

    home = call.settings.at_home()
    path = out or call.settings.lines_file() or home.path / "lines.toml"
    if not home.lake.is_dir():
        raise NothingToRead(f"nothing is landed in {home.path}", hint=f"land files: {call.typed('land FOLDER')}")
    try:
        with locked(home):
            before = lines_in(path) if path.exists() else []
            outlines = _outlines(call, home, publisher)
            learnt = learn_lines(outlines)
            lines = merge_lines(learnt, before, publishers=None if publisher is None else [publisher])
            _write(path, render_lines(lines))
    except HomeLocked as exc:
        raise HomeBusy(str(exc), hint="wait for it") from exc
    found = _found(outlines, lines, {(x.publisher, x.line) for x in before})
    if as_json:
        print_json({"file": str(path), "publishers": found})
    else:
        _print(call, path, found, asked=out is not None)


def _outlines(call: Call, home: Home, publisher: str | None) -> list[Outline]:
    """What learning needs of every landed document that has a publisher."""
    from transforms.cleaning import outline_document

    seen: dict[str, None] = {}
    out: list[Outline] = []
    for document, blocks in _landed(call, home):
        seen.setdefault(document["publisher"])
        if publisher is None or document["publisher"] == publisher:
            found = outline_document(document, blocks)
            out += [found] if found is not None else []
    if not seen:
        raise NothingToRead(
            f"no document in {home.path} has a publisher", hint="say who publishes what in a sources.toml; see: docs/inputs.md"
        )
    if publisher is not None and publisher not in seen:
        raise unknown("publisher", publisher, seen, hint=f"see: {call.typed('learn-lines')}")
    return out


def _landed(call: Call, home: Home) -> Iterator[tuple[Row, Sequence[Row]]]:
    """Every landed document that has a publisher, with its blocks."""
    from flows.make import current_keys
    from flows.versions import maker_version
    from warehouse.lake import read_part

    for key in current_keys(home, "land", {"land": maker_version("land", call.settings)}):
        blocks: dict[str, list[Row]] = defaultdict(list)
        for row in read_part(home, "blocks", key).to_pylist():
            blocks[row["document_id"]].append(row)
        for document in read_part(home, "documents_landed", key).to_pylist():
            if document["publisher"] is not None:
                yield document, blocks.get(document["document_id"], ())


def _write(path: Path, text: str) -> None:
    """Writes the file whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as exc:
        raise BadSetting(f"{path} cannot be written: {exc.strerror}", hint="give another file: --out FILE") from exc


def _found(outlines: Sequence[Outline], lines: Sequence[RepeatedLine], before: set[tuple[str, str]]) -> list[Row]:
    """One row per publisher: its documents, its lines, how many of them are new and how many a person keeps, and the most frequent one."""
    documents: Mapping[str, int] = Counter(o.publisher for o in outlines)
    of_publisher: dict[str, list[RepeatedLine]] = defaultdict(list)
    for line in lines:
        of_publisher[line.publisher].append(line)
    return [
        {
            "publisher": name,
            "documents": documents.get(name, 0),
            "lines": len(of_publisher[name]),
            "new": sum((x.publisher, x.line) not in before for x in of_publisher[name]),
            "kept": sum(x.keep for x in of_publisher[name]),
            "most_frequent": of_publisher[name][0].line if of_publisher[name] else None,
        }
        for name in sorted({*documents, *of_publisher})
    ]


def _print(call: Call, path: Path, found: Sequence[Row], *, asked: bool) -> None:
    columns = ("publisher", "documents", "lines", "new", "kept", "most_frequent")
    rows = [[r[c] if c != "most_frequent" else cut(r[c], SHOWN_CHARS) for c in columns] for r in found if r["lines"]]
    if rows:
        print_rows((*columns[:-1], "most frequent"), rows)
    n_without = len(found) - len(rows)
    if n_without:
        print(f"{count_of(n_without, 'publisher')} with no line at the head or tail of enough articles, or only lines that rules take out")
    flag = f" --lines {shlex.quote(str(path))}" if asked and path != call.settings.lines_file() else ""
    print(f"\nwritten to {path}: review it, set keep = true where a line is text")
    print(f"then clean anew with it: {call.typed('run')}{flag}")
