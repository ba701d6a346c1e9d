"""Quotations and reported statements in sentences of our own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import news_doc
from transforms.extraction.quote_lexicon import load_lexicon, verb_forms
from transforms.extraction.quote_marks import find_marked
from transforms.extraction.quote_tree import build_tree
from transforms.extraction.quotes import find_quotes
from transforms.language import NewsDoc
from warehouse.schema import TABLES, Row, make_id


def read(text: str) -> list[tuple[str, tuple[str, ...], str | None, str | None]]:
    """Kind, pieces, speaker and cue of each row."""
    news = news_doc(text)
    quotes, spans = find_quotes(news)

    def words(q: Row, what: str) -> str | None:
        return news.text[q[f"{what}_start_char"] : q[f"{what}_end_char"]] if q[f"{what}_start_char"] is not None else None

    return [
        (q["kind"], tuple(s["text"] for s in spans if s["quote_id"] == q["quote_id"]), words(q, "speaker"), words(q, "cue")) for q in quotes
    ]


DIRECT = [
    ('"The road is closed," said Mira Holt.', ('"The road is closed,"',), "Mira Holt", "said"),
    ("“The road is closed,” Mira Holt said.", ("“The road is closed,”",), "Mira Holt", "said"),
    ("‘The road is closed,’ Mira Holt said.", ("‘The road is closed,’",), "Mira Holt", "said"),
    ("'The workers' road is closed,' Mira Holt said.", ("'The workers' road is closed,'",), "Mira Holt", "said"),
    ("“The road is closed”, said Mira Holt.", ("“The road is closed”",), "Mira Holt", "said"),
    ("Mira Holt said: “The road is closed.”", ("“The road is closed.”",), "Mira Holt", "said"),
    ("Mira Holt said, “The road is closed.”", ("“The road is closed.”",), "Mira Holt", "said"),
    ("Mira Holt told reporters: “The road is closed.”", ("“The road is closed.”",), "Mira Holt", "told"),
    ("“The road,” Mira Holt said, “is closed.”", ("“The road,”", "“is closed.”"), "Mira Holt", "said"),
    ("“The road is closed,” Mira Holt said. “It stays closed.”", ("“The road is closed,”", "“It stays closed.”"), "Mira Holt", "said"),
    ("“Is the road closed?” asked Mira Holt.", ("“Is the road closed?”",), "Mira Holt", "asked"),
    ("“The road is closed,” according to Mira Holt.", ("“The road is closed,”",), "Mira Holt", "according to"),
    ("“The road is closed,” the statement read.", ("“The road is closed,”",), "the statement", "read"),
    ("“The road is closed,” said Mira Holt, a farmer who lives nearby.", ("“The road is closed,”",), "Mira Holt", "said"),
]


@pytest.mark.parametrize(("text", "pieces", "speaker", "cue"), DIRECT, ids=[d[0][:45] for d in DIRECT])
def test_direct_speech(text: str, pieces: tuple[str, ...], speaker: str, cue: str) -> None:
    assert read(text) == [("direct", pieces, speaker, cue)]


REPORTED = [
    ("Mira Holt said that the road was closed.", "that the road was closed", "Mira Holt", "said"),
    ("Mira Holt said the road was closed.", "the road was closed", "Mira Holt", "said"),
    ("The road was closed, Mira Holt said.", "The road was closed", "Mira Holt", "said"),
    ("The road was closed, said Mira Holt.", "The road was closed", "Mira Holt", "said"),
    ("According to the police, the road was closed.", "the road was closed", "the police", "According to"),
    ("The road was closed, according to the police.", "The road was closed", "the police", "according to"),
    ("The judge asked whether the road was closed.", "whether the road was closed", "The judge", "asked"),
    ("Mira Holt told the court that the road was closed.", "that the road was closed", "Mira Holt", "told"),
    ("The mayor warned that the dam could break.", "that the dam could break", "The mayor", "warned"),
    ("The ministry denied the report.", "the report", "The ministry", "denied"),
    ("The mayor urged drivers to stay at home.", "drivers to stay at home", "The mayor", "urged"),
]


@pytest.mark.parametrize(("text", "content", "speaker", "cue"), REPORTED, ids=[r[0][:45] for r in REPORTED])
def test_reported_speech(text: str, content: str, speaker: str, cue: str) -> None:
    assert read(text) == [("indirect", (content,), speaker, cue)]


def test_quoted_words_in_reported_speech_make_it_mixed() -> None:
    assert read("Mira Holt said that the plan was “a bad joke” and would fail.") == [
        ("mixed", ("that the plan was “a bad joke” and would fail",), "Mira Holt", "said")
    ]
    assert read("The plan was “a bad joke,” Mira Holt said.") == [("mixed", ("The plan was “a bad joke,”",), "Mira Holt", "said")]


def test_cue_in_the_middle_leaves_two_pieces() -> None:
    assert read("The road, Mira Holt said, would be closed until the spring.") == [
        ("indirect", ("The road", "would be closed until the spring"), "Mira Holt", "said")
    ]


def test_opening_mark_on_the_next_paragraph_goes_on() -> None:
    text = "“The road is closed,” Mira Holt said. “It stays closed.\n“Nobody will mend it this year.”"
    assert read(text) == [
        ("direct", ("“The road is closed,”", "“It stays closed.", "“Nobody will mend it this year.”"), "Mira Holt", "said")
    ]


def test_missing_closing_mark_ends_with_the_paragraph() -> None:
    rows = read("Mira Holt said: “The road is closed and stays closed.\nThe farmers went home.")
    assert rows == [("direct", ("“The road is closed and stays closed.",), "Mira Holt", "said")]


def test_paragraph_of_a_quotation_alone_continues_the_speaker_before() -> None:
    rows = read("“The road is closed,” said Mira Holt.\n“Nobody knows when it will open again.”\nThe farmers went home.")
    assert rows[1] == ("direct", ("“Nobody knows when it will open again.”",), "Mira Holt", None)


def test_quotation_far_from_any_speaker_is_unresolved() -> None:
    news = news_doc("The farmers went home early on that day.\nThe inn was full.\n“Nobody ever came to see us in all these years.”")
    (quote,) = find_quotes(news)[0]
    assert (quote["speaker_status"], quote["speaker_start_char"], quote["speaker_mention_id"]) == ("unresolved", None, None)
    assert quote["rule_id"] == "quote.alone"


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “dead zone” lies behind the hills.",
        "She read “The Long Winter” on the train.",
        "Jon “Bear” Tellin won the race.",
        "They met at the 'Kestrel' factory near the river.",
        "The farmers' road runs along the river's bank.",
        "The board is 6'2\" long and stands in the yard.",
        "The farmers went home.",
        "Rock 'n' roll was played 'til dawn.",
    ],
)
def test_words_in_marks_that_are_no_speech(text: str) -> None:
    assert read(text) == []


def test_saying_not_to_have_said_is_no_statement() -> None:
    assert read("The ministry did not say whether the road was closed.") == []


def test_headline_and_transcript() -> None:
    assert read("HOLT: We will keep the road closed until spring.")[0][:3] == (
        "direct",
        ("We will keep the road closed until spring.",),
        "HOLT",
    )
    assert read("The road will stay closed, mayor says")[0] == ("indirect", ("The road will stay closed",), "mayor", "says")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PATNA: The bridge over the canal was closed on Monday.", []),
        (
            "MR HOLT-REYES: Nobody asked.\nTHE CHAIR: Order.\nQ: Why?",
            [("Nobody asked.", "MR HOLT-REYES"), ("Order.", "THE CHAIR"), ("Why?", "Q")],
        ),
        ("Canal bridge unsafe ‘for years’: auditor", [("Canal bridge unsafe ‘for years’", "auditor")]),
        ("Owl mistaken for ghost, warden clarifies", [("Owl mistaken for ghost", "warden")]),
        ('Another tenant dished: "The roof was never mended at all."', [("The roof was never mended at all.", "Another tenant")]),
        ("The mayor declined to comment. His office refused to say when he would be back.", []),
        ("A pilot told the board the engine had failed, adding that nobody had looked at it.", [("nobody had looked at it", "A pilot")]),
    ],
)
def test_who_says_it(text: str, told: list[tuple[str, str]]) -> None:
    found = [(content[0], speaker or "") for _, content, speaker, _ in read(text)]
    for content, speaker in told:
        assert any(content in c and speaker in s for c, s in found), found
    assert bool(found) == bool(told)


def test_statement_inside_a_statement_has_a_parent() -> None:
    news = news_doc("Mira Holt said that the mayor had told her that the road was closed.")
    quotes, _ = find_quotes(news)
    outer, inner = quotes
    assert outer["parent_quote_id"] is None
    assert inner["parent_quote_id"] == outer["quote_id"]
    assert inner["text"] == "that the road was closed"


def _mention(news: NewsDoc, words: str, label: str, kind: str, entity: str) -> Row:
    start = news.text.index(words)
    row = {
        "mention_id": make_id("men", start),
        "start_char": start,
        "end_char": start + len(words),
        "text": words,
        "label": label,
        "mention_kind": kind,
        "local_entity_id": entity,
    }
    news.mentions.append(row)
    return row


def test_named_speaker_points_to_the_mention() -> None:
    news = news_doc("“The road is closed,” said the governor, Mira Holt.")
    mention = _mention(news, "Mira Holt", "PERSON", "name", "loc_1")
    (quote,) = find_quotes(news)[0]
    assert (quote["speaker_mention_id"], quote["speaker_status"]) == (mention["mention_id"], "named")


def test_described_speaker_is_not_the_name_inside_its_words() -> None:
    news = news_doc("“The road is closed,” said a spokesman for the Port Authority.")
    _mention(news, "Port Authority", "ORG", "name", "loc_1")
    (quote,) = find_quotes(news)[0]
    assert (quote["speaker_mention_id"], quote["speaker_status"]) == (None, "described")


def test_pronoun_is_named_through_its_entity() -> None:
    news = news_doc("Mira Holt came late. She said the road was closed.")
    _mention(news, "Mira Holt", "PERSON", "name", "loc_1")
    she = _mention(news, "She", "PERSON", "pronoun", "loc_1")
    (quote,) = find_quotes(news)[0]
    assert (quote["speaker_mention_id"], quote["speaker_status"]) == (she["mention_id"], "named")


def test_pronoun_without_a_mention_is_the_speaker_of_the_sentence_before() -> None:
    news = news_doc("Mira Holt said the road was closed. She added that it was icy.")
    mention = _mention(news, "Mira Holt", "PERSON", "name", "loc_1")
    first, second = find_quotes(news)[0]
    assert (second["speaker_mention_id"], second["speaker_status"]) == (mention["mention_id"], "named")
    assert news.text[second["speaker_start_char"] : second["speaker_end_char"]] == "She"
    assert first["speaker_mention_id"] == mention["mention_id"]


def test_plural_pronoun_is_not_a_single_speaker_before() -> None:
    news = news_doc("Mira Holt said the road was closed. They added that it was icy.")
    _mention(news, "Mira Holt", "PERSON", "name", "loc_1")
    second = find_quotes(news)[0][1]
    assert (second["speaker_mention_id"], second["speaker_status"]) == (None, "described")


TEXT = "\n".join([*(d[0] for d in DIRECT), *(r[0] for r in REPORTED)])


def test_rows_fit_the_tables_and_repeat() -> None:
    news = news_doc(TEXT)
    quotes, spans = find_quotes(news)
    assert (quotes, spans) == find_quotes(news_doc(TEXT))
    TABLES["quotes"].conform(quotes)
    TABLES["quote_spans"].conform(spans)
    assert all(TEXT[r["start_char"] : r["end_char"]] == r["text"] for r in (*quotes, *spans))
    assert len({(q["start_char"], q["end_char"]) for q in quotes}) == len(quotes)
    assert {s["quote_id"] for s in spans} == {q["quote_id"] for q in quotes}


def test_quote_spans_make_up_the_quote() -> None:
    quotes, spans = find_quotes(news_doc(TEXT))
    for q in quotes:
        pieces = [s for s in spans if s["quote_id"] == q["quote_id"]]
        assert (min(p["start_char"] for p in pieces), max(p["end_char"] for p in pieces)) == (q["start_char"], q["end_char"])


def test_empty_document_has_no_quotes() -> None:
    assert find_quotes(news_doc("")) == ([], [])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ("He said ''no''.", ["''no''"]),
        ("'Tis late and the farmers' cart is gone.", []),
        ("“Outer ‘inner’ outer.”", ["“Outer ‘inner’ outer.”"]),
        ("“He said “no” to me.”", ["“He said “no” to me.”"]),
    ],
)
def test_marks_are_paired(text: str, wanted: list[str]) -> None:
    news = news_doc(text)
    tree = build_tree(news)
    got = [news.text[news.starts[m.start] : news.starts[m.end - 1] + len(tree.words[m.end - 1])] for m in find_marked(tree)]
    assert got == wanted


def test_forms_of_verbs() -> None:
    assert "denied" in verb_forms("deny", {})
    assert "admitted" in verb_forms("admit", {})
    assert "argued" in verb_forms("argue", {})
    lexicon: Any = load_lexicon()
    assert {s.rule_id for s in lexicon.verbs["said"]} == {"quote.say"}
