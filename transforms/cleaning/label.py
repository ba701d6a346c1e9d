"""Lines -> kinds: rules first, then what stands around a line, then the line model for what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from transforms.cleaning.context import (
    content_words,
    is_headline,
    label_after_headings,
    label_alt_texts,
    label_captions_again,
    label_database_export,
    label_dateline_lines,
    label_doubled,
    label_front_matter,
    label_like_title,
    label_lone_bullets,
    label_questions,
    label_reader_comments,
    label_signatures,
    label_teasers,
    protect_lists_and_speakers,
    repeats,
)
from transforms.cleaning.groups import label_groups
from transforms.cleaning.kind_model import KINDS, Chain, chain, kind_features
from transforms.cleaning.line_model import drop_chances
from transforms.cleaning.live import find_live_posts
from transforms.cleaning.page import Given, Page, Verdict, open_page
from transforms.cleaning.patterns import rules_for_length
from transforms.cleaning.repeated import label_repeated
from transforms.cleaning.stories import find_stories
from warehouse.schema import KEPT_KINDS

KINDS_BESIDE_NAMES = ("byline", "timestamp", "other_boilerplate", "comment_stub", "credit", "dateline")
OPENING_QUOTES = "\"“‘«„'"
DROP_AT = 0.5
"""Chance of being boilerplate from which the model takes a line out: measured, publishers left out one by one."""

DROP_AT_BETWEEN = 0.65
"""The same between two paragraphs, where sub-headings and short sentences stand."""

TOP = 15
"""Lines of the top of a page, where a byline may stand below a standfirst that reads as a paragraph."""

DROP_AT_SUBHEAD = 0.95
"""The same for a line that stands above a paragraph as a sub-heading does."""

LONG_MOTTO = 6
"""Words from which a line all in capitals is a headline rather than a motto or a section."""

LONG_TITLE, LONGEST_SECTION = 15, 4
MIN_NUMBERED = 3
STEM, SHARED = 5, 0.4
"""Letters by which two forms of a word are one, and the share of a headline's words that the text has."""

TELLING = {
    "promo": re.compile(
        r"\b(?:subscri\w+|newsletters?|sign(?:ing)? up|inbox|apps?|free trial|membership|donat\w+|discount|promo code|offers?)\b",
        re.IGNORECASE,
    ),
    "bio": re.compile(r"\S@\w+\.|^\W*@\w+$|\b(?:reporter|correspondent|columnist|contributor|senior fellow|freelance)\b", re.IGNORECASE),
    "comment_stub": re.compile(r"\b(?:your (?:comments?|thoughts|views?)|comments? (?:section|box)|commenting)\b", re.IGNORECASE),
    "other_boilerplate": re.compile(
        r"\b(?:required|password|browser|javascript|cookies?|privacy|terms of|policy|policies|site rating|homepage|feedback|loading|licen[cs]e|copyright)\b",
        re.IGNORECASE,
    ),
}
"""Words by which a line that the model takes out shows its kind, unless it reads as a headline."""

HEADLINE = 7
"""Words from which a line with capitals throughout reads as a headline."""

JOINED = re.compile(r"\s[|·•›»>]\s")
"""Marks between the parts of a path or a masthead."""

SHORT_HEADING = 10
"""Words up to which a line above a paragraph may be a sub-heading, whatever stands above it."""

SETTLED = 0.99
"""Confidence from which a rule's verdict stands whatever the kind model says."""

SETTLED_BY = ("repeated", "dateline", "record", "live")
"""Families of rules whose verdicts stand: what the user or the input says, places by name, and the posts that entries are made of."""

TO_CHANGE, TO_KEEP, TO_DROP = 0.0, 0.4, 0.8
"""Chance from which the kind model gives a line another kind: of text or of boilerplate as before, text instead of boilerplate, the other way."""

SHORT_SENTENCE = 5
DROP_AT_LAST_SENTENCE = 0.8
"""The same for a sentence of at least five words right below the last paragraph, which may be the article's last."""

DROP_AT_ENTRY = 0.95
"""The same within a live blog's posts, whose short lines are text."""

DROP_AT_PARAGRAPH = 0.92
"""The same for a line that reads as running text."""


