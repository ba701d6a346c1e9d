"""What a line is by what stands around it: doubled captions, alternative texts, lists of links, teasers, and lists that are text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from transforms.cleaning.inline import read_dateline_line
from transforms.cleaning.lines import STOP_WORDS
from transforms.cleaning.page import Page, Verdict
from transforms.cleaning.patterns import agencies, compile_pattern, dateline_rules, tail_rules

SPEAKER = re.compile(
    r"([A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){0,3}(?=(?: \([^()]{1,30}\))?:)|[QA](?=[.:]))(?: \([^()]{1,30}\))?[.:](?:\s|$)"
)
TOKEN = re.compile(r"[^\W_]+")
FIELD = re.compile(r"(?:[\w-]+\s*:|\s*-\s|\s+\S)")
CAPTION_START = 30
HANDLE = re.compile(r"(?=[\w.-]*[a-z0-9_])[\w.-]{3,24}(?: (?:\([^()]{2,40}\)|from [A-ZÀ-Þ]\w+))?(?:, [A-ZÀ-Þ]\w+)?:\s|@?\w{3,24}\s?[·|•]\s")
COMMENT_HEADING = re.compile(r"\W{0,3}(?:\d+ comments?\b|(?:readers['’]? )?comments?\b|join the|have your say|most recent)", re.IGNORECASE)
BUTTONS = re.compile(r"\W{0,3}(?:reply|like|report|recommend|\d+ repl)", re.IGNORECASE)
SIGNATURE = compile_pattern(
    r"{DASH} ?(?:{NAME_STRICT}|[{UPSET}][{UPSET}’'-]+(?: [{UPSET}.][{UPSET}’'-]*){1,3}"
    r"|(?i:staff (?:reporter|writer|correspondent)s?|our (?:own )?correspondent))"
)
DATABASE_CODE = re.compile(r"(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|CLM|VOL)(?:\s+(\S)|$)")
"""Codes by which a widely used news database names the fields of an article."""

TEXT_CODES = ("LP", "TD")
DATABASE_KINDS = {"HD": "title", "BY": "byline", "PD": "timestamp", "SE": "section_label", "CR": "credit", "ART": "caption"}
MIN_CODES = 6
NAMED_FIELD = re.compile(
    r"(byline|section|length|dateline|body|load-date|subject|geographic|organi[sz]ation|industry|person|company|ticker|graphic|highlight|language"
    r"|publication-type|journal code|series|document-type|end of document|link to (?:image|pdf)|city|state|country)(?:\s?:\s?\S|\s*$)",
    re.IGNORECASE,
)
"""Fields as another database names them, which prints "Body" above the text."""

NAMED_KINDS = {"byline": "byline", "dateline": "dateline"}
MIN_NAMED = 4
MIN_ITEM, LONGEST_ITEM = 3, 20
MIN_QUESTIONS = 3
YOU = re.compile(r"\byour?s?\b", re.IGNORECASE)
WORDS_OF_TEXT = 6
MIN_DATELINES, LONGEST_PLACE = 2, 3
MIN_SPEAKERS = 3
MIN_LONE_BULLETS = 3
MIN_TEASERS = 4
LONG_LINK = 7
"""Words from which a line below a heading of links is no sub-heading."""


def content_words(text: str) -> set[str]:
    """The words of the text in lower case, without function words and possessive endings."""
    return {w for w in (t.lower() for t in TOKEN.findall(text[:1000])) if len(w) > 2 and w not in STOP_WORDS}


def repeats(page: Page, i: int, k: int) -> bool:
    """Whether one of the two lines is the beginning of the other, at most forty characters being added."""
    if not (0 <= i < len(page.lines) and 0 <= k < len(page.lines)):
        return False
    a, b = sorted((page.lines[i].text, page.lines[k].text), key=len)
    return len(a) >= 20 and len(b) - len(a) <= 40 and b.startswith(a.rstrip("."))


def is_headline(page: Page, i: int) -> bool:
    """Whether the line can be a headline: no full stop, three words or more, not a list item, not cut off."""
    look, text = page.looks[i], page.lines[i].text.lstrip("#* ")
    if not text:
        return False
    if look.n_chars > 220 or look.n_words < 3 or look.bullet or look.end_mark in ("comma", "colon") or text[0].islower():
        return False
    if look.end_mark == "stop":
        return look.is_capitalised and look.n_words >= 5 and look.n_breaks <= (look.n_words >= LONG_LINK)
    return look.n_breaks <= 1 or look.end_mark == "none"


def label_doubled(page: Page) -> None:
    """A line printed twice in a row is a caption: the picture's description and its caption. At the very top it is the title."""
    for i in range(len(page.lines) - 1):
        kinds, looks = (page.kind(i), page.kind(i + 1)), (page.looks[i], page.looks[i + 1])
        if any(k not in (None, "caption") for k in kinds) or not repeats(page, i, i + 1):
            continue
        if any(x.is_protected or x.n_chars > 400 for x in looks) or (page.is_head(i) and _is_first_headline(page, i)):
            continue
        for k in (i, i + 1):
            if page.verdicts[k] is None:
                page.verdicts[k] = Verdict("caption", "clean.caption.doubled", 0.95)


