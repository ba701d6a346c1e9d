"""Where sentences may end."""

from __future__ import annotations

import pytest

from tests.support import news_doc


@pytest.mark.parametrize(
    "headline",
    [
        "Storm floods Osijek market hall Kovač calls disgrace",  # without the rule the parser starts a sentence at "Kovač"
        "Mayor Anneke Dravic opens bridge Osijek waited ten years for",
    ],
)
def test_no_sentence_ends_behind_a_word_without_a_mark(headline: str) -> None:
    assert len(news_doc(headline).sentences) == 1


def test_sentences_end_behind_marks_and_lines() -> None:
    rows = news_doc("Ferry back in Bergen\nThe ferry came back. It was late; nobody was hurt (the crew said).\nTickets are valid").sentences
    assert len(rows) == 4