def label_page(text: str, given: Given | None = None, *, weights: Mapping[str, float] | None = None, by_chain: bool = True) -> Page:
    """Every line of the text with its verdict, and the entries of a live blog or multi-story page.

    ``weights``: of another line model; ``by_chain``: whether the kind model revises what rules and line model say.
    """
    page = prepare_page(text, given)
    if not page.lines:
        return page
    _apply_model(page, weights)
    _label_rest(page)
    if not page.entries:
        page.entries = find_stories(page)
    model = chain() if by_chain else None
    if model is not None:
        revise_kinds(page, model, kind_features(page))
    return page


def prepare_page(text: str, given: Given | None = None) -> Page:
    """The text with all the verdicts that do not need the line model."""
    page = open_page(text, given or Given())
    if not page.lines:
        return page
    _label_record(page)
    label_front_matter(page)
    label_database_export(page)
    _apply_rules(page, anywhere=True)
    _apply_hints(page)
    _find_body(page)
    _apply_rules(page, anywhere=False)
    label_dateline_lines(page)
    _find_body(page)
    _apply_rules(page, anywhere=False)
    label_reader_comments(page)
    label_signatures(page)
    if label_repeated(page):
        _find_body(page)
        _apply_rules(page, anywhere=False)
    label_doubled(page)
    label_captions_again(page)
    label_alt_texts(page)
    _find_body(page)
    protect_lists_and_speakers(page)
    label_teasers(page)
    label_after_headings(page)
    label_lone_bullets(page)
    label_questions(page)
    label_groups(page)
    page.entries = find_live_posts(page)
    _label_titles(page)
    return page


# --- rules -----------------------------------------------------------------------------------------------------


def _label_record(page: Page) -> None:
    """A record's title and subtitle stand before its body, joined by blank lines."""
    given = page.given
    for i, line in enumerate(page.lines):
        if given.body_start is None or line.first >= given.body_start:
            return
        is_title = not any(page.has_verdict(k) for k in range(i)) and (given.title is not None or given.subtitle is None)
        page.verdicts[i] = Verdict("title" if is_title else "subtitle", "clean.record.title" if is_title else "clean.record.subtitle", 1.0)


def _apply_rules(page: Page, *, anywhere: bool) -> None:
    """The first rule that hits a line and may stand there decides it."""
    n_following = _paragraphs_following(page)
    for i, line in enumerate(page.lines):
        if page.verdicts[i] is not None:
            continue
        look = page.looks[i]
        places = ("any",) if anywhere else tuple(_places(page, i, n_following[i]))
        for rule in rules_for_length(look.n_chars, anywhere=anywhere, sure=look.is_protected):
            if rule.where not in places or (rule.most_sentences is not None and look.n_breaks >= rule.most_sentences):
                continue
            if rule.hits(line.text):
                page.verdicts[i] = Verdict(rule.kind, rule.id, 0.99 if rule.sure else 0.97, rule.opens)
                break


def _places(page: Page, i: int, n_following: int) -> Iterator[str]:
    """The places, as rules name them, that the line stands in."""
    is_head, is_tail, is_last = page.is_head(i), page.is_tail(i), i > 0 and n_following <= 1
    if is_head:
        yield "head"
    if is_tail:
        yield "tail"
    if is_head or is_tail:
        yield "edge"
    if is_last:
        yield "last"
    if is_head or is_last:
        yield "ends"
    if i < page.body_last:
        yield "not_last"
    if is_head or is_tail or i < TOP or not page.is_running_text(i - 1):
        yield "byline_place"
    is_above_stamp = page.has_verdict(i + 1) and page.kind(i + 2) == "timestamp"
    if is_head and i > 0 and (is_above_stamp or any(page.kind(k) in KINDS_BESIDE_NAMES for k in (i - 1, i + 1))):
        yield "name_place"
    if is_head or any(page.kind(k) in ("caption", "credit") or repeats(page, i, k) for k in (i - 1, i + 1)):
        yield "caption_place"


def _paragraphs_following(page: Page) -> list[int]:
    """For every line, how many paragraphs without a verdict follow."""
    out, n = [0] * len(page.lines), 0
    for i in reversed(range(len(page.lines))):
        out[i] = n
        n += page.is_running_text(i)
    return out


