"""What the markup of a page and an extractor's verdict say of its lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from transforms.cleaning.lines import Line, Look, look_at, split_lines
from transforms.cleaning.page import Verdict
from transforms.rules import load_rules
from warehouse.schema import Row

TEXT_TAGS = ("p", "blockquote", "li", "h2", "h3", "h4", "dd", "pre", "td")


@dataclass(frozen=True, slots=True)
class MarkupRule:
    """A rule on element and classes of a block."""

    id: str
    kind: str
    tag: re.Pattern[str] | None
    classes: re.Pattern[str] | None
    inner: re.Pattern[str] | None
    longest: int
    also_kept: bool
    needs_digits: bool

    def hits(self, tag: str, classes: str, text: str) -> bool:
        """Whether element or classes are as the rule says, and the line is short enough."""
        if len(text) > self.longest or (self.needs_digits and not any(c.isdigit() for c in text)):
            return False
        if self.tag is not None and self.tag.fullmatch(tag):
            return True
        if self.classes is not None and self.classes.search(classes):
            return True
        return self.inner is not None and self.inner.search(" > ".join(classes.split(" > ")[-2:])) is not None


@cache
def markup_rules() -> tuple[MarkupRule, ...]:
    """The rules, in the order in which they are tried."""

    def pattern(entry: Mapping[str, str], key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key], re.IGNORECASE) if key in entry else None

    return tuple(
        MarkupRule(
            id=e["id"],
            kind=e["kind"],
            tag=pattern(e, "tag"),
            classes=pattern(e, "class"),
            inner=pattern(e, "inner"),
            longest=e.get("max", 100_000),
            also_kept=e.get("kept", False),
            needs_digits=e.get("digits", False),
        )
        for e in load_rules("cleaning_markup")["markup"]
    )


def blocks_by_line(lines: Sequence[Line], blocks: Sequence[Row]) -> dict[int, Row]:
    """Line number -> the block that the line begins in."""
    out: dict[int, Row] = {}
    k = 0
    ordered = sorted(blocks, key=lambda b: int(b["start_char"]))
    for i, line in enumerate(lines):
        while k < len(ordered) and ordered[k]["end_char"] <= line.first:
            k += 1
        if k < len(ordered) and ordered[k]["start_char"] <= line.first:
            out[i] = ordered[k]
    return out


def read_markup(text: str, blocks: Sequence[Row]) -> tuple[dict[int, Verdict], dict[int, bool]]:
    """Line number -> verdict by markup, and line number -> what the extractor took for body; both empty without blocks."""
    if not blocks:
        return {}, {}
    lines = split_lines(text)
    of_line = blocks_by_line(lines, blocks)
    kept = {i: bool(b["extractor_kept"]) for i, b in of_line.items() if b.get("extractor_kept") is not None}
    taken = [i for i, is_kept in kept.items() if is_kept]
    first, last = (taken[0], taken[-1]) if taken else (0, len(lines))
    hints: dict[int, Verdict] = {}
    for i, block in of_line.items():
        inside = first <= i <= last
        hint = _by_rules(block, lines[i].text, kept.get(i)) or _by_extractor(block, lines[i], kept.get(i), inside=inside)
        if hint is not None:
            hints[i] = hint
    return hints, kept


def _by_rules(block: Row, text: str, is_kept: bool | None) -> Verdict | None:
    tag, classes = block["tag"], block.get("css_class") or ""
    if tag == "h1":
        return None
    for rule in markup_rules():
        if (rule.also_kept or not is_kept) and rule.hits(tag, classes, text):
            return Verdict(rule.kind, rule.id, 0.9)
    return None


def _by_extractor(block: Row, line: Line, is_kept: bool | None, *, inside: bool) -> Verdict | None:
    """What the extractor left out is boilerplate, save running text between what it took, and headlines."""
    if is_kept is None or is_kept or block["tag"] == "h1":
        return None
    look: Look = look_at(line)
    if inside and block["tag"] in TEXT_TAGS and (look.is_paragraph or look.is_protected):
        return None
    return Verdict("other_boilerplate", "clean.markup.not_extracted", 0.8)
