"""Every cleaning rule takes its own examples and leaves its counter-examples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import transforms.cleaning
from transforms.cleaning.document import clean_text
from transforms.cleaning.label import label_page
from transforms.cleaning.markup import markup_rules
from transforms.cleaning.page import Given
from transforms.cleaning.patterns import dateline_rules, line_rules, tail_rules
from transforms.rules import all_rules, load_rules
from warehouse.schema import SEGMENT_KINDS

LINE = {e["id"]: e for e in load_rules("cleaning_lines")["rule"]}
STRUCTURE = [(e["id"], example) for e in load_rules("cleaning_structure")["structure"] for example in e.get("examples", ())]
INLINE = load_rules("cleaning_inline")
LEAD = " The tram drivers of the city ended their strike on Monday after nine days, the union said."


@pytest.mark.parametrize("rule", line_rules(), ids=lambda r: r.id)
def test_line_rule(rule: Any) -> None:
    entry = LINE[rule.id]
    assert rule.kind in SEGMENT_KINDS
    assert entry["reason"]
    assert entry["examples"]
    assert entry["counter_examples"]
    for text in entry["examples"]:
        assert rule.hits(text), f"{rule.id} must take {text!r}"
    for text in entry["counter_examples"]:
        assert not rule.hits(text), f"{rule.id} must not take {text!r}"


@pytest.mark.parametrize("entry", INLINE["dateline"], ids=lambda e: e["id"])
def test_dateline_rule(entry: dict[str, Any]) -> None:
    for text in entry["examples"]:
        segments = clean_text(text + LEAD)
        assert segments[0].kind == "dateline", text
        assert segments[0].rule_id == entry["id"], text
    for text in entry["counter_examples"]:
        assert clean_text(text + LEAD)[0].kind != "dateline", text


@pytest.mark.parametrize("entry", INLINE["tail"], ids=lambda e: e["id"])
def test_tail_rule(entry: dict[str, Any]) -> None:
    rule = next(r for r in tail_rules() if r.id == entry["id"])
    for text in entry["examples"]:
        assert rule.pattern.search(text) is not None, text
    for text in entry["counter_examples"]:
        assert rule.pattern.search(text) is None, text


@pytest.mark.parametrize("entry", load_rules("cleaning_markup")["markup"], ids=lambda e: e["id"])
def test_markup_rule(entry: dict[str, Any]) -> None:
    rule = next(r for r in markup_rules() if r.id == entry["id"])
    assert rule.kind in SEGMENT_KINDS
    for chain in entry["examples"]:
        assert rule.hits("div", chain, "3 May 2021"), chain
    for chain in entry["counter_examples"]:
        assert not rule.hits("div", chain, "3 May 2021"), chain


@pytest.mark.parametrize(("rule_id", "example"), STRUCTURE, ids=lambda x: x if isinstance(x, str) else "")
def test_structure(rule_id: str, example: dict[str, str]) -> None:
    text = example["text"]
    body_start = text.index(example["body"]) if "body" in example else None
    repeated = {example["repeated"]: "other_boilerplate"} if "repeated" in example else {}
    given = Given(title=example.get("title"), subtitle=example.get("subtitle"), body_start=body_start, repeated=repeated)
    page = label_page(text, given, by_chain=False)
    made = [(page.verdicts[i].rule_id, page.verdicts[i].kind) for i, line in enumerate(page.lines) if line.text == example["line"]]  # type: ignore[union-attr]
    assert rule_id in [r for r, _ in made], made


def test_every_rule_in_the_code_is_declared() -> None:
    declared = {r["rule_id"] for r in all_rules()}
    folder = Path(transforms.cleaning.__file__).parent
    used = {m for path in folder.glob("*.py") for m in re.findall(r'"(clean\.[a-z_.]+)"', path.read_text("utf-8"))}
    assert used <= declared


def test_ids_are_unique() -> None:
    ids = [r.id for r in line_rules()] + [r.id for r in dateline_rules()] + [r.id for r in tail_rules()] + [r.id for r in markup_rules()]
    assert len(ids) == len(set(ids))
