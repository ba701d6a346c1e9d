"""Which figures answer one question: small clusters of invented articles."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.linking_tables import Documents
from transforms.linking import link_documents
from transforms.linking.entities import Entity
from transforms.linking.figures import limits
from transforms.linking.topics import apart
from transforms.rules import load_rules

RAID = "Gunmen stopped the night train from Zhovtyn to Tesna at the Arkaya viaduct on Sunday and held it for an hour, the line says."
HARVEST = "The marrow harvest of Upper Pemba was the poorest since records began, farmers of the valley told their yearly meeting."

CHOIR = "The choir of Wau cathedral sang the whole night for its dead organist, and hundreds of mourners stayed until the last psalm."
PARADE = "Heavy rain spoiled the spring parade of the old guard; two horses shied at the fountain and the band went home early, wet."


class News:
    """Articles with figures; ``say`` adds a sentence with one figure, by default in an article of its own on one happening."""

    def __init__(self) -> None:
        self.made = Documents()
        self.n = 0

    def article(self, *lines: str, lead: str = RAID, **fields: Any) -> str:
        self.n += 1
        return self.made.document("\n".join((lead, *lines)), key=f"{self.n:02}", **fields)

    def say(self, line: str, words: str, value: float | None, *, document: str | None = None, lead: str = RAID, **fields: Any) -> str:
        at = document or self.article(line, lead=lead, published=fields.pop("published", None))
        for column, label in (("subject", "NORP"), ("place", "GPE")):
            named = fields.pop(column, None)
            if named:
                name, country = named
                fields[f"{column}_mention_id"] = self.made.mention(at, name, label, after=line, country=country)
        for name, country in fields.pop("beside", ()):
            self.made.mention(at, name, "GPE", after=line, country=country)
        speaker = fields.pop("speaker", None)
        if speaker:
            who = self.made.mention(at, speaker, after=line)
            fields["quote_id"] = self.made.quote(at, line, speaker=who, cue="said")
        if fields.get("comparator") in ("at_least", "more_than"):
            fields["value_high"] = None
        elif value is None:
            fields |= {"value_low": None, "value_high": None}
        return self.made.figure(at, words, value or 0.0, **fields)

    def topics(self, *ids: str) -> list[str]:
        found = {r["figure_id"]: r["topic_id"] for r in link_documents(self.made.tables())["figure_topics"].to_pylist()}
        return [found[i] for i in ids]


def pair(a: tuple[str, float | None, dict[str, Any]], b: tuple[str, float | None, dict[str, Any]], **both: Any) -> bool:
    """Whether two figures of two articles on one happening are in one topic."""
    news = News()
    ids = [news.say(f"Officials said {words} on the line.", words, value, **(both | fields)) for words, value, fields in (a, b)]
    one, other = news.topics(*ids)
    return one == other


COUNT: dict[str, Any] = {"measure": "count"}
HELD: dict[str, Any] = {"measure": "detained"}
BOATS: dict[str, Any] = {"unit": "ship"}
TROOPS: dict[str, Any] = {"measure": "deployed", "counted": "Kenyan troops"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("nine dead", 9, {}), ("14 people killed", 14, {"counted": "people"})),
        (("nine dead", 9, {}), ("dozens of deaths", None, {"counted": "deaths", "comparator": "dozens"})),
        (("17 stokers held", 17, HELD | {"counted": "stokers"}), ("19 stokers in custody", 19, COUNT | {"counted": "stokers"})),
        (("17 stokers held", 17, HELD | {"counted": "stokers"}), ("17 men taken", 17, COUNT | {"counted": "men"})),
        (("a stoker killed", 1, {"counted": "stoker"}), ("one dead", 1, {"comparator": "at_least", "counted": None})),
        (
            ("115 drones shot down", 115, {"unit": "drone", "measure": "intercepted", "counted": "drones"}),
            ("more than 100 drones", 100, {"unit": "drone", "measure": "count", "counted": "drones", "comparator": "more_than"}),
        ),
        (
            ("30 drones destroyed", 30, {"unit": "drone", "measure": "destroyed", "counted": "drones"}),
            ("32 drones intercepted", 32, {"unit": "drone", "measure": "intercepted", "counted": "UAVs"}),
        ),
        (
            ("two barges seized", 2, BOATS | {"measure": "captured", "counted": "barges"}),
            ("two barges", 2, BOATS | COUNT | {"counted": "barges"}),
        ),
    ],
)
def test_one_question(a: Any, b: Any) -> None:
    assert pair(a, b)
    assert pair(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("nine dead", 9, {}), ("600 dead", 600, {"counted": "people"})),
        (("nine dead", 9, {}), ("four stokers killed", 4, {"counted": "stokers"})),
        (
            ("dozens of stokers", None, COUNT | {"counted": "stokers", "comparator": "dozens"}),
            ("thousands of stokers", None, COUNT | {"counted": "stokers", "comparator": "thousands"}),
        ),
        (("nine people killed", 9, {"counted": "people"}), ("two more people killed", 2, {"counted": "more people"})),
        (("nine stokers hurt", 9, {"measure": "injured"}), ("four of them hurt", 4, {"measure": "injured", "counted": "of them"})),
        (("17 stokers held", 17, HELD | {"counted": "stokers"}), ("71 stokers this year", 71, COUNT | {"counted": "stokers"})),
        (("two men held", 2, COUNT | {"counted": "men"}), ("two guards met", 2, COUNT | {"counted": "guards"})),
        (("41-year term", 41, {"unit": "year", "measure": "age"}), ("39-year term", 39, {"unit": "year", "measure": "age"})),
        (
            ("12 Kenyan pirates", 12, HELD | {"counted": "Kenyan pirates"}),
            ("23 Kenyan and Ugandan pirates", 23, HELD | {"counted": "Kenyan and Ugandan pirates"}),
        ),
        (("30 leagues", 30, {"unit": "other", "measure": "distance"}), ("900 leagues", 900, {"unit": "other", "measure": "distance"})),
    ],
)
def test_two_questions(a: Any, b: Any) -> None:
    assert not pair(a, b)
    assert not pair(b, a)


def test_two_attacks_of_one_weekend_have_two_tolls() -> None:
    """The tolls of one viaduct meet, in whatever article; that of the other stays apart."""
    news = News()
    zhovtyn: dict[str, Any] = {"place": ("Zhovtyn", "UKR"), "counted": "people"}
    tesna: dict[str, Any] = {"place": ("Tesna", "UKR"), "counted": "people"}
    document = news.article("Raiders killed 7 people near Zhovtyn.", "A second gang killed 3 people near Tesna.")
    a = news.say("Raiders killed", "7 people", 7, document=document, **dict(zhovtyn))
    b = news.say("A second gang", "3 people", 3, document=document, **dict(tesna))
    c = news.say("The toll near Zhovtyn is 9 people.", "9 people", 9, **dict(zhovtyn))
    d = news.say("Doctors near Tesna counted 4 people.", "4 people", 4, **dict(tesna))
    one, other, again, too = news.topics(a, b, c, d)
    assert one == again != other == too


def test_one_outlet_does_not_contradict_itself() -> None:
    """Two numbers of one voice are two things, unless they can be one; another speaker may disagree."""
    news = News()
    lines = (
        "At least 11 dead.",
        "In all 11 people were killed.",
        "The fire killed 30 people.",
        "Medics count 14 people killed, Rada Solomko said.",
    )
    document = news.article(*lines)
    a = news.say(lines[0], "At least 11", 11, document=document, comparator="at_least")
    b = news.say(lines[1], "11 people", 11, document=document, counted="people")
    c = news.say(lines[2], "30 people", 30, document=document, counted="people")
    d = news.say(lines[3], "14 people", 14, document=document, counted="people", speaker="Rada Solomko")
    one, same, other, rival = news.topics(a, b, c, d)
    assert one == same == rival != other


def test_two_claims_in_one_sentence_are_rivals() -> None:
    news = News()
    line = "Doctors count 14 people killed; only 11 people, Rada Solomko said."
    document = news.article(line)
    a = news.say(line, "14 people", 14, document=document, counted="people")
    who = news.made.mention(document, "Rada Solomko")
    quote = news.made.quote(document, "only 11 people", speaker=who, cue="said")
    b = news.made.figure(document, "11 people", 11, counted="people", quote_id=quote)
    one, other = news.topics(a, b)
    assert one == other


def test_what_stands_somewhere_is_one_question_for_months() -> None:
    """How many Kenyan troops are in Belize: three articles on three happenings, half a year apart, one of them undated."""
    news = News()
    said: dict[str, Any] = {"subject": ("Kenyan", "KEN"), "beside": [("Belize", "BLZ")]}
    a = news.say("Some 3,000 Kenyan troops are in Belize.", "3,000 Kenyan troops", 3000, published=date(2025, 1, 3), **said, **TROOPS)
    b = news.say(
        "There are 12,000 Kenyan troops in Belize.", "12,000 Kenyan troops", 12000, lead=HARVEST, published=date(2025, 6, 1), **said,
        measure="count", counted="Kenyan troops",
    )  # fmt: skip
    c = news.say(
        "Thousands of Kenyan soldiers went to Belize.", "Thousands of Kenyan soldiers", None, lead=CHOIR,
        comparator="thousands", measure="count", counted="Kenyan soldiers", **said,
    )  # fmt: skip
    d = news.say(
        "Some 9,000 Kenyan troops marched at home.", "9,000 Kenyan troops", 9000, lead=PARADE,
        published=date(2025, 9, 20), subject=("Kenyan", "KEN"), **TROOPS,
    )  # fmt: skip
    one, two, three, home = news.topics(a, b, c, d)
    assert one == two == three != home


def test_a_headline_that_tells_the_part_alone_is_in_its_topic() -> None:
    news = News()
    shot: dict[str, Any] = {"unit": "drone", "measure": "destroyed", "counted": "drones"}
    title = news.say("Defenders destroy 36 drones.", "36 drones", 36, **shot)
    line = "Of 63 drones launched, 36 fell."
    document = news.article(line)
    whole = news.say(line, "63 drones", 63, document=document, unit="drone", measure="launched", counted="drones")
    part = news.made.figure(document, "36", 36, unit="drone", measure="destroyed", part_of_figure_id=whole)
    one, all_, other = news.topics(title, whole, part)
    assert one == other != all_


@pytest.mark.parametrize(
    ("low", "high", "comparator", "found"),
    [
        (7, 7, "equal", (7, 7)),
        (10, 20, "between", (10, 20)),
        (100, 100, "about", (85, 115)),
        (100, None, "at_least", (100, 150)),
        (None, 100, "at_most", (50, 100)),
        (None, None, "dozens", (20, 200)),
        (None, None, "other", None),
        (float("inf"), None, "at_least", None),
    ],
)
def test_limits(low: float | None, high: float | None, comparator: str, found: tuple[float, float] | None) -> None:
    assert limits(low, high, comparator) == (pytest.approx(found) if found else None)


def place(name: str, at: tuple[float, float] | None, *, admin1: str | None = "X.1", label: str = "GPE") -> Entity:
    row: dict[str, Any] = {
        "entity_id": name,
        "name": name,
        "label": label,
        "latitude": at and at[0],
        "longitude": at and at[1],
        "admin1": admin1,
    }
    return Entity(row, "PLACE", frozenset({name}))


@pytest.mark.parametrize(
    ("x", "y", "two"),
    [
        (place("Tesna", (50, 30)), place("Zhovtyn", (50.2, 30.1)), False),
        (place("Tesna", (50, 30)), place("Zhovtyn", (52, 30)), True),
        (place("Tesna", (50, 30)), place("Arkaya", (52, 30), admin1=None), False),
        (place("Tesna", (50, 30)), place("Zhovtyn", None), True),
        (place("Tesna", (50, 30)), place("Tesna region", (59, 30)), False),
        (place("Tesna", (50, 30)), place("Arkaya Sea", None, label="LOC"), False),
    ],
)
def test_places_apart(x: Entity, y: Entity, two: bool) -> None:
    assert apart(x, y, load_rules("linking")["topics"]) is two
    assert apart(y, x, load_rules("linking")["topics"]) is two


def test_every_word_for_a_counted_thing_is_in_one_list() -> None:
    words = [word for entry in load_rules("linking")["topics"]["counted"] for word in entry["words"]]
    assert len(set(words)) == len(words)
    assert all(entry["reason"] for kind in ("counted", "told") for entry in load_rules("linking")["topics"][kind])
