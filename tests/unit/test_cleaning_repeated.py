"""Repeated lines of a publisher: what is learnt, what never, the file that a person reviews, and what cleaning does with it."""

from __future__ import annotations

from typing import Any

import pytest

from transforms.cleaning import Cleaned, clean_document, clean_text, outline_document
from transforms.cleaning.repeated import (
    BadLines,
    Outline,
    RepeatedLine,
    group_versions,
    learn_lines,
    mask,
    merge_lines,
    parse_lines,
    read_lines,
    render_lines,
    usable,
)
from warehouse.schema import KEPT_KINDS

PUBLISHER = "Harbour Post"
MOTTO = "The paper of every council and its people"
BOX = "Harbour Post is read in 41 countries every day of the week, and it is printed in Porto."
TOWNS = ("Porto", "Braga", "Faro", "Evora", "Tomar", "Silves", "Viseu", "Guarda")
DEEDS = ("close the old market hall", "buy nine electric ferries", "rebuild the flooded school", "open a second theatre")


def article(n: int, *, above: str = MOTTO, below: str = BOX, between: str = "") -> str:
    """An article about a town; no two have a paragraph in common."""
    town, deed = TOWNS[n % len(TOWNS)], DEEDS[n % len(DEEDS)]
    lines = [
        above,
        f"Council of {town} votes to {deed}",
        f"The council of {town} voted on Monday to {deed}, which will cost the town about {n + 2} million euros in the next years.",
        between,
        f"Opponents in {town} said that they had not been asked. They want to go to court over the plan before the end of the year.",
        below.replace("41", str(40 + n)),
    ]
    return "\n".join(line for line in lines if line)


def outlines(*texts: str, publisher: str = PUBLISHER) -> list[Outline]:
    """The texts as documents of a publisher, in the order of their ids."""
    rows = [{"document_id": f"doc_{n}", "publisher": publisher, "text": text, "language": "en"} for n, text in enumerate(texts)]
    found = [outline_document(row, []) for row in rows]
    return [x for x in found if x is not None]


def learnt(*texts: str, **options: Any) -> list[str]:
    return [x.line for x in learn_lines(outlines(*texts), **options)]


# --- learning --------------------------------------------------------------------------------------------------


def test_lines_at_head_and_tail_of_three_articles_are_learnt_digits_masked() -> None:
    found = learn_lines(outlines(*(article(n) for n in range(3))))
    assert [(x.publisher, x.line, x.where, x.n_articles, x.n_of) for x in found] == [
        (PUBLISHER, mask(BOX), "tail", 3, 3),
        (PUBLISHER, MOTTO, "head", 3, 3),
    ]
    assert found[0].examples == ("doc_0", "doc_1", "doc_2")


@pytest.mark.parametrize("line", ["More of the port:", "Write to the desk of Porto"])
def test_lines_that_are_almost_so_are_learnt(line: str) -> None:
    assert learnt(*(article(n, above="", below=line) for n in range(4))) == [line]


def test_two_articles_are_too_few() -> None:
    assert learnt(article(0), article(1)) == []


def test_versions_of_one_article_count_once() -> None:
    versions = [article(0) + f"\nUpdate {n} of the day" for n in range(3)]
    assert [len(group) for group in group_versions(outlines(*versions, article(1)))] == [3, 1]
    assert learnt(*versions, article(1)) == []


def test_a_line_must_stand_in_enough_of_the_articles() -> None:
    texts = [article(n, above="") for n in range(3)] + [article(n, above="", below="") for n in range(3, 8)]
    assert learnt(*texts) == [mask(BOX)]
    assert learnt(*texts, min_share=0.5) == []


@pytest.mark.parametrize(
    "line",
    [
        "“We shall see what the court says.”",
        "The council meets every week in the old town hall at the river. Its sessions are open to all who live in the town, and "
        "everybody who comes may put one question to the mayor at the end.",
        "* * *",
        "PORTO (Reuters) -",
        "PORTO (Reuters)",
        "PORTO _",
    ],
)
def test_quotes_long_lines_of_two_sentences_marks_and_datelines_are_never_learnt(line: str) -> None:
    assert learnt(*(article(n, above="", below=line) for n in range(4))) == []