def _is_first_headline(page: Page, i: int) -> bool:
    return is_headline(page, i) and not any(page.verdicts[k] is None and is_headline(page, k) for k in range(i))


def label_front_matter(page: Page) -> None:
    """The fields at the head of a text file, between two lines of three dashes, are for machines."""
    if not page.lines or page.lines[0].text != "---":
        return
    end = next((i for i in range(1, min(len(page.lines), 40)) if page.lines[i].text == "---"), None)
    if end is None or not all(FIELD.match(page.lines[i].text) for i in range(1, end)):
        return
    for i in range(end + 1):
        page.verdicts[i] = Verdict("other_boilerplate", "clean.other.front_matter", 0.98)


def label_captions_again(page: Page) -> None:
    """A line with which a caption begins, elsewhere on the page, is that caption without its credit."""
    captions = [line.text for i, line in enumerate(page.lines) if page.kind(i) == "caption"]
    starts = {text[:CAPTION_START] for text in captions if len(text) >= CAPTION_START}
    for i in _open_lines(page):
        text = page.lines[i].text
        if text[:CAPTION_START] not in starts or page.looks[i].n_breaks or page.looks[i].is_paragraph:
            continue
        if any(caption.startswith(text.rstrip(".")) for caption in captions):
            page.verdicts[i] = Verdict("caption", "clean.caption.again", 0.93)


def label_database_export(page: Page) -> None:
    """An export of a news database: most lines open with a code of two or three letters that says which field they are."""
    _label_named_fields(page)
    codes = [(i, m[1]) for i, line in enumerate(page.lines) if (m := DATABASE_CODE.match(line.head)) is not None]
    if len({code for _, code in codes}) < MIN_CODES:
        return
    for i, code in codes:
        if code not in TEXT_CODES or len(page.lines[i].text) == len(code):
            page.verdicts[i] = Verdict(DATABASE_KINDS.get(code, "other_boilerplate"), "clean.other.database_code", 0.97)


def _label_named_fields(page: Page) -> None:
    """The same for a database that writes its fields out ("Load-Date: March 3, 2025")."""
    found = [(i, m[1].lower()) for i, line in enumerate(page.lines) if (m := NAMED_FIELD.match(line.head)) is not None]
    if len({name for _, name in found}) < MIN_NAMED:
        return
    for i, name in found:
        page.verdicts[i] = Verdict(NAMED_KINDS.get(name, "other_boilerplate"), "clean.other.database_name", 0.97)


