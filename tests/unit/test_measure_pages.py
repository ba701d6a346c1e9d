"""The measure of pages, and that the labelled pages are complete."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.measure_pages import PAGES, Told, runs_of_words, score_page, summary

GOLD: dict[str, Any] = {
    "body": "The ferry runs again today",
    "title": "Ferry “runs”",
    "authors": ["Mira Holt", "Ana Brandt"],
    "date": "2025-03-04",
}


@pytest.mark.parametrize(
    ("body", "precision", "recall"),
    [
        ("The ferry runs again today", 1.0, 1.0),
        ("The ferry, runs\nagain: today!", 1.0, 1.0),
        ("The ferry runs again", 1.0, 0.5),
        ("The ferry runs again today Read more", 0.5, 1.0),
        ("Read more here please", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_body(body: str, precision: float, recall: float) -> None:
    score = score_page(Told(body, None, (), None), GOLD)
    assert (score.precision, score.recall) == (precision, recall)


def test_short_texts_are_compared_word_for_word() -> None:
    assert runs_of_words("Ferry runs") == {("Ferry", "runs"): 1}
    assert not runs_of_words(" ")


def test_fields() -> None:
    right = score_page(Told("", 'Ferry  "runs"', ("Ana Brandt", "Mira Holt"), "2025-03-04"), GOLD)
    wrong = score_page(Told("", "Ferry runs", ("Ana Brandt",), None), GOLD)
    assert (right.title, right.authors, right.date) == (True, True, True)
    assert (wrong.title, wrong.authors, wrong.date) == (False, False, False)
    assert summary([right, wrong])["authors"] == 0.5


def test_every_page_is_labelled_and_every_label_has_a_page() -> None:
    gold = json.loads((PAGES / "gold.json").read_text("utf-8"))
    assert sorted(gold) == sorted(path.name for path in PAGES.glob("*.html"))
    assert all(set(entry) == {"body", "title", "authors", "date"} and entry["body"] for entry in gold.values())
