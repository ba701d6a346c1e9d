"""Copies of texts, and how many origins a story has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.linking_tables import Documents
from transforms.linking import link_documents

FERRY = (
    "The ferry Morna left the port of Zhovtyn before dawn with two hundred passengers and a crew of thirty. "
    "Harbour master Rada Solomko said the engine failed an hour later and the captain asked for tugs. "
    "Two boats of the coast guard reached the ship at noon and towed it back in a calm sea. "
    "Nobody was hurt, but the line cancelled all crossings until the end of the week. "
    "Engineers from the yard that built the ship are expected on Thursday to look at the damage. "
    "Passengers were given rooms in two hotels near the quay and a refund of their fares."
)
BRIDGE = (
    "Workers began to take down the old bridge over the Tesna on Monday after forty years of quarrels about its state. "
    "The mayor of Lower Tesna, Olha Prystupa, told reporters that the new bridge would open in the autumn of next year. "
    "Shopkeepers on the left bank fear that customers will stay away while the road is closed to lorries and buses alike."
)


def sentences(text: str, first: int, last: int) -> str:
    return ". ".join(text.split(". ")[first:last]).rstrip(".") + "."


def groups(*documents: tuple[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Group and relation of each document."""
    made = Documents()
    ids = [made.document(text, key=str(n), **fields) for n, (text, fields) in enumerate(documents)]
    rows = {r["document_id"]: r for r in link_documents(made.tables())["copy_groups"].to_pylist() if r["entry_id"] is None}
    assert sorted(rows) == sorted(ids)
    return [(rows[i]["copy_group_id"], rows[i]["relation"]) for i in ids]


@pytest.mark.parametrize(
    ("copy", "relation"),
    [
        (FERRY, "exact"),
        (FERRY.upper().replace(",", ""), "exact"),
        ("ZHOVTYN, Tuesday\n" + FERRY, "near"),
        (FERRY.replace("two hundred passengers", "about 200 people"), "near"),
        (sentences(FERRY, 0, 3), "part"),
        (sentences(FERRY, 2, 5), "part"),
    ],
)
def test_copies(copy: str, relation: str) -> None:
    (first, original), (second, found) = groups((FERRY, {"published": date(2025, 3, 1)}), (copy, {"published": date(2025, 3, 2)}))
    assert first == second and (original, found) == ("original", relation)


@pytest.mark.parametrize(
    "other",
    [
        BRIDGE,
        "",
        sentences(FERRY, 0, 1) + " " + BRIDGE,
        "A ferry with two hundred passengers on board was towed back to Zhovtyn by the coast guard after its engine failed at sea.",
    ],
)
def test_no_copies(other: str) -> None:
    (first, a), (second, b) = groups((FERRY, {}), (other, {}))
    assert first != second and a == b == "original"


def test_texts_that_say_nothing_are_not_copies_of_each_other() -> None:
    found = groups(("", {}), (" \n", {}), ("Watch live", {}), ("Watch live", {"publisher": "Other"}))
    assert len({group for group, _ in found}) == 4


def test_boilerplate_does_not_make_copies() -> None:
    footer = "\n" + BRIDGE
    made = Documents()
    bodies = "The court in Xela heard the case of the stolen statue.", "Rain fell for a ninth day on the fields of Upper Pemba."
    for n, body in enumerate(bodies):
        made.document(body + footer, key=str(n), kinds=("body", "promo"))
    rows = link_documents(made.tables())["copy_groups"].to_pylist()
    assert len({r["copy_group_id"] for r in rows}) == 2


def test_the_original_is_the_earliest_of_the_whole_ones() -> None:
    found = groups(
        (FERRY, {"published": date(2025, 3, 3)}),
        (FERRY, {"published": date(2025, 3, 2)}),
        (sentences(FERRY, 0, 3), {"published": date(2025, 3, 1)}),
    )
    assert [relation for _, relation in found] == ["exact", "original", "part"]
    assert len({group for group, _ in found}) == 1


