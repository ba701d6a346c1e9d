"""Short lines that are one thing together: menus, bars of buttons, tags, the numbers of a list of links, the readers' comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from transforms.cleaning.page import Page, Verdict
from transforms.rules import load_rules

LONGEST_ITEM, LONGEST_TAG = 4, 3
"""Words of a line of a menu, and of a tag, at most."""

MIN_MENU, MIN_HITS, HIT_SHARE = 4, 2, 0.34
"""Lines of a menu at least, and how many of them must name a section or page that sites have."""

MIN_TAGS, MAX_TAGS = 2, 12
MIN_LIST = 4
MIN_VOTES = 3
MIN_COPIES, LONGEST_CAPTION, LONGEST_OFFER = 3, 30, 200
PICTURE_CREDITS = frozenset(
    (
        "clean.credit.photo_agency",
        "clean.credit.name_agency",
        "clean.credit.photo_label",
        "clean.credit.agency_alone",
        "clean.credit.photo_by",
        "clean.credit.agency_slash_name",
    )
)
OFFER = re.compile(
    r"\W{0,3}(?:unlimited|exclusive|full|premium|daily|weekly|access|enjoy|get|create|support|share your|subscribe|sign in|log in|register|access the|explore"
    r"|or$|\w+(?: \w+){0,3} (?:e-?paper|puzzles))\b(?=.*(?:\b(?:articles?|account|access|newsletters?|journalism|content|puzzles|crosswords?|e-?paper|replica"
    r"|subscribers?|podcasts?|device|authors|comments|offers?|coverage|features|reading)\b|^\W*or$))",
    re.IGNORECASE,
)
SAID = re.compile(r"\b(?:said|says|told|was|were|had)\b|[“”]")
OPEN_KINDS = (None, "section_label", "other_boilerplate", "related", "promo", "bio")
BUTTON = re.compile(
    r"\W{0,4}(?:e-?mail|copy|copy link|save|post|share|print|tweet|link|submit|pin|more|bookmark|pocket|sms|reddit|\d+)\W{0,3}",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\W{0,4}\d{1,2}\W{0,2}")
TAG_HEADING = re.compile(
    r"\W{0,3}(?:(?:related |suggested |more )?topics|tags|in this article|filed under|categories|key ?words(?: for this (?:article|story))?|guides|labels"
    r"|explore (?:more )?(?:on )?(?:these|related) topics|(?:read |see )?more (?:on|about) these topics)\W{0,3}",
    re.IGNORECASE,
)
COMMENTS = re.compile(r"\W{0,3}(?:(?:top|best|latest|all|most)(?: rated| liked| recent)? |readers['’]? )?comments?\b.{0,20}", re.IGNORECASE)
VOTES = re.compile(
    r"\W{0,3}(?:rating:? ?\d+ votes?|(?:up|down)?vot(?:e|es|ed)\W{0,3}\d*|\d+ (?:up|down)?votes?|\d+ (?:likes?|points?|replies)"
    r"|(?:like|reply|report)\W.{0,24})\W*",
    re.IGNORECASE,
)


@cache
def menu_words() -> frozenset[str]:
    """What the sections and pages of news sites are called, in small letters."""
    words = load_rules("cleaning_parts")["menu"]
    return frozenset(w for group in words.values() for w in group)


@cache
def page_names() -> frozenset[str]:
    """What the pages of a site about itself are called, in small letters."""
    return frozenset(load_rules("cleaning_parts")["menu"]["pages"])


def label_groups(page: Page) -> None:
    """Every group in its turn; the more certain first."""
    _label_voted_comments(page)
    _label_buttons(page)
    _label_menus(page)
    _label_footers(page)
    _label_tags(page)
    _label_numbers(page)
    _label_list_details(page)
    _label_paywalls(page)
    _label_repeated_captions(page)
    _label_above_credits(page)
    _label_lone_by(page)
    _protect_bare_lists(page)


def _plain(page: Page, i: int) -> str:
    return page.lines[i].head.strip(" *•-–+#|>»\t").casefold()


def _is_item(page: Page, i: int, longest: int = LONGEST_ITEM) -> bool:
    """Whether the line can be an item of a menu: a few words, no stop."""
    look = page.looks[i]
    return 0 < look.n_words <= longest and look.n_chars <= 45 and look.end_mark in ("none", "other", "comma")


def _is_listed(page: Page, i: int) -> bool:
    """Whether the line can be an item of a list of the text: as that of a menu, perhaps with a bracket behind it."""
    return _is_item(page, i) or (page.looks[i].end_mark == "quote" and page.looks[i].n_words <= LONGEST_ITEM)


def _runs(page: Page, is_in: Sequence[bool], shortest: int) -> Iterator[tuple[int, int]]:
    """Stretches of neighbouring lines, first and behind the last."""
    start = 0
    for i in range(len(page.lines) + 1):
        if i < len(page.lines) and is_in[i]:
            continue
        if i - start >= shortest:
            yield start, i
        start = i + 1


def _label_menus(page: Page) -> None:
    """A run of short lines above the title or below the text of which many are what sites call their sections and pages."""
    title = next((i for i in range(len(page.lines)) if page.kind(i) == "title"), page.body_first)
    is_in = [
        _is_item(page, i) and page.kind(i) in OPEN_KINDS and (i < min(title, page.body_first) or page.is_tail(i))
        for i in range(len(page.lines))
    ]
    for start, stop in _runs(page, is_in, MIN_MENU):
        hits = sum(_plain(page, i) in menu_words() for i in range(start, stop))
        if hits >= max(MIN_HITS, HIT_SHARE * (stop - start)):
            for i in range(start, stop):
                page.verdicts[i] = Verdict("other_boilerplate", "clean.other.menu", 0.9)


def _label_footers(page: Page) -> None:
    """The name of a page of the site about itself, below the text, is no link to a story."""
    for i in range(page.body_last + 1, len(page.lines)):
        if page.kind(i) in (None, "related") and page.looks[i].n_words > 1 and _plain(page, i) in page_names():
            page.verdicts[i] = Verdict("other_boilerplate", "clean.other.footer", 0.9)


def _label_buttons(page: Page) -> None:
    """A word or two between the buttons that share a page is one of them."""
    for i in range(len(page.lines)):
        if page.kind(i) == "comment_stub" or BUTTON.fullmatch(page.lines[i].head) is None or page.kind(i) not in OPEN_KINDS:
            continue
        beside = [k for k in (i - 1, i + 1) if page.kind(k) == "comment_stub" and page.looks[k].n_words <= LONGEST_ITEM]
        if beside and (len(beside) == 2 or page.looks[i].bullet == page.looks[beside[0]].bullet):
            page.verdicts[i] = Verdict("comment_stub", "clean.comment.button", 0.93)


def _label_tags(page: Page) -> None:
    """Below a heading of tags, or right below the last paragraph: a few short lines that name what the text is about."""
    for i in range(len(page.lines)):
        if page.is_text(i) or TAG_HEADING.fullmatch(page.lines[i].head) is None or page.kind(i) not in OPEN_KINDS:
            continue
        stop = next((k for k in range(i + 1, len(page.lines)) if not _is_tag(page, k, named=True)), len(page.lines))
        if 0 < stop - i - 1 <= MAX_TAGS:
            for k in range(i, stop):
                page.verdicts[k] = Verdict("section_label", "clean.section.tag", 0.9)
    first = page.body_last + 1
    stop = next(
        (k for k in range(first, len(page.lines)) if not _is_tag(page, k) or page.kind(k) not in (None, "section_label")),
        len(page.lines),
    )
    if MIN_TAGS <= stop - first <= MAX_TAGS:
        for k in range(first, stop):
            page.verdicts[k] = Verdict("section_label", "clean.section.tag", 0.85)


def _is_tag(page: Page, i: int, *, named: bool = False) -> bool:
    """Whether the line can be a tag; below a heading that says so, also in small letters."""
    look = page.looks[i]
    if named and _plain(page, i) in page_names():
        return False
    return (
        _is_item(page, i, LONGEST_TAG)
        and page.kind(i) in OPEN_KINDS
        and look.n_capitalised == look.n_content_words
        and not page.lines[i].text.isupper()
    )


def _label_numbers(page: Page) -> None:
    """A number between two links is the second one's place in the list."""
    for i in range(1, len(page.lines)):
        is_between = page.kind(i - 1) == "related" and (i + 1 == len(page.lines) or page.kind(i + 1) in ("related", "section_label"))
        if is_between and page.kind(i) == "other_boilerplate" and NUMBER.fullmatch(page.lines[i].head) is not None:
            page.verdicts[i] = Verdict("related", "clean.related.number", 0.9)