def label_signatures(page: Page) -> None:
    """A dash and a name below a paragraph that is no quotation: who wrote the story above."""
    for i in range(page.body_first + 1, len(page.lines)):
        above = page.lines[i - 1].text
        if (
            page.verdicts[i] is None
            and SIGNATURE.fullmatch(page.lines[i].text)
            and above[0] not in "\"“‘'«"
            and page.looks[i - 1].ends_sentence
        ):
            page.verdicts[i] = Verdict("byline", "clean.byline.signature", 0.93)


def label_dateline_lines(page: Page) -> None:
    """Datelines on lines of their own; where a page has several below its headings, other short lines in capitals there are some too."""
    found = list(_own_datelines(page))
    below_heading = [i for i in found if i > page.body_first]
    if len(below_heading) >= MIN_DATELINES:
        found += [i for i in _open_lines(page) if _is_below_heading(page, i) and page.looks[i].n_words <= LONGEST_PLACE]
    for i in found:
        page.verdicts[i] = Verdict("dateline", "clean.dateline.own_line", 0.95)


def _is_below_heading(page: Page, i: int) -> bool:
    """Whether the line is in capitals, a line without a stop above it and a sentence below."""
    if not 0 < i < len(page.lines) - 1 or not page.lines[i].text.isupper():
        return False
    above, below = page.looks[i - 1], page.looks[i + 1]
    return not above.ends_sentence and below.ends_sentence and below.n_words >= WORDS_OF_TEXT


def _own_datelines(page: Page) -> Iterator[int]:
    """A known place in capitals, or one with a day, on a line of its own.

    It stands in the head beside a byline, stamp or the first paragraph, or below the heading of a story that follows.
    """
    for i in range(len(page.lines)):
        beside = (page.kind(i - 1), page.kind(i + 1))
        if i < page.body_first:
            is_placed = any(k in ("byline", "timestamp", "credit") for k in beside) or i + 1 == page.body_first
        else:
            is_placed = _is_below_heading(page, i)
        if page.verdicts[i] is None and is_placed and page.looks[i].n_words <= 8 and read_dateline_line(page.lines[i].text) is not None:
            yield i


def label_reader_comments(page: Page) -> None:
    """Below the heading of the readers' comments: what a reader's name opens, and what stands right above the buttons of a comment."""
    heading = next((i for i in range(page.body_first, len(page.lines)) if _is_comment_heading(page, i)), None)
    if heading is None:
        return
    buttons = [i for i in range(heading + 1, len(page.lines)) if page.kind(i) == "comment_stub" and BUTTONS.match(page.lines[i].head)]
    for i in range(heading + 1, len(page.lines)):
        verdict = page.verdicts[i]
        if buttons and i <= buttons[-1] and (verdict is None or verdict.kind in ("other_boilerplate", "byline")):
            page.verdicts[i] = Verdict("comment_stub", "clean.comment.of_reader", 0.93)
            continue
        if verdict is not None:
            continue
        is_opened = HANDLE.match(page.lines[i].head) is not None
        is_closed = page.kind(i + 1) == "comment_stub" and page.verdicts[i + 1] is not None and BUTTONS.match(page.lines[i + 1].head)
        if is_opened or is_closed:
            page.verdicts[i] = Verdict("comment_stub", "clean.comment.of_reader", 0.93)


def _is_comment_heading(page: Page, i: int) -> bool:
    return page.kind(i) == "comment_stub" and COMMENT_HEADING.match(page.lines[i].head) is not None


def label_alt_texts(page: Page) -> None:
    """A short line without a stop right above a caption that has the same words is the picture's alternative text."""
    for i in range(len(page.lines) - 1):
        look = page.looks[i]
        if page.verdicts[i] is not None or page.kind(i + 1) != "caption" or look.n_chars > 160 or look.n_breaks or look.bullet:
            continue
        if (look.ends_sentence and look.n_words > 3 and look.n_words < 9) or (page.is_head(i) and _is_first_headline(page, i)):
            continue
        words = content_words(page.lines[i].text)
        if words and len(words & content_words(page.lines[i + 1].text)) >= 0.6 * len(words):
            page.verdicts[i] = Verdict("caption", "clean.caption.alt_text", 0.9)


