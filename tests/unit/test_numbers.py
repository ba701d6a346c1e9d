"""Number words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extraction.numbers import parse_number, parse_ordinal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,000", 3000),
        ("1,234,567.5", 1234567.5),
        ("2,00,000", 200000),
        ("12\u00a0500", 12500),
        ("2.5 million", 2.5e6),
        ("1.2bn", 1.2e9),
        ("40k", 40000),
        ("twelve", 12),
        ("Twenty-three", 23),
        ("a dozen", 12),
        ("two dozen", 24),
        ("hundred and five", 105),
        ("a hundred", 100),
        ("one hundred thousand", 100000),
        ("three hundred and twelve thousand four hundred", 312400),
        ("4 thousand", 4000),
        ("half a million", 500000),
        ("half", 0.5),
        ("two-thirds", 2 / 3),
        ("three quarters", 0.75),
        ("a quarter", 0.25),
        ("three and a half", 3.5),
        ("3 1/2", 3.5),
        ("1/4", 0.25),
        ("2½", 2.5),
        ("zero", 0),
    ],
)
def test_states_a_value(text: str, value: float) -> None:
    assert parse_number(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["dozens", "hundreds", "many", "a", "an", "", "second", "third", "12,34", "five six", "and five", "five and", "7pm", "3/0"]
)
def test_states_no_value(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "rank"), [("third", 3), ("15th", 15), ("twenty-first", 21), ("1st", 1), ("five", None), ("", None)])
def test_states_a_rank(text: str, rank: int | None) -> None:
    assert parse_ordinal(text) == rank


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_come_back(number: int) -> None:
    assert parse_number(f"{number:,}") == number == parse_number(str(number))
