"""Time expressions."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from tests.support import news_doc
from transforms.extraction.times import find_times
from transforms.rules import load_rules
from warehouse.schema import TABLES, Row, make_id

EXAMPLES = [(rule["id"], example) for rule in load_rules("times")["rule"] for example in rule["examples"]]


def times_of(text: str, published: date | None = None, **options: Any) -> list[Row]:
    news = news_doc(text, published=published, **options)
    rows = find_times(news)
    TABLES["times"].conform(rows)
    for row in rows:
        assert row["text"] == text[row["start_char"] : row["end_char"]]
        sentence = next(s for s in news.sentences if s["sentence_id"] == row["sentence_id"])
        assert sentence["start_char"] <= row["start_char"] < row["end_char"] <= sentence["end_char"]
    return rows


@pytest.mark.parametrize(("rule_id", "example"), EXAMPLES, ids=[f"{r}-{n}" for n, (r, _) in enumerate(EXAMPLES)])
def test_every_rule_keeps_its_examples(rule_id: str, example: dict[str, str]) -> None:
    anchor = date.fromisoformat(example["anchor"]) if "anchor" in example else None
    rows = times_of(example["text"], anchor)
    if not example["find"]:
        assert rows == []
        return
    row = next((r for r in rows if r["text"] == example["find"]), None)
    assert row is not None, rows
    assert row["value"] == example.get("value")
    assert row["rule_id"] == rule_id


def test_every_rule_has_an_example() -> None:
    assert all(rule["examples"] and rule["reason"] for rule in load_rules("times")["rule"])


@pytest.mark.parametrize(
    ("words", "anchor", "days", "told"),
    [
        ("The dam broke in June 2018.", None, (date(2018, 6, 1), date(2018, 6, 30)), ("month", "explicit")),
        ("The dam broke in 1998.", None, (date(1998, 1, 1), date(1998, 12, 31)), ("year", "explicit")),
        ("The dam broke on Friday.", date(2023, 6, 9), (date(2023, 6, 9), date(2023, 6, 9)), ("day", "publication")),
        ("The dam broke last week.", date(2024, 1, 3), (date(2023, 12, 25), date(2023, 12, 31)), ("week", "publication")),
        ("The dam broke overnight.", date(2024, 1, 3), (date(2024, 1, 2), date(2024, 1, 3)), ("part_of_day", "publication")),
        ("The dam broke on Friday.", None, (None, None), ("day", "unknown")),
        ("The work took four hours.", date(2024, 1, 3), (None, None), ("hour", "explicit")),
    ],
)
def test_dates_are_as_exact_as_the_words(
    words: str, anchor: date | None, days: tuple[date | None, date | None], told: tuple[str, str]
) -> None:
    row = times_of(words, anchor)[0]
    assert (row["date_start"], row["date_end"]) == days
    assert (row["precision"], row["basis"]) == told


def test_the_stamp_of_an_entry_goes_before_the_day_of_publication() -> None:
    text = "Shells fell on the port on Monday.\nThe port is shut today.\n"
    entry = {"entry_id": make_id("pst", 1), "start_char": 0, "end_char": 35, "posted_local": datetime(2020, 5, 6, 9, 30)}
    rows = times_of(text, date(2020, 5, 20), entries=[entry])
    assert [(r["value"], r["basis"]) for r in rows] == [("2020-05-04", "entry_stamp"), ("2020-05-20", "publication")]


def test_the_same_day_never_counts_from_publication() -> None:
    rows = times_of("The guards left on 4 May 2019. The same day the gate was forced.", date(2020, 1, 1))
    assert [(r["value"], r["basis"]) for r in rows] == [("2019-05-04", "explicit"), ("2019-05-04", "text")]


def test_a_clock_time_takes_the_day_of_its_sentence() -> None:
    rows = times_of("On 4 May 2019 the gate was forced at 3:15 a.m. by looters.", date(2020, 1, 1))
    assert [r["value"] for r in rows] == ["2019-05-04", "2019-05-04T03:15"]


@pytest.mark.parametrize(
    "text",
    [
        "The second shell hit the mill.",
        "He may resign.",
        "The Sun said so.",
        "Oil prices fall again.",
        "Spring Street was closed.",
        "He owns 2000 goats.",
        "The 61-year-old was freed.",
        "They voted 12-3 to close it.",
        "He paid $2015 for it.",
        "The form gave 31 February 2018.",
    ],
)
def test_other_things_are_no_times(text: str) -> None:
    assert times_of(text, date(2024, 5, 15)) == []


def test_no_text_no_times() -> None:
    assert times_of("") == []


def test_patterns_never_match_nothing() -> None:
    assert all(re.compile("x") and rule["pattern"] for rule in load_rules("times")["rule"])
