"""Cleaning rules as compiled patterns; the rules themselves are data in ``transforms/rules/cleaning_*.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from transforms.rules import load_rules

END = 120
"""Code points at the end of a line in which ``has`` is searched."""

LENGTHS = (40, 60, 90, 130, 180, 300, 500, 1000)
"""Bounds between which the same rules are tried."""

PIECE = re.compile(r"\{([A-Z_]+)\}")


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule for a whole line: what it must look like, where it may stand, and what it then is."""

    id: str
    kind: str
    pattern: re.Pattern[str] | None
    strip: re.Pattern[str] | None
    need: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    has: re.Pattern[str] | None
    where: str
    shortest: int
    longest: int
    most_sentences: int | None
    sure: bool
    opens: str | None

    def hits(self, text: str) -> bool:
        """Whether the line looks as the rule says; where it stands is not asked here."""
        if not self.shortest <= len(text) <= self.longest:
            return False
        if self.has is not None and self.has.search(text, max(0, len(text) - END)) is None:
            return False
        found = self._is_used_up(text) if self.pattern is None else self.pattern.fullmatch(text) is not None
        return found and (self.unless is None or self.unless.search(text) is None)

    def _is_used_up(self, text: str) -> bool:
        """Whether nothing but marks is left of the line once everything that ``strip`` names is taken out."""
        if self.need is None or self.strip is None or self.need.search(text) is None:
            return False
        return not any(c.isalnum() for c in self.strip.sub(" ", text))


@dataclass(frozen=True, slots=True)
class DatelineRule:
    """A rule for the place, day and agency in front of a lead."""

    id: str
    pattern: re.Pattern[str]
    gazetteer: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class TailRule:
    """A rule for what hangs behind the last sentence of a line."""

    id: str
    kind: str
    pattern: re.Pattern[str]


@cache
def agencies() -> Mapping[str, str]:
    """How texts write an agency -> its name."""
    return {written: entry["name"] for entry in load_rules("cleaning_agencies")["agency"] for written in entry["written"]}


@cache
def pieces() -> Mapping[str, str]:
    """The named pieces that patterns are built from, each fully spelled out."""
    longest_first = sorted(agencies(), key=lambda w: (-len(w), w))
    out = {"AGENCY": "(?:" + "|".join(re.escape(w) for w in longest_first) + r")(?!\w)"}
    for name, pattern in load_rules("cleaning_parts")["parts"].items():
        out[name] = _spell_out(pattern, out)
    return out


def _spell_out(pattern: str, known: Mapping[str, str]) -> str:
    return PIECE.sub(lambda m: known[m[1]], pattern)


def compile_pattern(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """The pattern with its named pieces put in.

    >>> compile_pattern("{MONTH} [0-9]+", ignore_case=True).fullmatch("march 14") is not None
    True
    """
    return re.compile(_spell_out(pattern, pieces()), re.IGNORECASE if ignore_case else 0)


def _optional(entry: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return compile_pattern(entry[key], ignore_case=entry.get("case") != "exact") if key in entry else None


@cache
def line_rules() -> tuple[LineRule, ...]:
    """The rules for whole lines, in the order in which they are tried."""
    return tuple(
        LineRule(
            id=e["id"],
            kind=e["kind"],
            pattern=_optional(e, "pattern"),
            strip=_optional(e, "strip"),
            need=_optional(e, "need"),
            unless=_optional(e, "unless"),
            has=_optional(e, "has"),
            where=e.get("where", "any"),
            shortest=e.get("min", 1),
            longest=e.get("max", 300),
            most_sentences=e.get("sentences"),
            sure=e.get("sure", False),
            opens=e.get("opens"),
        )
        for e in load_rules("cleaning_lines")["rule"]
    )


def rules_for_length(n_chars: int, *, anywhere: bool, sure: bool) -> tuple[LineRule, ...]:
    """The rules that can hit a line of that length: those for any place or the others, all or the sure ones."""
    bound = next((b for b in LENGTHS if n_chars <= b), None)
    return _rules_for_bound(bound, anywhere, sure)


@cache
def _rules_for_bound(bound: int | None, anywhere: bool, sure: bool) -> tuple[LineRule, ...]:
    shorter = [b for b in LENGTHS if bound is None or b < bound]
    shortest = shorter[-1] + 1 if shorter else 0
    rules = (r for r in line_rules() if (r.where == "any") == anywhere and (r.sure or not sure))
    return tuple(r for r in rules if r.longest >= shortest)


@cache
def dateline_rules() -> tuple[DatelineRule, ...]:
    """The rules for datelines, in the order in which they are tried."""
    return tuple(
        DatelineRule(e["id"], compile_pattern(e["pattern"]), e.get("gazetteer", False), e.get("alone", False))
        for e in load_rules("cleaning_inline")["dateline"]
    )


@cache
def tail_rules() -> tuple[TailRule, ...]:
    """The rules for what hangs behind the last sentence of a line."""
    return tuple(TailRule(e["id"], e["kind"], compile_pattern(f"(?:{e['pattern']})\\Z")) for e in load_rules("cleaning_inline")["tail"])
