"""Extraction ends on every kind of sentence: whatever climbs a parse tree must stop at its root."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import date

import pytest

from tests.support import news_doc
from transforms.extraction.document import extract_document

FRAGMENTS = (
    "IZMAIL, Ukraine, March 5 (Corvane) - Drones struck a grain terminal in the Dravic Danube port of Izmail early on Tuesday, killing four "
    "people and wounding 18, local officials said, in the heaviest attack on the river harbour since last August.",
    "In 2019, a day of shelling by rebels, an attack on the convoy, and in May the arrest of the mayor by police.",
    "Attack on the Kaunas depot: the toll on Monday, in full.",
    "Monday: shelling of Osijek, then talks on Tuesday between the two sides and an arrest.",
    "Thursday's raid, the first in May; two guards dead.",
    "On Friday, strikes. On Saturday, protests in Tacna and the detention of Dravic.",
    "No talks in 2024, no truce last week, no release of prisoners by June.",
)


@pytest.fixture
def deadline() -> Iterator[None]:
    """Fails the test instead of waiting for ever."""

    def give_up(*_: object) -> None:
        raise TimeoutError("extraction does not end")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("deadline")
@pytest.mark.parametrize("text", FRAGMENTS)
def test_hard_sentences_are_read_to_their_end(text: str) -> None:
    assert extract_document(news_doc(text, published=date(2026, 3, 6)))