def _label_list_details(page: Page) -> None:
    """A day, a section or a name between two links below the text belongs to the list."""
    for i in range(max(page.body_last + 2, 1), len(page.lines)):
        is_detail = page.kind(i) in ("timestamp", "byline") or (page.kind(i) == "section_label" and page.looks[i].n_words <= LONGEST_ITEM)
        if is_detail and page.kind(i - 1) == "related" and _follows(page, i) == "related":
            page.verdicts[i] = Verdict("related", "clean.related.detail", 0.88)


def _follows(page: Page, i: int) -> str | None:
    """The kind of the next line that is no detail of a list; that of a list at the end of the text."""
    k = next((k for k in range(i + 1, len(page.lines)) if page.kind(k) not in ("timestamp", "byline", "section_label")), None)
    return "related" if k is None else page.kind(k)


def _label_paywalls(page: Page) -> None:
    """What subscribers get, line by line between the buttons for subscribing."""
    for i in range(1, len(page.lines)):
        verdict = page.verdicts[i]
        if verdict is not None and verdict.kind not in ("comment_stub", "related", "caption"):
            continue
        if _is_offer(page, i) and any(_is_sale(page, k) for k in (i - 1, i + 1)):
            page.verdicts[i] = Verdict("promo", "clean.promo.paywall", 0.92)