def label_after_headings(page: Page) -> None:
    """What follows the heading of a list of links belongs to the list: below the last paragraph all of it, else its bulleted lines."""
    opened: str | None = None
    for i, look in enumerate(page.looks):
        verdict = page.verdicts[i]
        if verdict is not None:
            goes_on = page.is_tail(i) or verdict.kind in ("related", "promo", "timestamp", "section_label")
            opened = verdict.opens or (opened if goes_on else None)
        elif opened is None:
            continue
        elif look.is_paragraph and not look.bullet:
            opened = None
        elif page.is_tail(i) or (look.bullet and look.end_mark != "colon") or _is_followed_by_bullet(page, i) or _is_link(page, i):
            page.verdicts[i] = Verdict(opened, "clean.related.after_heading", 0.93)
        else:
            opened = None


def _is_link(page: Page, i: int) -> bool:
    """Whether the line, below a heading of links and the text's beginning, is one of them and no sub-heading."""
    look = page.looks[i]
    if page.is_head(i) or look.end_mark not in ("none", "ask", "quote", "other") or look.n_words < 3 or look.n_chars > 220:
        return False
    below = page.looks[i + 1] if i + 1 < len(page.lines) and page.verdicts[i + 1] is None else None
    if below is None or below.is_paragraph:
        # The line right above a paragraph may be its sub-heading: only the first below the heading of links is surely one of them.
        verdict = page.verdicts[i - 1]
        return look.n_words >= LONG_LINK and verdict is not None and verdict.opens is not None
    return look.n_words >= LONG_LINK or (below.n_words >= LONG_LINK and not below.ends_sentence)


def _is_followed_by_bullet(page: Page, i: int) -> bool:
    """Whether the line is a headline between two items of a numbered list of links."""
    if i == 0 or i + 1 >= len(page.lines) or page.looks[i].ends_sentence:
        return False
    return page.looks[i - 1].bullet == "number" and page.looks[i + 1].bullet == "number"


def label_lone_bullets(page: Page) -> None:
    """Bulleted lines without a stop that stand one by one between paragraphs are links; lists come in one piece."""
    lone = [
        i
        for i in range(1, len(page.lines) - 1)
        if page.looks[i].bullet == "mark"
        and page.verdicts[i] is None
        and not page.looks[i].ends_sentence
        and page.looks[i].n_words >= 3
        and not any(page.looks[k].bullet for k in (i - 1, i + 1))
        and page.looks[i - 1].end_mark != "colon"
        and page.body_first < i <= page.body_last + 1
    ]
    if len(lone) >= MIN_LONE_BULLETS:
        for i in lone:
            page.verdicts[i] = Verdict("related", "clean.related.lone_bullets", 0.92)


def label_teasers(page: Page) -> None:
    """Pairs of headline and one sentence at the end of a text that share next to no word with what is above are links."""
    stop = len(page.lines)
    pairs: list[int] = []
    while stop >= 2 and _is_teaser(page, stop - 2):
        stop -= 2
        pairs.append(stop)
    if len(pairs) < MIN_TEASERS or stop < 1:
        return
    above = set().union(*(content_words(page.lines[k].text) for k in range(stop)))
    shares = [len(w & above) / max(len(w), 1) for w in (content_words(page.lines[k].text + " " + page.lines[k + 1].text) for k in pairs)]
    if sum(shares) / len(shares) < 0.25:
        for k in range(stop, len(page.lines)):
            page.verdicts[k] = page.verdicts[k] or Verdict("related", "clean.related.teasers", 0.9)


def _is_teaser(page: Page, i: int) -> bool:
    head, body = page.looks[i], page.looks[i + 1]
    if page.has_verdict(i) or page.has_verdict(i + 1) or head.bullet or body.bullet:
        return False
    return not head.ends_sentence and 3 <= head.n_words <= 20 and body.n_words >= 8 and body.n_chars < 300 and body.n_breaks <= 2


