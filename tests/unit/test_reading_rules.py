"""Every example in reading_fields.toml gives what it says."""

from __future__ import annotations

from typing import Any

import pytest

from transforms.reading.dates import parse_published
from transforms.reading.fields import find_value, language_code, record_text, unwrap
from transforms.reading.model import Limits, Source
from transforms.reading.names import clean_authors
from transforms.reading.page import land_page
from transforms.rules import load_rules

RULES = load_rules("reading_fields")


def examples(kind: str) -> list[Any]:
    """Rule and example, one per case."""
    return [pytest.param(rule, example, id=f"{rule['id']}-{i}") for rule in RULES[kind] for i, example in enumerate(rule["examples"])]


def test_every_rule_has_an_id_of_its_own_a_reason_and_an_example() -> None:
    rules = [rule for kind, found in RULES.items() if kind != "version" for rule in found]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["reason"] and rule["examples"] for rule in rules)


@pytest.mark.parametrize(("rule", "example"), examples("field"))
def test_field(rule: Any, example: Any) -> None:
    assert find_value(example["record"], rule["role"], {}) == example["gives"]


@pytest.mark.parametrize(("rule", "example"), examples("wrapper"))
def test_wrapper(rule: Any, example: Any) -> None:
    assert record_text(unwrap(example["record"], Source()), Source()) == example["gives"]


@pytest.mark.parametrize(("rule", "example"), examples("language"))
def test_language(rule: Any, example: Any) -> None:
    assert language_code(example["given"]) == example["gives"]


@pytest.mark.parametrize(("rule", "example"), examples("zone"))
def test_zone(rule: Any, example: Any) -> None:
    found = parse_published(example["given"])
    assert found is not None
    assert found.at is not None
    assert found.at.isoformat() == example["gives"]


@pytest.mark.parametrize(("rule", "example"), examples("job"))
def test_job(rule: Any, example: Any) -> None:
    assert clean_authors([example["given"]]) == example["gives"]


@pytest.mark.parametrize(("rule", "example"), examples("page"))
def test_page(rule: Any, example: Any) -> None:
    landed = land_page(example["html"].encode(), source=Source(), limits=Limits(), record=None)
    value = landed.document[example["field"]]
    assert (value.isoformat() if hasattr(value, "isoformat") else value) == example["gives"]
