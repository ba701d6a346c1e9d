"""Live blogs: which stamps cut the text into posts, whether a stamp opens or closes its post, and which lines are headlines."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from transforms.cleaning.page import Entry, Page, Verdict
from transforms.cleaning.stamps import Stamp, parse_stamp

MIN_POSTS = 3
LIVE_WORDS = re.compile(r"\blive\b|\bas it happened\b|\bminute by minute\b|\blatest updates\b", re.IGNORECASE)
LABELLED = re.compile(r"\W*(?:first |last )?(?:published|updated|posted)\b", re.IGNORECASE)
HEADER_KINDS = ("related", "section_label", "caption", None)


def find_live_posts(page: Page) -> list[Entry]:
    """The posts of a live blog in their order, empty for any other text; labels stamps and headlines on the way.

    Posts without text are kept: their headline can be the only trace of a fact.
    """
    stamps = _post_stamps(page)
    if len(stamps) >= MIN_POSTS and _n_gaps_with_text(page, sorted(stamps)) >= 2:
        return _posts_by_stamp(page, stamps)
    names = _repeated_names(page)
    if len(names) >= MIN_POSTS and _n_gaps_with_text(page, names) >= MIN_POSTS - 1:
        for i in names:
            page.verdicts[i] = Verdict("byline", "clean.live.name", 0.95)
        return _cut(page, names, {}, layout="opens")
    return []


def _post_stamps(page: Page) -> dict[int, Stamp]:
    """Line -> stamp, for the stamps of the commonest shape, with or without an author; labels such as "Updated" make another kind of line."""
    found: dict[int, Stamp] = {}
    for i, line in enumerate(page.lines):
        if page.kind(i) not in (None, "timestamp", "byline", "related") or LABELLED.match(line.text):
            continue
        stamp = parse_stamp(line.text)
        if stamp is not None and (stamp.clock is not None or stamp.is_age):
            found[i] = stamp
    if not found:
        return {}
    counts = Counter(s.shape[1:] for s in found.values())
    shape = max(counts, key=lambda s: (counts[s], s))
    return {i: s for i, s in found.items() if s.shape[1:] == shape}


def _n_gaps_with_text(page: Page, cuts: list[int]) -> int:
    """In how many stretches between two neighbouring cuts there is a sentence."""
    return sum(any(_is_text(page, k) for k in range(a + 1, b)) for a, b in pairwise(cuts))


def _is_text(page: Page, i: int) -> bool:
    look = page.looks[i]
    return page.kind(i) in (None, "body") and look.ends_sentence and look.n_words >= 6


def _is_header(page: Page, i: int) -> bool:
    """Whether the line can be the headline of a post: no full stop, three words or more."""
    look = page.looks[i]
    if page.kind(i) not in HEADER_KINDS or look.bullet or not 3 <= look.n_words <= 40 or look.n_chars > 220:
        return False
    verdict = page.verdicts[i]
    if verdict is not None and verdict.opens is not None:
        return False
    return look.end_mark in ("none", "ask", "quote", "quoted", "other", "dots") and look.n_breaks <= 1 and not _is_text_paragraph(page, i)


def _is_short_header(page: Page, i: int) -> bool:
    """Whether the line, the first of its post, is a headline of one or two words: "Toll rises" above a sentence."""
    look, has_text_below = page.looks[i], i + 1 < len(page.lines) and _is_text(page, i + 1)
    return page.kind(i) in HEADER_KINDS and look.n_words <= 2 and look.end_mark == "none" and not look.bullet and has_text_below


def _is_text_paragraph(page: Page, i: int) -> bool:
    return page.looks[i].is_paragraph and page.looks[i].end_mark in ("stop", "quoted")


def _posts_by_stamp(page: Page, stamps: dict[int, Stamp]) -> list[Entry]:
    cuts = sorted(stamps)
    layout = _layout(page, cuts)
    for i in cuts:
        verdict = page.verdicts[i]
        if verdict is None or verdict.kind != "timestamp":
            page.verdicts[i] = Verdict("timestamp", "clean.live.stamp", 0.97)
    return _cut(page, cuts, stamps, layout=layout)


def _layout(page: Page, cuts: list[int]) -> str:
    """Whether a stamp opens its post, closes it, or stands between headline and text: the reading that leaves whole posts.

    Between two stamps all readings see the same lines, so the ends decide: is there a whole post above the first stamp, is there
    one below the last? Where both or neither is so, the stamp opens, unless nothing follows the last one.
    """
    n, inner = len(page.lines), cuts[1:]
    between = sum(_is_header(page, i - 1) and i + 1 < n and _is_text(page, i + 1) for i in inner if i - 1 not in cuts)
    if between * 2 > len(inner):
        return "below_header"
    headed = 2 * sum(i + 1 < n and _is_header(page, i + 1) for i in cuts[:-1]) > len(cuts) - 1
    text_after = any(_is_text(page, k) for k in range(cuts[-1] + 1, n))
    opens = text_after and (not headed or _is_header(page, cuts[-1] + 1))
    closes = _post_above(page, cuts[0], headed=headed)
    if opens != closes:
        return "opens" if opens else "closes"
    return "opens" if text_after else "closes"


def _post_above(page: Page, stamp_line: int, *, headed: bool) -> bool:
    """Whether the lines right above the first stamp can be a whole post: text, below a headline where the others have one."""
    k = stamp_line - 1
    while k >= 0 and _is_text(page, k):
        k -= 1
    if headed:
        return k >= 0 and _is_header(page, k)
    return k < stamp_line - 1


def _cut(page: Page, cuts: list[int], stamps: dict[int, Stamp], *, layout: str) -> list[Entry]:
    n = len(page.lines)
    spans: list[tuple[int, int, int]] = []
    for number, i in enumerate(cuts):
        if layout == "closes":
            first = cuts[number - 1] + 1 if number else _first_post_start(page, i)
            spans.append((first, i + 1, i))
        elif layout == "below_header":
            first = i - 1 if i > 0 and _is_header(page, i - 1) else i
            following = cuts[number + 1] if number + 1 < len(cuts) else n
            stop = following - 1 if following < n and _is_header(page, following - 1) and following - 1 > i else following
            spans.append((first, stop, i))
        else:
            spans.append((i, cuts[number + 1] if number + 1 < len(cuts) else n, i))
    return [_post(page, *span, stamps) for span in spans]


def _first_post_start(page: Page, stamp_line: int) -> int:
    """Where the first post begins if stamps close: at the headline nearest above the first stamp, else right above it."""
    for k in range(stamp_line - 1, -1, -1):
        if _is_header(page, k) and page.kind(k) != "section_label":
            return k
        if page.has_verdict(k) and page.kind(k) not in ("caption", "related"):
            return k + 1
    return stamp_line


def _post(page: Page, first: int, stop: int, cut: int, stamps: dict[int, Stamp]) -> Entry:
    """The post, its headline labelled; what the page prints below the last post is left outside."""
    header = None
    for k in range(first, stop):
        if k == cut or page.kind(k) in ("timestamp", "byline", "section_label", "other_boilerplate", "comment_stub", "promo"):
            continue
        if _is_header(page, k) or _is_short_header(page, k):
            header = k
            page.verdicts[k] = Verdict("live_segment_header", "clean.live.header", 0.9)
        break
    content = (None, "live_segment_header", "body", "caption", "subhead")
    last = max((k for k in range(first, stop) if k == cut or page.kind(k) in content), default=cut)
    return Entry("live_post", first, last + 1, header, cut if cut in stamps else None, stamps.get(cut))


def _repeated_names(page: Page) -> list[int]:
    """Lines with nothing but the same name, in a text that calls itself live: each opens a post."""
    if not any(LIVE_WORDS.search(x.head) for x in page.lines[:12]):
        return []
    named = [look.n_words in (2, 3) and look.n_capitalised == look.n_words for look in page.looks]
    counts = Counter(x.text for x, is_name in zip(page.lines, named, strict=True) if is_name)
    if not counts:
        return []
    name = max(counts, key=lambda w: (counts[w], w))
    if counts[name] < MIN_POSTS:
        return []
    return [i for i, x in enumerate(page.lines) if x.text == name]