def _find_body(page: Page) -> None:
    """Sets the first and last line of running text.

    A standfirst that reads as a paragraph but stands above the byline or stamp belongs to the head.
    """
    n = len(page.lines)
    running = [i for i in range(n) if page.is_running_text(i)]
    if not running:
        running = [i for i in range(n) if page.verdicts[i] is None and page.looks[i].ends_sentence and page.looks[i].n_words >= 5]
    if not running:
        running = [i for i in range(n) if page.verdicts[i] is None] or [0]
    first = running[0]
    if first < TOP and page.looks[first].n_chars < 400:
        below = next((k for k in range(first + 1, min(first + 5, n)) if page.kind(k) in ("byline", "timestamp")), None)
        later = next((r for r in running if below is not None and r > below), None)
        between = [r for r in running if first < r and below is not None and r < below]
        if later is not None and not between and not any(page.kind(k) == "title" for k in range(first)):
            first = later
    page.body_first, page.body_last = first, running[-1]


def _apply_hints(page: Page) -> None:
    """What the markup says, where no rule has spoken."""
    for i, hint in sorted(page.given.hints.items()):
        verdict = page.verdicts[i]
        if verdict is None or verdict.kind in ("section_label", "other_boilerplate"):
            page.verdicts[i] = hint


# --- titles, lists, speakers --------------------------------------------------------------------------------------


def _label_titles(page: Page) -> None:
    """The first headline of the head is the title; what follows it up to byline, stamp or first paragraph is the standfirst."""
    title = _find_title(page)
    _label_given_subtitle(page)
    if title is None:
        return
    if page.verdicts[title] is None:
        page.verdicts[title] = Verdict("title", "clean.title.first_headline", 0.9)
    label_like_title(page, title)
    words = page.lines[title].text
    subtitle_open = True
    for i in range(title + 1, min(page.body_first, title + 12)):
        if page.lines[i].text == words and page.verdicts[i] is None:
            page.verdicts[i] = Verdict("title", "clean.title.again", 0.9)
        elif page.verdicts[i] is not None:
            subtitle_open = subtitle_open and page.kind(i) in ("section_label", "title", "timestamp", "subtitle")
        elif subtitle_open and page.looks[i].n_words >= 5:
            page.verdicts[i] = Verdict("subtitle", "clean.subtitle.below_title", 0.85)


def _same(line: str, given: str) -> bool:
    """Whether the line says what the input says, marks of a text format apart."""
    return line.strip("#*_ ").casefold() == given.strip().casefold()


def _label_given_subtitle(page: Page) -> None:
    if page.given.subtitle is None:
        return
    for i in range(min(len(page.lines), _head_limit(page, 40))):
        if page.kind(i) in (None, "caption") and _same(page.lines[i].text, page.given.subtitle):
            page.verdicts[i] = Verdict("subtitle", "clean.subtitle.of_input", 1.0)
            return


def _head_limit(page: Page, n_lines: int) -> int:
    """Lines of the head in which title and standfirst are looked for; menus of a page with markup make it longer."""
    return max(n_lines, page.body_first + 1) if page.given.hints else n_lines


def _find_title(page: Page) -> int | None:
    given = page.given.title
    for i in range(min(len(page.lines), _head_limit(page, 25))):
        if page.kind(i) == "title":
            return i
        if given is not None and _same(page.lines[i].text, given):
            page.verdicts[i] = Verdict("title", "clean.title.of_input", 1.0)
            return i
    if given is not None:
        return None
    head = [i for i in range(min(page.body_first, 25)) if page.verdicts[i] is None]
    headlines = [i for i in head if is_headline(page, i)]
    above = headlines[: _first_about_the_text(page, headlines)]
    headlines = headlines[len(above) :]
    for i in above:
        is_name = page.looks[i].n_words <= LONGEST_SECTION and JOINED.search(page.lines[i].text) is None
        page.verdicts[i] = Verdict("section_label" if is_name else "other_boilerplate", "clean.other.above_title", 0.8)
    # A short line all in capitals above another headline is the outlet's motto or the section.
    found = next((i for i in headlines if not page.lines[i].text.isupper() or page.looks[i].n_words >= LONG_MOTTO), None)
    found = headlines[0] if found is None and headlines else found
    if found is None:
        found = next((i for i in head if page.looks[i].n_chars <= 160 and page.kind(i + 1) in ("byline", "timestamp", "credit")), None)
    for i in range(found or 0):
        if page.verdicts[i] is None and page.looks[i].n_words <= 2 and not page.looks[i].ends_sentence:
            page.verdicts[i] = Verdict("section_label", "clean.section.above_title", 0.85)
    return found