def test_a_line_that_also_stands_between_paragraphs_is_not_learnt() -> None:
    texts = [article(n) for n in range(4)] + [article(4, between=MOTTO)]
    assert learnt(*texts) == [mask(BOX)]


def test_a_title_that_few_of_the_articles_have_is_not_learnt() -> None:
    title = "What the councils of the coast decided this week"
    some, others = [article(n, above=title) for n in range(3)], [article(n) for n in range(3, 8)]
    assert learnt(*some, *others) == [mask(BOX), MOTTO]


def test_a_line_that_a_rule_takes_out_everywhere_needs_no_learning() -> None:
    assert learnt(*(article(n, above="", below="© 2021 Harbour Post. All rights reserved.") for n in range(4))) == []


def test_the_order_of_the_documents_does_not_matter() -> None:
    found = outlines(*(article(n) for n in range(5)))
    assert learn_lines(reversed(found)) == learn_lines(found)


def test_publishers_are_learnt_apart() -> None:
    few = outlines(article(0), article(1)) + outlines(article(2), publisher="Dune Gazette")
    assert learn_lines(few) == []


def test_documents_without_publisher_or_in_other_languages_are_left_out() -> None:
    assert outline_document({"document_id": "doc_1", "publisher": None, "text": article(0), "language": "en"}, []) is None
    assert outline_document({"document_id": "doc_1", "publisher": PUBLISHER, "text": article(0), "language": "fr"}, []) is None


# --- the file --------------------------------------------------------------------------------------------------


