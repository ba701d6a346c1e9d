"""Linking depends on what the rows say, not on their order, and its tables fit together."""

from __future__ import annotations

import random
from datetime import date
from unittest.mock import patch

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.linking_tables import Documents
from transforms.linking import READ, clusters, columns, copies, link_documents
from warehouse.schema import LINK_TABLES

PEOPLE = (
    "Ihor Zelenskiy", "Ihor Zelenskyy", "Zelenskyy", "Petro Varenko", "Varenko", "Olha Varenko", "Kim Do-jun", "Kim Do Jun", "Rada Solomko",
)  # fmt: skip
BODIES = ("Zhovtyn Harbour Union", "ZHU", "General Staff", "Kenyan General Staff", "UN", "United Nations")
PLACES = (("Kyiv", "UKR"), ("Kiev", "UKR"), ("Kenya", "KEN"), ("Georgia", "USA"), ("Zhovtyn", None))
LINES = (
    "{p} told {q} in {g} that the {b} had lost 12 boats off the western shoals",
    "{b} denied that pirates seized the ferry near {g}, said {p}",
    "After {q} left {g}, {p} thanked the {b} for its help with the lost ferry",
    "{p} said the {b} shelled the pier of {g} and killed 12 sailors on the ferry",
)

Line = tuple[int, int, int, int, int]
lines = st.tuples(st.integers(0, 3), st.integers(0, 8), st.integers(0, 8), st.integers(0, 5), st.integers(0, 4))
articles = st.tuples(st.lists(lines, min_size=1, max_size=3), st.sampled_from([None, 1, 2, 60]), st.booleans())


def build(plan: list[tuple[list[Line], int | None, bool]]) -> dict[str, pa.Table]:
    """Tables for articles made of the lines; an article with the flag set has an entry for its first line."""
    made = Documents()
    for n, (content, day, has_entry) in enumerate(plan):
        texts: list[str] = []
        for k, p, q, b, g in content:
            texts.append(LINES[k].format(p=PEOPLE[p], q=PEOPLE[q], b=BODIES[b], g=PLACES[g][0]) + f" {len(texts)}.")
        published = date.fromordinal(739000 + day) if day is not None else None
        origin = "AP" if n % 4 == 0 else None
        document = made.document("\n".join(texts), key=f"{n:02}", published=published, publisher=f"paper {n % 3}", origin=origin)
        if has_entry:
            made.entry(document, texts[0] + ("\n" if len(texts) > 1 else ""))
        for text, line in zip(texts, content, strict=True):
            add_rows(made, document, text, line)
    return made.tables()


def add_rows(made: Documents, document: str, text: str, line: Line) -> None:
    """Mentions, and for some lines an event, a quotation and a figure."""
    kind, place = line[0], PLACES[line[4]]
    speaker = made.mention(document, PEOPLE[line[1]], after=text)
    actor = made.mention(document, BODIES[line[3]], "ORG", after=text)
    where = made.mention(document, place[0], "GPE", after=text, country=place[1])
    if kind == 1:
        made.quote(document, text.partition("denied that ")[2], speaker=actor, cue="denied")
    if kind == 3:
        start = text.index("shelled")
        made.event(document, text, "shelled", "ASSAULT", actor=actor, place=where)
        made.quote(document, text[start:], speaker=speaker, cue="said")
        made.figure(document, text[text.index("12 sailors") :], 12, counted="sailors", place_mention_id=where)


