"""Pages: what place and classes of a block tell of it, and that no paragraph of the text is lost by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from transforms.cleaning.lines import split_lines
from transforms.cleaning.markup import read_markup
from transforms.reading.blocks import Block, parse_page, visible_blocks
from transforms.reading.document import block_rows
from transforms.rules import load_rules

STORY = (
    "The ferry to Ostrava Island runs again after five months, and the first boat left the harbour on Monday with sixty people on board.",
    "Mira Holt, who runs the line, said that the winter had cost her two hundred passengers a day, most of them pupils and nurses.",
    "A third boat will follow in the spring, the harbour office said, if the yard in the town of Velka finishes the work in time.",
    "Until then the late service on Fridays stays cancelled, and the mail goes over the bridge with the baker's van in the morning.",
)
MARKUP = "".join(f"<p>{text}</p>" for text in STORY)


def hints(markup: str, *, missed: tuple[str, ...] = ()) -> dict[str, tuple[str, str]]:
    """Line -> kind and rule of its hint, where an extractor took every line but ``missed``."""
    root = parse_page(f"<html><body>{markup}</body></html>")
    assert root is not None
    blocks: list[Block] = [replace(block, kept=block.text not in missed) for block in visible_blocks(root)]
    text = "\n".join(block.text for block in blocks)
    found, _ = read_markup(text, block_rows("doc", blocks))
    lines = split_lines(text)
    return {lines[i].text: (verdict.kind, verdict.rule_id) for i, verdict in found.items()}


@pytest.mark.parametrize("rule", load_rules("cleaning_markup")["place"], ids=lambda rule: rule["id"])
def test_place(rule: dict[str, Any]) -> None:
    for example in rule["examples"]:
        assert hints(example["html"].replace("STORY", MARKUP)).get(example["line"]) == (rule["kind"], rule["id"])
    for example in rule["counter_examples"]:
        assert hints(example["html"].replace("STORY", MARKUP)).get(example["line"], ("", ""))[1] != rule["id"]


@pytest.mark.parametrize("name", ["paywall", "page with-sidebar", "comment", "newsletter-post", "cards", "legal", "social"])
def test_a_class_around_the_whole_text_says_nothing_of_it(name: str) -> None:
    found = hints(f"<nav><a href=x>Home</a></nav><h1>Ferry runs again to the island</h1><div class='{name}'>{MARKUP}</div>")
    assert not set(STORY) & set(found)


@pytest.mark.parametrize("name", ["paywall-offer", "kg-signup-card", "cookie-notice", "comments", "related", "ad"])
def test_a_part_beside_the_text_is_no_body_although_the_extractor_took_it(name: str) -> None:
    extra = "You can read all of our stories from the first day on for one coin a week."
    found = hints(f"<h1>Ferry runs again to the island</h1><div class=copy>{MARKUP}<div class='{name}'><p>{extra}</p></div>{MARKUP}</div>")
    assert extra in found
    assert not set(STORY) & set(found)


def test_pieces_of_a_text_in_numbered_boxes_are_all_text() -> None:
    pieces = "".join(f"<div class='card card-{i}' id='piece{i}'><p>{text}</p></div>" for i, text in enumerate(STORY))
    assert not set(STORY) & set(hints(f"<h1>Ferry runs again to the island</h1>{pieces}"))


@pytest.mark.parametrize("missed", [STORY[1], STORY[3]])
def test_a_paragraph_in_the_box_of_the_text_is_text_although_the_extractor_missed_it(missed: str) -> None:
    markup = f"<h1>Ferry runs again to the island</h1><div class=copy>{MARKUP}</div><p>Terms of use and other words in the margin.</p>"
    assert missed not in hints(markup, missed=(missed,))


def test_what_stands_above_the_headline_does_not_count_as_text() -> None:
    notice = "We store and read information on your device to show you what fits, and to learn about the people who read us."
    markup = f"<div class=cmp><p>{notice}</p><p>{notice} Indeed.</p></div><h1>Ferry runs again to the island</h1>{MARKUP}"
    assert hints(markup)[notice] == ("other_boilerplate", "clean.markup.frame")