def test_a_story_of_a_page_is_a_copy_of_its_own_and_the_page_is_not() -> None:
    made = Documents()
    wire = made.document(FERRY, key="wire", published=date(2025, 3, 1))
    page = made.document(FERRY + "\n" + BRIDGE, key="page", published=date(2025, 3, 2))
    story, other = made.entry(page, FERRY), made.entry(page, BRIDGE)
    rows = {(r["document_id"], r["entry_id"]): r for r in link_documents(made.tables())["copy_groups"].to_pylist()}
    assert set(rows) == {(wire, None), (page, None), (page, story)}
    assert rows[page, story]["copy_group_id"] == rows[wire, None]["copy_group_id"] != rows[page, None]["copy_group_id"]
    assert rows[page, story]["relation"] == "exact" and (page, other) not in rows


def test_many_copies_are_one_group() -> None:
    found = groups(*[(f"Paper {n} prints:\n{FERRY}", {"publisher": str(n)}) for n in range(60)])
    assert len({group for group, _ in found}) == 1


def stories(*documents: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    made = Documents()
    for n, (text, fields) in enumerate(documents):
        made.document(text, key=str(n), **fields)
    rows: list[dict[str, Any]] = link_documents(made.tables())["stories"].to_pylist()
    return rows


RETOLD = (
    "Two hundred people spent a morning adrift when the ferry Morna lost its engine off Zhovtyn. Rada Solomko, the harbour master, "
    "said tugs and coast guard boats brought the Morna back to port. All crossings from Zhovtyn are cancelled this week."
)


def test_copies_are_articles_but_not_origins() -> None:
    rows = stories((FERRY, {"publisher": "A"}), (FERRY, {"publisher": "B"}), (RETOLD, {"publisher": "C"}), (BRIDGE, {"publisher": "A"}))
    assert sorted((r["n_articles"], r["n_publishers"], r["n_origins"]) for r in rows) == [(1, 1, 1), (3, 3, 2)]


def test_articles_that_credit_one_agency_are_one_origin() -> None:
    rows = stories((FERRY, {"origin": "AP"}), (RETOLD, {"origin": "The Associated Press"}))
    assert [(r["n_articles"], r["n_origins"], r["n_publishers"]) for r in rows] == [(2, 1, 0)]
    rows = stories((FERRY, {"origin": "AP"}), (RETOLD, {"origin": "Reuters"}))
    assert [(r["n_articles"], r["n_origins"]) for r in rows] == [(2, 2)]


def test_months_apart_is_another_happening() -> None:
    assert len(stories((FERRY, {"published": date(2025, 3, 1)}), (RETOLD, {"published": date(2025, 3, 2)}))) == 1
    assert len(stories((FERRY, {"published": date(2025, 3, 1)}), (RETOLD, {"published": date(2025, 9, 1)}))) == 2


def test_a_page_tells_its_stories_one_by_one() -> None:
    made = Documents()
    page = made.document(FERRY + "\n" + BRIDGE, key="page")
    made.entry(page, FERRY)
    made.entry(page, BRIDGE, title="Old bridge goes")
    other = made.document(RETOLD, key="other", title="Ferry adrift")
    linked = link_documents(made.tables())
    members = linked["story_members"].to_pylist()
    by_story: dict[str, set[str]] = {}
    for row in members:
        assert row["document_id"] == other or row["entry_id"] is not None
        by_story.setdefault(row["story_id"], set()).add(row["document_id"])
    assert sorted(map(sorted, by_story.values())) == [["doc_other", "doc_page"], ["doc_page"]]
    assert {r["title"] for r in linked["stories"].to_pylist()} == {"Old bridge goes", "Ferry adrift"}


def test_a_story_without_title_is_called_by_its_first_sentence() -> None:
    row = stories((FERRY, {}))[0]
    assert row["title"] == FERRY.split(". ", maxsplit=1)[0][:100].strip()


def test_dates_of_a_story() -> None:
    row = stories((FERRY, {"published": date(2025, 3, 1)}), (RETOLD, {"published": date(2025, 3, 2)}))[0]
    assert (row["date_start"], row["date_end"]) == (date(2025, 3, 1), date(2025, 3, 2))
    assert stories((FERRY, {}))[0]["date_start"] is None
    made = Documents()
    document = made.document(FERRY, published=date(2025, 3, 3))
    made.event(document, "the engine failed an hour later", "failed", "REQUEST", on=date(2025, 3, 1))
    made.event(document, "asked for tugs", "asked", "REQUEST", on=date(2025, 3, 1))
    made.event(document, "Engineers from the yard that built the ship", "built", "COOPERATE", on=date(1999, 1, 1))
    row = link_documents(made.tables())["stories"].to_pylist()[0]
    assert (row["date_start"], row["date_end"]) == (date(2025, 3, 1), date(2025, 3, 1))


def test_a_recalled_date_is_not_the_day_of_the_story() -> None:
    made = Documents()
    document = made.document(FERRY)
    made.event(document, "the engine failed an hour later", "failed", "REQUEST")
    made.event(document, "asked for tugs", "asked", "REQUEST")
    made.event(document, "Engineers from the yard that built the ship", "built", "COOPERATE", on=date(1999, 1, 1))
    assert link_documents(made.tables())["stories"].to_pylist()[0]["date_start"] is None


@pytest.mark.parametrize("wire", [FERRY, sentences(FERRY, 0, 4), FERRY + "\n" + sentences(BRIDGE, 0, 1)])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_original_is_what_the_credited_agency_published(wire: str, order: tuple[int, ...]) -> None:
    """However late it came, and whether papers cut it or added to it."""
    documents: list[tuple[str, dict[str, Any]]] = [
        (wire, {"publisher": "The Associated Press", "published": date(2025, 3, 4)}),
        (FERRY, {"publisher": "Zhovtyn Herald", "origin": "AP", "published": date(2025, 3, 1)}),
        (FERRY, {"publisher": "Tesna Mail", "origin": "AP"}),
    ]
    found = groups(*[documents[i] for i in order])
    assert len({group for group, _ in found}) == 1
    assert [relation == "original" for _, relation in found] == [i == 0 for i in order]


def test_an_agency_that_nobody_credits_is_the_original_too() -> None:
    found = groups((FERRY, {"publisher": "Zhovtyn Herald", "published": date(2025, 3, 1)}), (FERRY, {"publisher": "Reuters"}))
    assert [relation for _, relation in found] == ["exact", "original"]


def test_a_paper_that_only_reprints_another_agency_is_no_original() -> None:
    found = groups(
        (FERRY, {"publisher": "Zhovtyn Herald", "origin": "Wolkow Wire"}),
        (FERRY, {"publisher": "AFP", "published": date(2025, 3, 1), "origin": "Wolkow Wire"}),
        (FERRY, {"publisher": "Wolkow Wire", "published": date(2025, 3, 9)}),
    )
    assert [relation for _, relation in found] == ["exact", "exact", "original"]


def test_what_the_agency_publishes_itself_is_no_other_origin() -> None:
    rows = stories((FERRY, {"origin": "AP"}), (RETOLD, {"publisher": "The Associated Press"}))
    assert [(r["n_articles"], r["n_origins"]) for r in rows] == [(2, 1)]
    rows = stories((FERRY, {"publisher": "Zhovtyn Herald"}), (RETOLD, {"publisher": "Zhovtyn Herald"}))
    assert [(r["n_articles"], r["n_origins"]) for r in rows] == [(2, 2)]


def test_posts_of_one_page_are_one_origin() -> None:
    """Three posts of a live blog on one happening, and an article: two articles, two origins at most."""
    made = Documents()
    posts = [sentences(FERRY, 0, 3), RETOLD, sentences(FERRY, 1, 6)]
    page = made.document("\n".join(posts), key="page", publisher="A")
    for post in posts:
        made.entry(page, post)
    made.document(RETOLD.replace("morning", "day"), key="other", publisher="B")
    linked = link_documents(made.tables())
    rows = {r["story_id"]: r for r in linked["stories"].to_pylist()}
    members = linked["story_members"].to_pylist()
    assert max(sum(m["story_id"] == story for m in members) for story in rows) == 4
    assert all(1 <= r["n_origins"] <= r["n_articles"] for r in rows.values())
    assert max(r["n_articles"] for r in rows.values()) == 2
