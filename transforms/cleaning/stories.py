"""Pages that tell several stories one below the other, each under its own headline."""

from __future__ import annotations

import re
from itertools import pairwise

from transforms.cleaning.lines import SENTENCE_BREAK
from transforms.cleaning.page import Entry, Page

MIN_STORIES = 3
SHORTEST_LEAD = 100
LEAD = 300
LONG_HEADLINE, SHORT_HEADLINE = 7, 4
"""Words from which a line is long for a sub-heading, and below which it is short for a headline."""

MAX_STORIES = 60
"""A page with more headlines is a list, not a round-up."""

NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)+")
BRIEFING = re.compile(
    r"\b(?:(?:morning|evening|daily|news|world|weekly|noon|nightly) (?:briefs?|briefing|digest|round-?up)|(?:news|world) in brief|briefs$"
    r"|(?:three|four|five|six|seven|eight|nine|ten|\d+) (?:stories|things) to (?:start|know|read))\b",
    re.IGNORECASE,
)
BRIEFING_LINE = 120
TURN = re.compile(
    r"(?:Meanwhile|Elsewhere|Separately|In other (?:news|developments)|In (?:a )?separate (?:development|incident|case)s?"
    r"|On (?:a different|another) (?:note|front))\b"
)
"""Words with which a writer turns from one happening to another."""

MOST_SHARED = 0.2
"""Share of a turned-to story's full names that may stand above it."""

CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][\w-]{2,}")


def find_stories(page: Page) -> list[Entry]:
    """The stories of the page in their order, the lead among them; empty unless the headlines clearly cut the page into stories.

    Sub-headings of one article are not stories. The page must call itself a round-up, or two signs must come together: the headlines
    are long, as headlines are and sub-headings are not, and the items start anew: they bring in by full name who was already named
    above, or share few names.
    """
    heads = [i for i in range(len(page.lines)) if page.kind(i) == "subhead" and not page.is_head(i)]
    return _headed_stories(page, heads) or _turned_to(page, heads)


def _headed_stories(page: Page, heads: list[int]) -> list[Entry]:
    """The stories where every headline opens one."""
    if not MIN_STORIES <= len(heads) <= MAX_STORIES:
        return []
    stops = [*heads[1:], _end_of_text(page)]
    items = [(a, b) for a, b in zip(heads, stops, strict=True) if any(page.kind(k) == "body" for k in range(a + 1, b))]
    if len(items) < MIN_STORIES or any(page.looks[i].end_mark == "ask" or page.lines[i].text.isupper() for i, _ in items):
        return []
    if not _is_briefing(page) and not _start_anew(page, items):
        return []
    out = [Entry("story", a, b, a) for a, b in items]
    lead = _lead(page, heads[0])
    return [lead, *out] if lead is not None else out


def _turned_to(page: Page, heads: list[int]) -> list[Entry]:
    """The stories where some headlines open one: the first sentence below turns away ("Meanwhile, ...") and the names are new."""
    cuts = [i for i in heads if _is_turn(page, i)]
    lead = _lead(page, cuts[0]) if cuts else None
    if lead is None:
        return []
    return [lead, *(Entry("story", a, b, a) for a, b in pairwise([*cuts, _end_of_text(page)]))]


def _is_turn(page: Page, head: int) -> bool:
    if page.kind(head + 1) != "body" or TURN.match(page.lines[head + 1].head) is None:
        return False
    opening = _full_names(SENTENCE_BREAK.split(page.lines[head + 1].head, maxsplit=1)[0][:LEAD])
    above = _full_names(" ".join(page.lines[k].head for k in range(head) if page.kind(k) == "body"))
    return bool(opening) and len(opening & above) <= MOST_SHARED * len(opening)


def _is_briefing(page: Page) -> bool:
    """Whether the page calls itself a round-up above its text."""
    return any(BRIEFING.search(x.head[:BRIEFING_LINE]) for i, x in enumerate(page.lines[:8]) if not page.looks[i].is_protected)


def _end_of_text(page: Page) -> int:
    return max((i for i in range(len(page.lines)) if page.kind(i) == "body"), default=-1) + 1


def _lead(page: Page, stop: int) -> Entry | None:
    """What stands above the first headline, if there is text in it."""
    if sum(page.looks[k].n_chars for k in range(stop) if page.kind(k) == "body") < SHORTEST_LEAD:
        return None
    title = next((k for k in range(stop) if page.kind(k) == "title"), None)
    first = title if title is not None else next(k for k in range(stop) if page.kind(k) in ("title", "subtitle", "body"))
    return Entry("story", first, stop, title)


def _start_anew(page: Page, items: list[tuple[int, int]]) -> bool:
    """Whether the items are stories.

    Under long headlines, most first sentences have a full name in them and several name in full who was named above; or else next to no
    name is in more than one item.
    """
    texts = [" ".join(page.lines[k].head for k in range(a + 1, b) if page.kind(k) == "body") for a, b in items]
    openings = [next(page.lines[k].head for k in range(a + 1, b) if page.kind(k) == "body") for a, b in items]
    before = _full_names(" ".join(page.lines[k].head for k in range(items[0][0]) if page.kind(k) == "body"))
    n_long = sum(page.looks[a].n_words >= LONG_HEADLINE for a, _ in items)
    n_headlines = sum(page.looks[a].n_words >= SHORT_HEADLINE for a, _ in items)
    n_named = n_anew = n_apart = 0
    for number, opening in enumerate(openings):
        names = _full_names(SENTENCE_BREAK.split(opening, maxsplit=1)[0][:LEAD])
        n_named += bool(names)
        n_anew += bool(names & before)
        before |= _full_names(texts[number])
        own, others = _capitalised(texts[number]), _capitalised(" ".join(texts[:number] + texts[number + 1 :]))
        n_apart += bool(own) and len(own & others) < 0.2 * len(own)
    if min(n_named, n_long) >= 0.8 * len(items) and n_anew >= max(2, 0.3 * len(items)):
        return True
    return n_headlines == len(items) and n_apart >= 0.8 * len(items)


def _full_names(text: str) -> set[str]:
    """Neighbouring capitalised words, two by two, so that a title in front of a name does not hide it."""
    return {f"{a} {b}" for name in NAME.findall(text) for a, b in pairwise(name.split())}


def _capitalised(text: str) -> set[str]:
    return set(CAPITALISED.findall(text))