def _is_sale(page: Page, i: int) -> bool:
    verdict = page.verdicts[i] if 0 <= i < len(page.lines) else None
    return verdict is not None and verdict.kind == "promo" and verdict.rule_id != "clean.promo.advert"


def _is_offer(page: Page, i: int) -> bool:
    text = page.lines[i].head
    return len(text) <= LONGEST_OFFER and OFFER.search(text) is not None and SAID.search(text) is None


def _label_repeated_captions(page: Page) -> None:
    """The same line without a stop above several paragraphs is the description of the page's pictures."""
    counts = Counter(page.lines[i].text for i in range(len(page.lines)) if not page.is_tail(i))
    for i, line in enumerate(page.lines):
        look = page.looks[i]
        if counts[line.text] >= MIN_COPIES and page.verdicts[i] is None and not look.ends_sentence and look.n_words > LONGEST_ITEM:
            page.verdicts[i] = Verdict("caption", "clean.caption.repeated", 0.9)


def _label_above_credits(page: Page) -> None:
    """A line without a stop right above a picture's credit is its caption; in the head only below a title and another line."""
    title = next(
        (
            i
            for i in range(len(page.lines))
            if page.kind(i) == "title" or (page.verdicts[i] is None and page.looks[i].n_words > LONGEST_TAG)
        ),
        0,
    )
    for i in range(title + 1, len(page.lines) - 1):
        below, look = page.verdicts[i + 1], page.looks[i]
        if page.verdicts[i] is not None or below is None or below.rule_id not in PICTURE_CREDITS or look.bullet:
            continue
        if (
            look.end_mark in ("none", "other", "quote")
            and look.n_words <= LONGEST_CAPTION
            and not (page.is_head(i) and i == title + 1 and look.n_words > 9)
        ):
            page.verdicts[i] = Verdict("caption", "clean.caption.above_credit", 0.88)


def _label_lone_by(page: Page) -> None:
    """ "By" on a line of its own, and the name below it."""
    for i in range(len(page.lines) - 1):
        if page.lines[i].text.strip("*-• ").casefold() != "by" or page.kind(i) not in OPEN_KINDS:
            continue
        look = page.looks[i + 1]
        if page.kind(i + 1) in (*OPEN_KINDS, "byline") and look.n_words <= LONGEST_ITEM + 1 and look.n_capitalised == look.n_content_words:
            for k in (i, i + 1):
                page.verdicts[k] = Verdict("byline", "clean.byline.below_by", 0.9)


def _label_voted_comments(page: Page) -> None:
    """Below a heading of comments, what stands between the votes or the names and stamps of readers."""
    heading = next((i for i in range(page.body_first + 1, len(page.lines)) if _opens_comments(page, i)), None)
    if heading is None:
        return
    for i in range(heading, len(page.lines)):
        if page.kind(i) not in ("related", "promo") or i <= _last_vote(page, heading):
            page.verdicts[i] = Verdict("comment_stub", "clean.comment.below_heading", 0.9)
        else:
            return


def _opens_comments(page: Page, i: int) -> bool:
    if COMMENTS.fullmatch(page.lines[i].head) is None or page.is_text(i):
        return False
    return sum(VOTES.fullmatch(page.lines[k].head) is not None for k in range(i + 1, len(page.lines))) >= MIN_VOTES


def _last_vote(page: Page, heading: int) -> int:
    return max(k for k in range(heading + 1, len(page.lines)) if VOTES.fullmatch(page.lines[k].head) is not None)


def _protect_bare_lists(page: Page) -> None:
    """Four items or more of a few words each between two paragraphs are a list of the text's own."""
    is_in = [page.verdicts[i] is None and _is_listed(page, i) and page.body_first < i < page.body_last for i in range(len(page.lines))]
    for start, stop in _runs(page, is_in, MIN_LIST):
        if page.is_text(start - 1) and page.is_text(stop):
            for i in range(start, stop):
                page.verdicts[i] = Verdict("body", "clean.body.bare_list", 0.85)
