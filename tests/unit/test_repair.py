"""What the parser often gets wrong in news is put right, and what only looks alike stays as it is."""

from __future__ import annotations

import pytest

from tests.support import news_doc


@pytest.mark.parametrize(
    ("text", "verb", "head"),
    [
        ("The ministry said that the bridge was safe and added that it would open on Friday.", "added", "said"),
        ("The ministry said that the engineer had left and that she added nothing.", "added", None),
        ("The mayor said the council met and the judge added a warning.", "added", None),
    ],
)
def test_verbs_of_saying(text: str, verb: str, head: str | None) -> None:
    token = next(t for t in news_doc(text).doc if t.text == verb)
    assert (token.head.text == head) if head else (token.head.text != "said" or token.dep_ != "conj")


def test_what_was_stated_ends_before_the_second_statement() -> None:
    from transforms.extraction.document import extract_document

    rows = extract_document(news_doc("The ministry said that the bridge was safe and added that it would open on Friday."))
    assert [q["text"] for q in rows["quotes"]] == ["that the bridge was safe", "that it would open on Friday"]


def _heads(text: str) -> dict[str, tuple[str, str]]:
    return {t.text: (t.dep_, t.head.text) for t in news_doc(text).doc}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya promised Somalia two hundred trainers.", {"Somalia": ("dative", "promised"), "trainers": ("dobj", "promised")}),
        ("The army gave the rebels 48 hours to leave the town.", {"rebels": ("dative", "gave"), "hours": ("dobj", "gave")}),
        ("A farmer died and another was injured.", {"another": ("nsubjpass", "injured")}),
        ("The Vatican condemned the attack by the militia.", {"by": ("prep", "attack")}),
        ("North Korea test-fired two missiles on Sunday.", {"Korea": ("nsubj", "fired")}),
        ("The two premiers are due to meet in Riga on Monday.", {"meet": ("advcl", "are")}),
        ("Unions gave the government until Friday to pay the wages.", {"until": ("prep", "gave"), "pay": ("advcl", "gave")}),
        (
            "Chile is sending doctors at the request of the government; Lima, for its part, suspended the hiring of nurses.",
            {"Lima": ("nsubj", "suspended")},
        ),
        ("The president vetoed the bill.", {"bill": ("dobj", "vetoed")}),
        ("Up to 1,000 sheep drowned in the flood.", {"sheep": ("nsubj", "drowned")}),
        ("The drone attack on a refinery near Ufa caused a fire.", {"drone": ("compound", "attack"), "attack": ("nsubj", "caused")}),
        ("The Fijian president plans to meet the king of Tonga on Friday.", {"president": ("nsubj", "plans"), "meet": ("xcomp", "plans")}),
    ],
)
def test_heads(text: str, expected: dict[str, tuple[str, str]]) -> None:
    found = _heads(text)
    assert {word: found[word] for word in expected} == expected


@pytest.mark.parametrize(
    ("text", "word", "head"),
    [
        ("The clerk signed the order by Friday.", "by", "signed"),
        ("The team won the match by three goals.", "by", "won"),
        ("The crew left the island by boat.", "by", "left"),
    ],
)
def test_by_that_names_no_doer_stays_with_the_verb(text: str, word: str, head: str) -> None:
    assert _heads(text)[word][1] == head


def test_mines_are_no_pronouns() -> None:
    mine = next(t for t in news_doc("The mine compensated the villagers.").doc if t.text == "mine")
    assert (mine.pos_, mine.lemma_) == ("NOUN", "mine")
