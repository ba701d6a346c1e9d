"""What the markup of a page and an extractor's verdict say of its lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from transforms.cleaning.lines import Line, Look, look_at, split_lines
from transforms.cleaning.page import Verdict
from transforms.rules import load_rules
from warehouse.schema import Row

_DIGITS = re.compile(r"\d+")
_COLUMN = re.compile(r"(?:col|column|span|grid|large|medium|small|xs|sm|md|lg|xl|w)(?![a-z])", re.IGNORECASE)
TEXT_TAGS = ("p", "blockquote", "li", "h2", "h3", "h4", "dd", "pre", "td")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WIDE = 0.25
"""Share of the text from which a class is one of the whole text: sites call the box of an article `paywall` or `with-sidebar`."""

MOST = 0.5
"""The same for boxes of link and paragraph: a list of things to see is one, and so is a list of other stories."""

MAIN = 0.85
"""Share of the text that must stand in one box, so that what stands below and outside of it is of another story."""

CUT_FROM = 140
"""Length of a chain of classes from which its outer end may have been cut off."""

HEADLINE_WORDS = 3
"""Words that the headline has at least."""

SHORT_ABOVE = 8
"""Words up to which a line above the text that ends no sentence is a name, a place, a date."""


@dataclass(frozen=True, slots=True)
class MarkupRule:
    """A rule on element and classes of a block."""

    id: str
    kind: str
    tag: re.Pattern[str] | None
    classes: re.Pattern[str] | None
    inner: re.Pattern[str] | None
    longest: int
    above: bool
    after: bool
    needs_digits: bool

    def hits(self, tag: str, classes: str, text: str, *, wide: frozenset[str] = frozenset()) -> bool:
        """Whether element or classes are as the rule says, and the line is short enough; classes in ``wide`` say nothing of one line."""
        if len(text) > self.longest or (self.needs_digits and not any(c.isdigit() for c in text)):
            return False
        if self.tag is not None and self.tag.fullmatch(tag):
            return True
        if not wide:
            return self._names(classes, " > ".join(classes.split(" > ")[-2:]))
        chain = [part for part in classes.split(" > ") if _key(part) not in wide]
        return any(self._names(part, part if part in classes.split(" > ")[-2:] else "") for part in chain)

    def _names(self, whole: str, innermost: str) -> bool:
        if self.classes is not None and self.classes.search(whole):
            return True
        return self.inner is not None and self.inner.search(innermost) is not None


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
            above=e.get("above", False),
            after=e.get("after", False),
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
    view = _view(text, blocks)
    hints: dict[int, Verdict] = {}
    for i in view.blocks:
        hint = _by_rules(view, i) or _by_place(view, i) or _by_extractor(view, i)
        if hint is not None:
            hints[i] = hint
    return hints, dict(view.kept)


@dataclass(frozen=True, slots=True)
class _View:
    """The page as the hints see it: blocks and the extractor's verdicts by line number.

    ``head`` is the line of the headline. ``wide`` are classes around much of what the extractor took, ``most`` around half of it,
    ``opening`` those around its first paragraph; ``usual`` are whole chains of much of it, ``main`` is the chain that nearly all its
    paragraphs have in common. ``first`` and ``last`` are the first and last line that it took, ``text_first`` and ``text_last`` the same
    of paragraphs in ``main``.
    """

    lines: Sequence[Line]
    blocks: Mapping[int, Row]
    kept: Mapping[int, bool]
    head: int | None
    wide: frozenset[str]
    most: frozenset[str]
    opening: frozenset[str]
    usual: frozenset[tuple[str, ...]]
    main: tuple[str, ...]
    first: int
    last: int
    text_first: int
    text_last: int


def _view(text: str, blocks: Sequence[Row]) -> _View:
    lines = split_lines(text)
    of_line = blocks_by_line(lines, blocks)
    kept = {i: bool(b["extractor_kept"]) for i, b in of_line.items() if b.get("extractor_kept") is not None}
    taken = [i for i, is_kept in kept.items() if is_kept]
    head = _headline(lines, of_line)
    sizes = {i: len(lines[i].text) for i in taken if of_line[i]["tag"] not in HEADINGS and look_at(lines[i]).is_paragraph}
    if head is not None and any(i > head for i in sizes):
        # What stands above the headline is no text of the article: a notice about cookies, a teaser.
        sizes = {i: n for i, n in sizes.items() if i > head}
    chains = {i: _chain(of_line[i]) for i in sizes}
    main = _main_chain([(chains[i], n) for i, n in sizes.items()])
    inside = [i for i in sizes if chains[i][: len(main)] == main]
    first, last = (taken[0], taken[-1]) if taken else (0, len(lines))
    text_first, text_last = (inside[0], inside[-1]) if inside else (first, last)
    usual = frozenset(
        chain for chain in chains.values() if sum(n for i, n in sizes.items() if chains[i] == chain) >= WIDE * sum(sizes.values())
    )
    opening = frozenset(chains[min(sizes)]) if sizes else frozenset()
    return _View(
        lines=lines,
        blocks=of_line,
        kept=kept,
        head=head,
        wide=_parts_with(WIDE, chains, sizes),
        most=_parts_with(MOST, chains, sizes),
        opening=opening,
        usual=usual,
        main=main,
        first=first,
        last=last,
        text_first=text_first,
        text_last=text_last,
    )


def _headline(lines: Sequence[Line], blocks: Mapping[int, Row]) -> int | None:
    """The line of the longest h1; None where no h1 has three words: the outlet's name often is one."""
    heads = [i for i, block in blocks.items() if block["tag"] == "h1" and look_at(lines[i]).n_words >= HEADLINE_WORDS]
    return max(heads, key=lambda i: (len(lines[i].text), -i), default=None)


