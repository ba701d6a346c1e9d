"""How results look: tables on a terminal, aligned lines in a pipe, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TextIO

ANSWER_WIDTH = 110
"""Widest table that wraps its cells; longer lines are hard to read."""
ANSWER_CELL = 48
"""Longest cell of an answer; what it rests on stands in full below."""
CELL_ROOM = 16
"""A table stands upright on a terminal as long as each column can have this much room."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Rows = Sequence[Sequence[Any]]


def on_terminal() -> bool:
    """Does a person look at standard output?"""
    return sys.stdout.isatty()


def one_line(text: str) -> str:
    r"""The text in one line, without characters that a terminal would obey.

    >>> one_line("a\tb\nc\x1b[2J")
    'a b\\nc\\x1b[2J'
    """
    return _CONTROL.sub(lambda m: {"\n": "\\n", "\t": " "}.get(m[0]) or m[0].encode("unicode_escape").decode(), text)


def cell(value: Any) -> str:
    """A value as people write it: nothing for NULL, whole numbers without a point, instants in UTC."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            zone = "Z" if value.tzinfo else ""
            return f"{(value.astimezone(UTC) if value.tzinfo else value):%Y-%m-%d %H:%M:%S}{zone}"
        case list() | tuple():
            return ", ".join(cell(v) for v in value)
        case _:
            return one_line(str(value))


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case datetime() if value.tzinfo:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case list() | tuple():
            return [plain(v) for v in value]
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def print_json(value: Any) -> None:
    """The value as indented JSON."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def write_json_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """One array of objects, a line each."""
    out.write("[")
    for i, row in enumerate(rows):
        out.write(("," if i else "") + "\n" + json.dumps(dict(zip(columns, map(plain, row), strict=True)), ensure_ascii=False))
    out.write("\n]\n")


def write_json_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """An object per line."""
    for row in rows:
        out.write(json.dumps(dict(zip(columns, map(plain, row), strict=True)), ensure_ascii=False) + "\n")


def write_csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO, *, delimiter: str = ",") -> None:
    """CSV with a header, quoted where it must be; a list is a JSON array in its cell, NULL an empty one."""
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    # before Python 3.13 a carriage return alone is left bare, and the line would end there for who reads it
    quoting = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = [json.dumps(v, ensure_ascii=False) if isinstance(v, list) else plain(v) for v in row]
        (quoting if any(isinstance(c, str) and "\r" in c for c in cells) else writer).writerow(cells)


def print_rows(columns: Sequence[str], rows: Rows) -> None:
    """A table for a person: wrapped cells on a terminal, aligned lines in a pipe, one block per row where columns are too many."""
    if not on_terminal():
        print_aligned(columns, rows)
    elif _fits(columns, rows):
        print_wrapped(columns, rows)
    else:
        _print_blocks(columns, rows)


def print_aligned(columns: Sequence[str], rows: Rows) -> None:
    """Columns parted by two blanks, a line per row, nothing cut off; numbers to the right."""
    lines = [list(columns), *([cell(v) for v in row] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    right = _number_columns(columns, rows)
    for line in lines:
        cells = [text.rjust(w) if i in right else text.ljust(w) for i, (text, w) in enumerate(zip(line, widths, strict=True))]
        print("  ".join(cells).rstrip())


def print_wrapped(columns: Sequence[str], rows: Rows, *, title: str | None = None, ruled: bool = False) -> None:
    """A table whose long cells wrap; as wide as the terminal, in a pipe at most ``ANSWER_WIDTH``."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if on_terminal() else ANSWER_WIDTH, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, title=title, title_justify="left", show_lines=ruled)
    right = _number_columns(columns, rows)
    for i, name in enumerate(columns):
        table.add_column(name, justify="right" if i in right else "left", overflow="fold", header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell(v)) for v in row))
    console.print(table)


def print_with_evidence(columns: Sequence[str], rows: Rows) -> None:
    """Aligned lines, and below each of them its last column in full: the words that show it."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, ANSWER_WIDTH) if on_terminal() else ANSWER_WIDTH
    lines = [list(columns[:-1]), *([_cut(cell(v), ANSWER_CELL) for v in row[:-1]] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns) - 1)]
    bold, dim, end = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if on_terminal() else ("", "", "")
    for number, line in enumerate(lines):
        text = "  ".join(words.ljust(w) for words, w in zip(line, widths, strict=True)).rstrip()
        print(text if number else f"{bold}{text}{end}")
        if number:
            for words in textwrap.wrap(cell(rows[number - 1][-1]).replace("\\n", " "), width - 4):
                print(f"    {dim}{words}{end}")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def count_of(n: int, noun: str) -> str:
    """The number with its noun.

    >>> count_of(1, "row"), count_of(2100, "row")
    ('1 row', '2,100 rows')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _fits(columns: Sequence[str], rows: Rows) -> bool:
    from rich.console import Console

    widths = [max([len(name), *(len(cell(row[i])) for row in rows)]) for i, name in enumerate(columns)]
    return sum(min(w, CELL_ROOM) + 2 for w in widths) <= Console().width


def _print_blocks(columns: Sequence[str], rows: Rows) -> None:
    """One block per row, a line per column that is not NULL."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for number, row in enumerate(rows, 1):
        console.print(Text(f"── {number} ", style="dim"))
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in zip(columns, row, strict=True):
            if value is not None:
                grid.add_row(name, Text(cell(value)))
        console.print(grid)


def _number_columns(columns: Sequence[str], rows: Rows) -> set[int]:
    def numeric(i: int) -> bool:
        values = [row[i] for row in rows if row[i] is not None]
        return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)

    return {i for i in range(len(columns)) if numeric(i)}
