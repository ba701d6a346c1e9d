"""The data dictionary is up to date and names everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.dictionary import COMMAND, PAGE, render
from warehouse.load import MACROS, VIEWS, read_queries
from warehouse.schema import TABLES


@pytest.fixture(scope="module")
def page() -> str:
    return render()


def test_page_is_up_to_date(page: str) -> None:
    assert PAGE.read_text("utf-8") == page, f"docs/data_dictionary.md is stale; run: {COMMAND}"


def test_page_names_everything(page: str) -> None:
    for name in (*TABLES, *VIEWS, *MACROS):
        assert page.count(f"\n### {name}\n") == 1, name
    for table in TABLES.values():
        section = page.split(f"\n### {table.name}\n")[1].split("\n### ", maxsplit=1)[0]
        for f in (*table.fields, *table.joined_fields):
            assert f"\n| `{f.name}` |" in section, (table.name, f.name)
    for query in read_queries():
        assert f"({Path('../warehouse/queries') / query}.sql)" in page


def test_cells_are_closed(page: str) -> None:
    """Every row of a table has as many cells as its head, so that no text of ours breaks the table."""
    width = 0
    for line in page.splitlines():
        if line.startswith("|"):
            cells = line.count("|")
            width = width or cells
            assert cells == width, line
        else:
            width = 0


def test_command_writes_the_page(tmp_path: Path) -> None:
    """The command that the stale page names works and changes nothing on a page that is up to date."""
    before = PAGE.read_bytes()
    subprocess.run([sys.executable, *COMMAND.split()[1:]], cwd=PAGE.parents[1], check=True)
    assert PAGE.read_bytes() == before
