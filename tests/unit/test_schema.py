from __future__ import annotations

import pytest

from warehouse.schema import FIELD_OF, FIELDS, STAGES, TABLES, make_id


def test_every_column_is_declared_and_used() -> None:
    used = {c for t in TABLES.values() for c in (*t.columns, *t.joined)}
    aliases = set(FIELD_OF.values())
    assert used - set(FIELDS) <= {"role", "status", "precision"} | set(FIELDS)
    assert set(FIELDS) - used - aliases == set()


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_references_and_keys_exist(table) -> None:  # type: ignore[no-untyped-def]
    assert set(table.key) <= set(table.columns)
    assert set(table.required) <= set(table.columns)
    for column, target in table.refs.items():
        parent, parent_column = target.split(".")
        assert column in table.columns
        assert parent_column in TABLES[parent].key


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"topic_id": "top_1", "figure_id": "fig_1", "colour": "red"}, "unknown column"),
        ({"topic_id": None, "figure_id": "fig_1"}, "is NULL"),
        ({"topic_id": 3, "figure_id": "fig_1"}, "topic_id"),
    ],
)
def test_conform_refuses_what_does_not_fit(row: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=message):
        TABLES["figure_topics"].conform([row])


def test_conform_refuses_values_outside_closed_lists() -> None:
    row = {"document_id": "doc_1", "entry_id": None, "copy_group_id": "cpy_1", "relation": "cousin"}
    with pytest.raises(ValueError, match="closed list"):
        TABLES["copy_groups"].conform([row])


def test_conform_checks_the_items_of_lists() -> None:
    row = {"entity_id": "ent_1", "name": "A", "label": "ORG", "sectors": ["GOV", "XYZ"], "n_documents": 1, "n_mentions": 1}
    with pytest.raises(ValueError, match="'XYZ'"):
        TABLES["entities"].conform([row])


def test_ddl_runs_and_comments_every_column() -> None:
    import duckdb

    with duckdb.connect() as con:
        for table in TABLES.values():
            con.execute(table.ddl())
        bare = con.execute(
            "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''"
        ).fetchall()
        assert bare == []
        assert con.execute("select count(*) from duckdb_tables() where coalesce(comment, '') = ''").fetchall() == [(0,)]


def test_content_tables_name_their_document() -> None:
    for stage in ("land", "clean", "extract"):
        assert all("document_id" in t.columns for t in STAGES[stage])


def test_ids_depend_on_every_part_and_tell_none_from_text() -> None:
    assert make_id("men", "a", 1) != make_id("men", "a", 2) != make_id("sen", "a", 2)
    assert make_id("men", "ab", "c") != make_id("men", "a", "bc")
