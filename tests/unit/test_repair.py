"""A second verb of saying goes back to the speaker; acts that were stated stay stated."""

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