def _first_about_the_text(page: Page, headlines: list[int]) -> int:
    """Which of the lines that can be a headline is the title, counted from 0.

    What a page prints above it (its own name, a motto, a path, a notice) shares no word with the text, and one of the next lines does.
    """
    told = {w[:STEM] for i in range(len(page.lines)) if page.is_running_text(i) for w in content_words(page.lines[i].head)}
    for n, i in enumerate(headlines):
        look, words = page.looks[i], {w[:STEM] for w in content_words(page.lines[i].text)}
        is_apart = JOINED.search(page.lines[i].text) is not None
        if n == 0 and words & told and not is_apart:
            return 0
        if words and len(words & told) >= SHARED * len(words) and look.n_words <= LONG_TITLE and not look.ends_sentence and not is_apart:
            return n
    return 0


# --- model and rest -----------------------------------------------------------------------------------------------


def _apply_model(page: Page, weights: Mapping[str, float] | None) -> None:
    """Lines that the model takes for boilerplate; none if they are more than what would be left: that is no page it has learnt."""
    posts = {i for e in page.entries for i in range(e.first, e.stop)}
    dropped = {
        i: c for i, c in drop_chances(page, weights).items() if c >= _threshold(page, i, in_post=i in posts) and not _is_safe(page, i)
    }
    n_dropped = sum(page.looks[i].n_chars for i in dropped)
    left = (None, "body", "live_segment_header")
    n_kept = sum(look.n_chars for i, look in enumerate(page.looks) if i not in dropped and page.kind(i) in left)
    if n_dropped > n_kept:
        return
    for i, chance in dropped.items():
        page.verdicts[i] = Verdict(_boilerplate_kind(page, i), "clean.model.line", round(chance, 3))


def _threshold(page: Page, i: int, *, in_post: bool) -> float:
    kept = page.given.kept.get(i)
    if kept is not None:
        return 0.97 if kept else 0.5
    if in_post:
        return DROP_AT_ENTRY
    if page.looks[i].is_paragraph:
        return DROP_AT_PARAGRAPH
    below = i + 2 if page.kind(i + 1) == "dateline" else i + 1
    if page.is_text(below) and (page.is_text(i - 1) or page.looks[i].n_words <= SHORT_HEADING):
        return DROP_AT_SUBHEAD
    if page.is_tail(i) and page.is_text(i - 1) and page.looks[i].ends_sentence and page.looks[i].n_words >= SHORT_SENTENCE:
        return DROP_AT_LAST_SENTENCE
    return DROP_AT_BETWEEN if page.body_first < i < page.body_last else DROP_AT


def _is_safe(page: Page, i: int) -> bool:
    """Whether no model may take the line out: a quotation or list item between paragraphs."""
    look, between = page.looks[i], page.body_first < i < page.body_last
    return between and (bool(look.bullet) or (page.lines[i].text[0] in OPENING_QUOTES and look.end_mark == "quoted"))


def _boilerplate_kind(page: Page, i: int) -> str:
    """The likeliest kind of a line that is not text: of a list of links, under a picture, or something else."""
    around = [page.kind(k) for k in (i - 1, i + 1)]
    look = page.looks[i]
    for kind, pattern in TELLING.items():
        if not (look.bullet or (look.is_capitalised and look.n_words >= HEADLINE)) and pattern.search(page.lines[i].head):
            return kind
    if look.n_words < 4:
        return "related" if "related" in around else "other_boilerplate"
    if "related" in around or page.is_tail(i) or look.bullet:
        return "related"
    if look.ends_sentence or page.is_head(i) or "caption" in around or look.n_stop_words >= 5:
        return "caption"
    return "related"