def _chain(block: Row) -> tuple[str, ...]:
    return tuple(_key(part) for part in (block.get("css_class") or "").split(" > "))


def _key(part: str) -> str:
    """Classes of one element without numbers, which tell the pieces of a text apart; the columns of a grid keep theirs."""
    return " ".join(word if _COLUMN.match(word) else _DIGITS.sub("", word) for word in part.split(" "))


def _parts_with(share: float, chains: Mapping[int, tuple[str, ...]], sizes: Mapping[int, int]) -> frozenset[str]:
    """Classes that hold so much or more of what the extractor took: they name the page or its text, not a part beside it."""
    held: Counter[str] = Counter()
    for i, n in sizes.items():
        for part in set(chains[i]):
            held[part] += n
    return frozenset(part for part, n in held.items() if n >= share * sum(sizes.values()))


def _main_chain(sized: Sequence[tuple[tuple[str, ...], int]]) -> tuple[str, ...]:
    """The longest beginning that the chains of nearly all text have in common; empty if the chains say nothing."""
    total, main = sum(n for _, n in sized), tuple[str, ...]()
    while True:
        longer: Counter[tuple[str, ...]] = Counter()
        for chain, n in sized:
            if len(chain) > len(main) and chain[: len(main)] == main:
                longer[chain[: len(main) + 1]] += n
        best = max(longer, key=lambda c: longer[c], default=None)
        if best is None or longer[best] < MAIN * total:
            return main
        main = best


def _by_rules(view: _View, i: int) -> Verdict | None:
    block, text = view.blocks[i], view.lines[i].text
    if i == view.head:
        return Verdict("title", "clean.markup.headline", 0.9)
    if block["tag"] == "h1":
        return None
    above = i < view.text_first
    for rule in markup_rules():
        wide = view.wide & view.opening if rule.after else view.wide
        if (above or not rule.above) and rule.hits(block["tag"], block.get("css_class") or "", text, wide=wide):
            return Verdict(rule.kind, rule.id, 0.9)
    return None


def _by_place(view: _View, i: int) -> Verdict | None:
    """What the extractor took, but stands outside of the text: names and dates above it, paragraphs of other stories below it."""
    block, look = view.blocks[i], look_at(view.lines[i])
    if not view.kept.get(i):
        return None
    tag, chain = block["tag"], _chain(block)
    if tag in HEADINGS and i + 1 in view.blocks and chain == _chain(view.blocks[i + 1]) and view.first <= i < view.text_first:
        return Verdict("subhead", "clean.markup.heading_of_text", 0.8)
    if i < view.text_first and tag not in HEADINGS and tag != "li" and not look.ends_sentence and look.n_words <= SHORT_ABOVE:
        return Verdict("other_boilerplate", "clean.markup.above_text", 0.8)
    if _leads_away(view, i):
        return Verdict("related", "clean.markup.link_heading", 0.8)
    if _leads_away(view, i - 1) and chain == _chain(view.blocks[i - 1])[: len(chain)]:
        return Verdict("related", "clean.markup.below_link_heading", 0.8)
    whole = len(block.get("css_class") or "") < CUT_FROM
    if whole and i > view.text_last and view.main and tag != "li" and chain[: len(view.main)] != view.main:
        return Verdict("other_boilerplate", "clean.markup.below_text", 0.8)
    return None


def _leads_away(view: _View, i: int) -> bool:
    """Is the line a heading that is one link, and what is below it in a box that is not the text's?"""
    block, below = view.blocks.get(i), view.blocks.get(i + 1)
    if block is None or block["tag"] not in HEADINGS or _chain(block)[-1].split(" ")[0] != "a":
        return False
    return below is None or _chain(below)[-1] not in view.most


def _by_extractor(view: _View, i: int) -> Verdict | None:
    """What the extractor left out is boilerplate, save running text between what it took or in the box of it, and headlines."""
    is_kept, tag = view.kept.get(i), view.blocks[i]["tag"]
    if is_kept is None or is_kept or tag == "h1":
        return None
    look: Look = look_at(view.lines[i])
    if view.first <= i <= view.last and tag in TEXT_TAGS and (look.is_paragraph or look.is_protected):
        return None
    if tag == "p" and look.is_paragraph and _chain(view.blocks[i]) in view.usual and (view.head is None or i > view.head):
        return None
    return Verdict("other_boilerplate", "clean.markup.not_extracted", 0.8)
