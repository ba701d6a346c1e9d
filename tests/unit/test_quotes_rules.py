"""Every example of the quotation rules must be made by its own rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import news_doc
from transforms.extraction.quotes import find_quotes
from transforms.rules import load_rules

RULES = load_rules("quotes")
EXAMPLES = [
    pytest.param(entry["id"], example, id=f"{entry['id']}-{n}")
    for table in ("verbs", "nouns", "adjectives", "prepositions", "structures")
    for entry in RULES[table]
    for n, example in enumerate(entry["examples"])
]


@pytest.mark.parametrize(("rule_id", "example"), EXAMPLES)
def test_example_is_made_by_its_rule(rule_id: str, example: dict[str, Any]) -> None:
    news = news_doc(example["text"])
    quotes, _ = find_quotes(news)
    got = [
        (
            q["text"],
            news.text[q["speaker_start_char"] : q["speaker_end_char"]] if q["speaker_start_char"] is not None else None,
            news.text[q["cue_start_char"] : q["cue_end_char"]] if q["cue_start_char"] is not None else None,
            q["rule_id"],
        )
        for q in quotes
    ]
    content = [g for g in got if g[0] == example["content"]]
    assert content, got
    assert content[0][1] == example.get("speaker")
    if "cue" in example:
        assert content[0][2] == example["cue"]
    assert content[0][3] in _accepted(rule_id), got


def _accepted(rule_id: str) -> tuple[str, ...]:
    """The rule itself; quotations in marks are made by the structure that finds their cue."""
    return (rule_id, "quote.after", "quote.before")


def test_ids_are_unique_and_have_reason_and_example() -> None:
    entries = [entry for table in ("verbs", "nouns", "adjectives", "prepositions", "structures") for entry in RULES[table]]
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids))
    assert all(entry["reason"] and entry["examples"] for entry in entries)


def test_no_verb_stands_twice_in_one_rule() -> None:
    for table in ("verbs", "nouns", "adjectives"):
        for entry in RULES[table]:
            assert len(entry["lemmas"]) == len(set(entry["lemmas"])), entry["id"]