def _label_rest(page: Page) -> None:
    """Short lines without a stop above a paragraph are sub-headings; everything else is body."""
    numbered = _numbered_heads(page)
    for i, look in enumerate(page.looks):
        if page.verdicts[i] is not None:
            continue
        if _is_subhead(page, i):
            is_first = not any(page.kind(k) in ("body", "live_segment_header") for k in range(i))
            page.verdicts[i] = _above_all_text(page, i) if is_first else Verdict("subhead", "clean.subhead.above_text", 0.85)
        elif i in numbered:
            page.verdicts[i] = Verdict("subhead", "clean.subhead.numbered", 0.85)
        else:
            page.verdicts[i] = Verdict("body", "clean.body.text", 0.99 if look.is_paragraph else 0.85)


def revise_kinds(page: Page, model: Chain, features: list[list[str]]) -> None:
    """Gives the lines their likeliest kind by the kind model, where neither a sure rule nor the markup has said it.

    What is kept and what is not changes only where the model is surer: between text and the rest the line itself tells less than its place.
    """
    for i, chances in enumerate(model.chances(features)):
        verdict = page.verdicts[i]
        if verdict is None or _is_settled(page, i, verdict):
            continue
        best = int(chances.argmax())
        kind, chance = KINDS[best], float(chances[best])
        if kind == verdict.kind or chance < _least_chance(verdict.kind, kind):
            continue
        page.verdicts[i] = Verdict(kind, "clean.model.kind", round(chance, 3), verdict.opens)


def _is_settled(page: Page, i: int, verdict: Verdict) -> bool:
    is_sure = (verdict.confidence >= SETTLED and verdict.kind != "body") or _is_given(verdict.rule_id)
    return is_sure or i in page.given.hints or page.looks[i].is_protected


def _is_given(rule_id: str) -> bool:
    return rule_id.split(".")[1] in SETTLED_BY or rule_id.endswith(".of_input")


def _least_chance(before: str, after: str) -> float:
    if before in KEPT_KINDS and after not in KEPT_KINDS:
        return TO_DROP
    return TO_KEEP if after in KEPT_KINDS and before not in KEPT_KINDS else TO_CHANGE


def _above_all_text(page: Page, i: int) -> Verdict:
    """What looks like a sub-heading above the first paragraph: below title, byline and stamp it belongs to a picture or player."""
    above = {page.kind(k) for k in range(i)}
    if "title" in above and above & {"byline", "timestamp"} and page.looks[i].n_words > LONGEST_SECTION:
        return Verdict("caption", "clean.caption.above_text", 0.8)
    return Verdict("subhead", "clean.subhead.above_text", 0.85)


def _numbered_heads(page: Page) -> list[int]:
    """Numbered lines without a stop, each above text of its own: the headings of a list of things; none where they follow one another."""
    found = [
        i
        for i, look in enumerate(page.looks[:-1])
        if look.bullet == "number"
        and look.end_mark in ("none", "ask", "quote", "other")
        and look.n_words <= LONG_TITLE
        and page.verdicts[i] is None
    ]
    apart = [i for i in found if page.is_text(i + 1) or (page.looks[i + 1].ends_sentence and not page.looks[i + 1].bullet)]
    return apart if len(apart) >= MIN_NUMBERED and len(apart) == len(found) else []


def _is_subhead(page: Page, i: int) -> bool:
    look = page.looks[i]
    if i + 1 >= len(page.lines) or look.bullet or look.n_chars > 120 or look.n_words > 18:
        return False
    if look.end_mark not in ("none", "ask", "quote", "other"):
        return False
    if look.end_mark == "ask" and look.n_breaks:
        return False
    following = next((k for k in range(i + 1, min(i + 4, len(page.lines))) if page.kind(k) in (None, *KEPT_KINDS)), None)
    if following is None:
        return False
    if page.looks[following].ends_sentence or page.looks[following].end_mark in ("colon", "dots"):
        return True
    return page.lines[i].text.isupper() and look.n_words >= 2 and is_headline(page, following)