def label_like_title(page: Page, title: int) -> None:
    """A line without a stop that says what the title says, and is not the title, is a link or a player's caption."""
    wanted = content_words(page.lines[title].text)
    for i in _open_lines(page):
        look = page.looks[i]
        between = page.body_first < i - 1 < page.body_last
        if page.lines[i].text == page.lines[title].text or (between and not look.bullet):
            continue
        if look.ends_sentence or look.n_words < 4 or look.n_chars > 200:
            continue
        words = content_words(page.lines[i].text)
        if len(words) >= 3 and len(words & wanted) >= 0.8 * len(words):
            page.verdicts[i] = Verdict("related" if look.bullet else "caption", "clean.related.like_title", 0.85)


def _open_lines(page: Page) -> Iterator[int]:
    return (i for i, verdict in enumerate(page.verdicts) if verdict is None)


def protect_lists_and_speakers(page: Page) -> None:
    """List items below a line that ends in a colon, lines of a transcript, and the words of an embedded post are text."""
    speakers = {i: m[1] for i in _open_lines(page) if (m := SPEAKER.match(page.lines[i].head)) is not None}
    if len(speakers) >= MIN_SPEAKERS and max(Counter(speakers.values()).values()) > 1:
        for i in speakers:
            page.verdicts[i] = Verdict("body", "clean.body.speaker", 0.9)
    in_list = False
    for i, look in enumerate(page.looks):
        following = page.verdicts[i + 1] if i + 1 < len(page.lines) else None
        is_signed = following is not None and following.rule_id == "clean.credit.social_post"
        if page.verdicts[i] is None and _has_agency_dateline(page, i):
            page.verdicts[i] = Verdict("body", "clean.body.dateline", 0.97)
        elif page.verdicts[i] is None and (is_signed or _has_signature(page.lines[i].text)):
            page.verdicts[i] = Verdict("body", "clean.body.post", 0.9)
        elif in_list and page.verdicts[i] is None and (look.bullet or _is_bare_item(page, i)):
            page.verdicts[i] = Verdict("body", "clean.body.list_item", 0.9)
        elif look.end_mark == "colon" and look.n_words >= 3 and page.kind(i) in (None, "body"):
            in_list = True
        elif not (in_list and (look.bullet or _is_bare_item(page, i))):
            in_list = False


def _is_bare_item(page: Page, i: int) -> bool:
    """Whether the line is an item of a list that lost its bullets: it has no stop, and nor has one of its neighbours."""
    look = page.looks[i]
    if look.end_mark not in ("none", "other", "comma") or not MIN_ITEM <= look.n_words <= LONGEST_ITEM:
        return False
    beside = [k for k in (i - 1, i + 1) if 0 <= k < len(page.lines)]
    return any(page.looks[k].end_mark in ("none", "other", "comma") and MIN_ITEM <= page.looks[k].n_words <= LONGEST_ITEM for k in beside)


def label_questions(page: Page) -> None:
    """The questions of an interview are text: short lines that ask, several of them "you"."""
    asked = [i for i in _open_lines(page) if page.looks[i].end_mark == "ask" and page.lines[i].text.endswith("?") and i > page.body_first]
    n_you = sum(YOU.search(page.lines[i].text) is not None for i in asked)
    if len(asked) >= MIN_QUESTIONS and 3 * n_you >= len(asked):
        for i in asked:
            page.verdicts[i] = Verdict("body", "clean.body.question", 0.9)


def _has_signature(text: str) -> bool:
    rule = next(r for r in tail_rules() if r.id == "clean.credit.post_signature")
    return text[-1].isdigit() and rule.pattern.search(text, max(0, len(text) - 200)) is not None


def _has_agency_dateline(page: Page, i: int) -> bool:
    rule = next(r for r in dateline_rules() if r.id == "clean.dateline.agency")
    m = rule.pattern.match(page.lines[i].head)
    return m is not None and m["agency"] in agencies() and m.end() < len(page.lines[i].text)