def test_what_is_written_is_read() -> None:
    lines = [
        RepeatedLine('Dune "Gazette"', "Back\\slash, tab\x7f and “marks”", "promo", True, "tail", 4, 9, ("doc_1", "doc_2")),
        RepeatedLine(PUBLISHER, MOTTO, where="head", n_articles=3, n_of=3, examples=("doc_1",)),
        RepeatedLine(PUBLISHER, "Added by hand"),
    ]
    text = render_lines(lines)
    assert parse_lines(text) == lines
    assert render_lines(reversed(lines)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format = 2", "format = 1"),
        ("format = ", "Invalid value"),
        ("format = 1\nline = 3", "tables"),
        ('format = 1\n[[line]]\nline = "x"', "number 1: publisher and line"),
        ('format = 1\n[[line]]\npublisher = "p"\nline = "x"\nkind = "body"', 'kind cannot be "body"'),
        ('format = 1\n[[line]]\npublisher = "p"\nline = "x"\nkeep = "yes"', "keep cannot be 'yes'"),
        ('format = 1\n[[line]]\npublisher = "p"\nline = "x"\nkep = true', "kep is no key"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, words: str) -> None:
    with pytest.raises(BadLines, match=words):
        parse_lines(text)


def test_lines_of_a_person_are_masked_as_the_texts_are() -> None:
    file = 'format = 1\n[[line]]\npublisher = "p"\nline = "Page 3  of 4"'
    assert read_lines(file).of("p") == {"Page # of #": "other_boilerplate"}


def test_the_version_changes_with_what_cleaning_does_and_with_nothing_else() -> None:
    line = RepeatedLine(PUBLISHER, MOTTO, n_articles=3, n_of=5)
    same = RepeatedLine(PUBLISHER, MOTTO, n_articles=4, n_of=9, examples=("doc_9",))
    versions = [usable(x).version() for x in ([line], [same], [], [RepeatedLine(PUBLISHER, MOTTO, "promo")])]
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
    assert usable([RepeatedLine(PUBLISHER, MOTTO, keep=True)]).version() == usable([]).version()


def test_what_a_person_decided_stays_when_lines_are_learnt_again() -> None:
    before = [
        RepeatedLine(PUBLISHER, "Kept", "promo", True, "head", 3, 9),
        RepeatedLine(PUBLISHER, "Kind changed", "bio", False, "tail", 3, 9),
        RepeatedLine(PUBLISHER, "No longer repeated", "bio", False, "tail", 3, 9),
        RepeatedLine(PUBLISHER, "Added by hand"),
        RepeatedLine("Dune Gazette", "Of another publisher", "bio", False, "tail", 3, 9),
    ]
    learnt_now = [RepeatedLine(PUBLISHER, "Kind changed", "related", False, "tail", 5, 9)]
    merged = merge_lines(learnt_now, before)
    assert [(x.line, x.kind, x.keep, x.n_articles) for x in merged] == [
        ("Kind changed", "bio", False, 5),
        ("Kept", "promo", True, 3),
        ("Added by hand", "other_boilerplate", False, 0),
    ]
    assert next(x.line for x in merge_lines(learnt_now, before, publishers=[PUBLISHER])) == "Of another publisher"


# --- using -----------------------------------------------------------------------------------------------------


def rules_of(text: str, *lines: str, publisher: str | None = PUBLISHER) -> list[tuple[str, str]]:
    """Words and rule of every segment, the lines being known of Harbour Post."""
    known = usable(RepeatedLine(PUBLISHER, mask(line), "promo") for line in lines)
    return [(text[s.start_char : s.end_char].strip(), s.rule_id) for s in clean_text(text, publisher=publisher, repeated=known)]


def taken(text: str, *lines: str, publisher: str | None = PUBLISHER) -> list[str]:
    return [words for words, rule in rules_of(text, *lines, publisher=publisher) if rule == "clean.repeated.publisher"]


def test_known_lines_of_the_publisher_are_taken_out_at_head_and_tail() -> None:
    text = article(5)
    assert taken(text, MOTTO, BOX) == [MOTTO, BOX.replace("41", "45")]
    assert taken(text, MOTTO, BOX, publisher="Dune Gazette") == []
    assert taken(text, MOTTO, BOX, publisher=None) == []
    kinds = {s.kind for s in clean_text(text, publisher=PUBLISHER, repeated=usable([RepeatedLine(PUBLISHER, MOTTO, "promo")]))}
    assert "promo" in kinds


def test_known_lines_between_paragraphs_stay() -> None:
    assert taken(article(5, above="", between=BOX), BOX) == [BOX.replace("41", "45")]


def test_rules_come_first() -> None:
    notice = "© 2021 Harbour Post. All rights reserved."
    found = dict(rules_of(article(5, below=notice), notice))
    assert found[notice].startswith("clean.") and found[notice] != "clean.repeated.publisher"


def test_no_article_is_emptied() -> None:
    text = f"{MOTTO}\n{BOX}"
    known = usable([RepeatedLine(PUBLISHER, MOTTO), RepeatedLine(PUBLISHER, mask(BOX))])
    segments = clean_text(text, publisher=PUBLISHER, repeated=known)
    assert any(s.kind in KEPT_KINDS for s in segments)
    assert taken(text, MOTTO, BOX) == []


def test_the_only_headline_stays_the_title() -> None:
    text = "\n".join(article(5, above="").split("\n")[1:])
    recurring = "Letters to the editor of this week"
    assert taken(f"{recurring}\n{text}", recurring) == []


def test_with_a_title_of_the_input_the_only_headline_goes() -> None:
    text = "\n".join([MOTTO, *article(5, above="").split("\n")[1:]])
    row = {"document_id": "doc_1", "publisher": PUBLISHER, "text": text, "language": "en", "title": "Council of Silves votes to build"}
    made = clean_document(row, [], repeated=usable([RepeatedLine(PUBLISHER, MOTTO)]))
    assert isinstance(made, Cleaned)
    assert made.segments[0]["rule_id"] == "clean.repeated.publisher"
    assert made.document["title"] == "Council of Silves votes to build"


def test_without_lines_nothing_changes() -> None:
    text = article(5)
    assert clean_text(text, publisher=PUBLISHER, repeated=usable([])) == clean_text(text)
