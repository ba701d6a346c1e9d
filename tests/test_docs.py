"""The documents say the truth: commands, settings, SQL and reasons in them are tried."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.flows.support import run

ROOT = Path(__file__).resolve().parents[1]
CORRECTIONS = """
[[correction]]
merge = ["Zhovtyn Harbour Union", "Union of Zhovtyn Dockers"]
label = "ORG"
reason = "in no sample: a warning, and a row in table corrections"
author = "A. Mora"
date = 2026-05-02
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, samples: Path, prefect_server: None) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "corrections.toml").write_text(CORRECTIONS, "utf-8")
    return run(home, samples).warehouse


@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S))
def test_readme_queries_have_answers(warehouse: Path, query: str) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        assert con.execute(query).fetchall()


def test_every_table_and_view_has_rows_after_the_first_run(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        names = con.execute("select table_name from information_schema.tables where table_schema = 'main'").fetchall()
        empty = [n for (n,) in names if con.execute(f'select count(*) from "{n}"').fetchall() == [(0,)]]
    assert empty == []


def test_every_rule_that_made_a_row_is_in_the_rules(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        tables = con.execute(
            "select table_name from duckdb_columns() where column_name = 'rule_id' and table_name <> 'rules' and not internal"
        ).fetchall()
        names = {t for (t,) in tables} & {"segments", "mentions", "times", "quotes", "events", "figures"}
        assert len(names) == 6
        unknown = {
            r
            for t in names
            for (r,) in con.execute(f'select distinct rule_id from "{t}" where rule_id not in (select rule_id from rules)').fetchall()
        }
    assert unknown == set()


def test_every_reject_reason_is_documented() -> None:
    from transforms.reading.model import REASONS

    page = (ROOT / "docs" / "inputs.md").read_text("utf-8")
    code = "\n".join(p.read_text("utf-8") for p in [*(ROOT / "flows").glob("*.py"), *(ROOT / "transforms" / "cleaning").glob("*.py")])
    used = set(REASONS) | set(re.findall(r'SetAside\(\s*"(\w+)"', code)) | {"extract_failed", "below_expectation"}
    assert {c for c in used if not re.search(rf"\b{c}\b", page)} == set()


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_make_targets_named_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"^make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), target
