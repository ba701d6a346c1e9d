"""What regular expressions are slow on, by the megabyte: cleaning takes time in proportion to it, and extraction of ever longer text as well."""

from __future__ import annotations

import time

import pytest

from tests.flows.hostile import BAIT, story
from tests.support import news_doc
from transforms.cleaning import clean_document
from transforms.extraction.events import find_events
from transforms.extraction.figures import find_figures
from transforms.extraction.mentions import find_mentions
from transforms.extraction.quotes import find_quotes
from transforms.extraction.times import find_times
from transforms.language.newsdoc import LONGEST_WORD
from transforms.language.pipeline import LONGEST_SENTENCE

MEGABYTE = 990_000
CLEANED_WITHIN = 10.0
"""Seconds of processor time: thirty times what the slowest took. A pattern that is slow by the square takes hours."""

READ_WITHIN = 40.0
"""The same for 20,000 characters read in full: four times what the slowest took, and less than a text without longest words and sentences takes."""


def bait(what: str, size: int) -> str:
    """An article, and below it one line of that many characters."""
    piece = BAIT[what]
    return story(what) + "\n" + (piece * (size // len(piece) + 1))[:size] + "\n"


@pytest.mark.parametrize("what", BAIT)
def test_a_megabyte_is_cleaned_in_no_time(what: str) -> None:
    text = bait(what, MEGABYTE)
    started = time.process_time()
    clean_document({"document_id": "doc_bait", "text": text}, [])
    assert time.process_time() - started < CLEANED_WITHIN


@pytest.mark.parametrize("what", ["quote", "name", "brace"])
def test_extraction_keeps_to_its_time(what: str) -> None:
    started = time.process_time()
    news = news_doc(bait(what, 20_000))
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    quotes, pieces = find_quotes(news)
    news.quotes.extend(quotes)
    news.quote_spans.extend(pieces)
    find_events(news)
    find_figures(news)
    assert time.process_time() - started < READ_WITHIN
    assert max(len(s) for s in news.doc.sents) <= LONGEST_SENTENCE
    assert max(len(t) for t in news.doc) <= LONGEST_WORD


def test_cut_words_and_sentences_keep_their_place() -> None:
    """Offsets hold where a run of characters is cut into words, and a text without a stop into sentences."""
    text = "The board met. " + "(" * 900 + " and it met again " + "to the board of the port " * 150 + "on Monday."
    news = news_doc(text)
    assert [text[start : start + len(token)] for start, token in zip(news.starts, news.doc, strict=True)] == [t.text for t in news.doc]
    assert "".join(text.split()) == "".join(t.text for t in news.doc)
    assert len(list(news.doc.sents)) >= 2