def unique(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Without rows that repeat a key: a plan may hold one line twice."""
    keys = {"mentions": ["mention_id"], "quotes": ["quote_id"], "figures": ["figure_id"], "events": ["event_id"]}
    out = dict(tables)
    for name, key in keys.items():
        rows = {r[key[0]]: r for r in tables[name].to_pylist()}
        out[name] = pa.Table.from_pylist(list(rows.values()), schema=tables[name].schema)
    rows = {(r["event_id"], r["role"]): r for r in tables["event_roles"].to_pylist()}
    out["event_roles"] = pa.Table.from_pylist(list(rows.values()), schema=tables["event_roles"].schema)
    return out


def shuffled(tables: dict[str, pa.Table], seed: int) -> dict[str, pa.Table]:
    """The same rows in another order, in chunks of another size."""
    rng = random.Random(seed)
    out = {}
    for name, table in tables.items():
        order = list(range(table.num_rows))
        rng.shuffle(order)
        cut = rng.randint(0, len(order))
        out[name] = pa.concat_tables([table.take(pa.array(part, pa.int64())) for part in (order[:cut], order[cut:])])
    return out


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, min_size=0, max_size=7), st.integers(0, 2**16))
def test_the_order_of_rows_does_not_count(plan: list[tuple[list[Line], int | None, bool]], seed: int) -> None:
    tables = unique(build(plan))
    linked, again = link_documents(tables), link_documents(shuffled(tables, seed))
    assert set(linked) == {t.name for t in LINK_TABLES}
    for name, table in linked.items():
        assert table.equals(again[name]), name


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, min_size=1, max_size=6))
def test_the_tables_fit_together(plan: list[tuple[list[Line], int | None, bool]]) -> None:
    tables = unique(build(plan))
    linked = {name: table.to_pylist() for name, table in link_documents(tables).items()}
    for table in LINK_TABLES:
        keys = [tuple(row[k] or "" for k in table.key) for row in linked[table.name]]
        assert len(set(keys)) == len(keys) and keys == sorted(keys), table.name
    entities = {row["entity_id"] for row in linked["entities"]}
    assert {row["entity_id"] for row in linked["entity_links"]} == {row["entity_id"] for row in linked["entity_names"]} == entities
    named = {(m["document_id"], m["local_entity_id"]) for m in tables["mentions"].to_pylist()}
    assert {(row["document_id"], row["local_entity_id"]) for row in linked["entity_links"]} == named
    assert sum(row["n_mentions"] for row in linked["entities"]) == tables["mentions"].num_rows
    documents = set(tables["documents"]["document_id"].to_pylist())
    assert {row["document_id"] for row in linked["copy_groups"] if row["entry_id"] is None} == documents
    for group in {row["copy_group_id"] for row in linked["copy_groups"]}:
        relations = [row["relation"] for row in linked["copy_groups"] if row["copy_group_id"] == group]
        assert relations.count("original") == 1
    assert {row["document_id"] for row in linked["story_members"]} == documents
    assert {row["story_id"] for row in linked["story_members"]} == {row["story_id"] for row in linked["stories"]}
    assert all(1 <= row["n_origins"] <= row["n_articles"] for row in linked["stories"])
    for name, column, source in (
        ("happenings", "event_id", "events"),
        ("figure_topics", "figure_id", "figures"),
        ("remark_groups", "quote_id", "quotes"),
    ):
        assert [row[column] for row in linked[name]] == sorted(tables[source][column].to_pylist())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, min_size=0, max_size=6))
def test_only_the_named_columns_are_read_and_each_table_once(
    plan: list[tuple[list[Line], int | None, bool]],
) -> None:
    """A mapping that reads a table when it is asked for it, and only the columns in READ, gives the same."""
    tables = unique(build(plan))
    asked: list[str] = []

    class Lazy(dict[str, pa.Table]):
        def __getitem__(self, name: str) -> pa.Table:
            asked.append(name)
            return tables[name].select(list(READ[name]))

    linked, again = link_documents(tables), link_documents(Lazy())
    assert sorted(asked) == sorted(READ)
    for name, table in linked.items():
        assert table.equals(again[name]), name


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, min_size=2, max_size=7), st.integers(1, 40))
def test_how_much_is_held_at_a_time_does_not_count(plan: list[tuple[list[Line], int | None, bool]], size: int) -> None:
    tables = unique(build(plan))
    linked = link_documents(tables)
    with patch.multiple(clusters, CELLS=size, PAIRS=size), patch.object(columns, "CHUNK", size), patch.object(copies, "CHUNK", size):
        again = link_documents(tables)
    for name, table in linked.items():
        assert table.equals(again[name]), name
