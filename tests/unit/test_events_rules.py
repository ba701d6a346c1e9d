"""Every example and counter-example of every event rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support import news_doc
from transforms.extraction.event_patterns import FILES, NO_EVENT, load_lexicon
from transforms.extraction.events import find_events
from transforms.extraction.mentions import find_mentions
from transforms.extraction.times import find_times
from transforms.rules import load_rules
from warehouse.schema import EVENT_TYPES, Row

ENTRIES = [(name.upper(), entry) for name in FILES for entry in load_rules(f"events/{name}")["rule"]]
SHIFTS = [(entry["to"], entry) for entry in load_rules("events/shifts")["shift"]]
EXAMPLES = [(kind, entry["id"], example) for kind, entry in (*ENTRIES, *SHIFTS) for example in entry.get("examples", ())]
COUNTER = [(kind, entry["id"], text) for kind, entry in (*ENTRIES, *SHIFTS) for text in entry.get("counter", ())]


def read(text: str) -> tuple[list[Row], list[Row]]:
    """Events and roles of a text with its mentions and times."""
    news = news_doc(text)
    news.times.extend(find_times(news))
    news.mentions.extend(find_mentions(news))
    return find_events(news)


def fits(expected: str, text: str) -> bool:
    return expected in text or text in expected


@pytest.mark.parametrize(("kind", "rule_id", "example"), EXAMPLES, ids=[f"{i}-{n}" for n, (_, i, _) in enumerate(EXAMPLES)])
def test_example_gives_its_event(kind: str, rule_id: str, example: Mapping[str, Any]) -> None:
    events, roles = read(example["text"])
    found = [e for e in events if e["event_type"] == kind]
    assert found, [(e["event_type"], e["rule_id"]) for e in events]
    for key, role in (("actor", "actor"), ("actor2", "actor"), ("recipient", "recipient")):
        if key in example:
            texts = [r["text"] for e in found for r in roles if r["event_id"] == e["event_id"] and r["role"] == role]
            assert any(fits(example[key], t) for t in texts), (key, texts, [(e["rule_id"], e["text"]) for e in found])


@pytest.mark.parametrize(("kind", "rule_id", "text"), COUNTER, ids=[f"{i}-{n}" for n, (_, i, _) in enumerate(COUNTER)])
def test_counter_example_gives_no_event_of_its_type(kind: str, rule_id: str, text: str) -> None:
    events, _ = read(text)
    assert [(e["event_type"], e["rule_id"]) for e in events if kind in (e["event_type"], NO_EVENT)] == []


def test_every_rule_has_examples_and_a_known_type() -> None:
    for kind, entry in ENTRIES:
        assert kind in (*EVENT_TYPES, NO_EVENT)
        assert entry["id"].split(".")[1] == kind.lower() and entry["reason"]
        assert entry.get("examples") or kind == NO_EVENT, entry["id"]


def test_modes_and_contexts_are_of_the_closed_lists() -> None:
    modes = load_rules("events/scores")["mode"]
    contexts = {c["name"] for c in load_rules("events/contexts")["context"]}
    for rule in load_lexicon().rules.values():
        assert set(rule.modes) <= set(modes.get(rule.event_type, {})), rule.id
        assert set(rule.contexts) <= contexts | {"reparations", "human_security", "political_institutions"}, rule.id
