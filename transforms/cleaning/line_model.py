"""The line model: how likely a line that no rule has decided is boilerplate.

A logistic regression over features that are either there or not. Its weights are data (``transforms/rules/line_model.json``), made by
``benchmarks/train_line_model.py``.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from transforms.cleaning.lines import STOP_WORDS, Look
from transforms.cleaning.page import Page
from transforms.cleaning.patterns import compile_pattern
from transforms.rules import FOLDER

LENGTHS = (20, 40, 70, 110, 160, 250)
N_WORDS_READ = 24
LONG_HEAD = 11
"""Words from which a line without a stop is long for a headline."""
QUOTES = "\"“‘'"
FIRST_CHARS = (("d", str.isdigit), ("a", str.islower), ("A", str.isupper))
TOKEN = re.compile(r"[^\W\d_]+")
SAYING = re.compile(r"\b(?:said|says|told|added|tweeted|wrote|according to)\b")
SECOND_PERSON = re.compile(r"\b(?:you|your|our|us)\b", re.IGNORECASE)
SIDE = re.compile(r", (?:far |second (?:from )?)?(?:left|right|centre|center)\b|\((?:left|right|centre|center|[LRC])\)")
N_OF_M = re.compile(r"\d{1,2} of \d{1,2}\b")
DIGIT = re.compile(r"\d")
LINK = re.compile(r"https?:|www\.|\.com\b|@\w|#\w")


@cache
def caption_date() -> re.Pattern[str]:
    """Week day and full date, as agencies write under pictures."""
    return compile_pattern(r"\b{WEEKDAY},? {MONTH} \d{1,2}, \d{4}")


@cache
def weights() -> Mapping[str, float]:
    """Feature -> weight; empty where no model has been made, so that the model never speaks."""
    path = FOLDER / "line_model.json"
    if not path.exists():
        return {}
    loaded: dict[str, float] = json.loads(path.read_text("utf-8"))["weights"]
    return loaded


def drop_chances(page: Page, known: Mapping[str, float] | None = None) -> dict[int, float]:
    """Line -> chance of being boilerplate, for the lines without a verdict; by other weights than the kept ones if such are given."""
    known = weights() if known is None else known
    if not known:
        return {}
    out = {}
    for i, features in line_features(page):
        score = known["bias"] + sum(known.get(f, 0.0) for f in features)
        out[i] = 1.0 / (1.0 + math.exp(-max(min(score, 30.0), -30.0)))
    return out


def line_features(page: Page) -> Iterator[tuple[int, list[str]]]:
    """Line and features, for the lines without a verdict that a model may take out."""
    classes = [class_of(page, i) for i in range(len(page.lines))]
    copies = Counter(x.text for x in page.lines)
    topic = topic_words(page)
    runs, opened = paragraphs_away(classes), since_heading(page, classes)
    loose = unstopped(page)
    spaced = sum(x.blank_before for x in page.lines) > 0.5 * len(page.lines)
    for i in range(len(page.lines)):
        if page.verdicts[i] is None and not page.looks[i].is_protected:
            features = own(page, i)
            features += around(page, i, classes, runs[i], opened[i])
            overlap = overlap_with(page, i, topic)
            shape, zone = features[0], zone_of(page, i)
            features += [f"o{overlap}", f"o{overlap}{shape}", f"o{overlap}{zone}", f"s{spaced:d}b{page.lines[i].blank_before:d}{zone}"]
            features += [f"u{loose}{shape}", f"u{loose}{classes[i]}"]
            if copies[page.lines[i].text] > 1:
                features += ["twice", f"twice{zone}"]
            yield i, features


def _bucket(value: int, bounds: tuple[int, ...]) -> int:
    return sum(value >= b for b in bounds)


def _shares(look: Look) -> tuple[int, int]:
    """Shares of function words, and of capitals among the other words, in four steps each."""
    return (
        min(int(look.n_stop_words / max(look.n_words, 1) * 8), 3),
        _bucket(int(100 * look.n_capitalised / max(look.n_content_words, 1)), (35, 60, 85)),
    )


def own(page: Page, i: int) -> list[str]:
    """Features of the line itself; the first is its shape: length and last mark."""
    look, text = page.looks[i], page.lines[i].head
    size, (stops, capitals) = _bucket(look.n_chars, LENGTHS), _shares(look)
    shape = f"l{size}{look.end_mark}"
    first = "q" if text[0] in QUOTES else next((n for n, test in FIRST_CHARS if test(text[0])), "o")
    out = [shape, f"l{size}", f"e{look.end_mark}", f"w{stops}", f"c{capitals}", f"c{capitals}{shape}", f"w{stops}{shape}"]
    out += [f"f{first}", f"f{first}{look.end_mark}", f"k{look.bullet}{look.end_mark}"]
    if text.isupper():
        out += ["upper", f"upper{size}"]
    for name in _marks(text, look):
        out += [name, f"{name}{size}"]
    words = [w.lower() for w in TOKEN.findall(text)[:N_WORDS_READ]]
    out += sorted({f"={w}" for w in words})
    if words:
        out += [f"^{words[0]}", f"${words[-1]}"]
    return out


def _marks(text: str, look: Look) -> Iterator[str]:
    """The names of the marks and turns of phrase that the line has."""
    there = {
        "say": SAYING.search(text),
        "you": SECOND_PERSON.search(text),
        "link": LINK.search(text),
        "bar": "|" in text,
        "slash": "/" in text,
        "bracket": text[-1] in ")]",
        "colon": ":" in text[:40],
        "quote": "“" in text or '"' in text,
        "two": look.n_breaks > 0,
        "day": caption_date().search(text),
        "side": SIDE.search(text),
        "of": N_OF_M.match(text),
        "digits": len(DIGIT.findall(text)) > 0.2 * len(text),
    }
    return (name for name, found in there.items() if found)


def class_of(page: Page, i: int) -> str:
    """How a neighbour sees the line: by its verdict, else by whether it reads as text."""
    kind = page.kind(i)
    if kind is not None and kind != "body":
        return kind[:3]
    look = page.looks[i]
    if look.is_paragraph:
        return "P"
    if look.ends_sentence:
        return "s" if look.n_words >= 5 else "t"
    return "H" if look.n_words >= LONG_HEAD else "h" if look.n_words >= 5 else "u"


def unstopped(page: Page) -> int:
    """How many of the page's long lines end without a stop, in four steps: a page on which text does is no page of headlines."""
    long_lines = [look for look in page.looks if look.n_chars >= 70]
    share = sum(not look.ends_sentence for look in long_lines) / max(len(long_lines), 1)
    return _bucket(int(100 * share), (8, 20, 40))


def paragraphs_away(classes: list[str]) -> list[tuple[int, int]]:
    """For every line, how many lines back and ahead the nearest paragraph is (9 at most, also where there is none)."""
    n = len(classes)
    back, ahead = [9] * n, [9] * n
    for i in range(n):
        back[i] = 0 if classes[i] == "P" else min(back[i - 1] + 1, 9) if i else 9
    for i in reversed(range(n)):
        ahead[i] = 0 if classes[i] == "P" else min(ahead[i + 1] + 1, 9) if i + 1 < n else 9
    return list(zip(back, ahead, strict=True))


def since_heading(page: Page, classes: list[str]) -> list[int]:
    """For every line, how many lines above the heading of a list of links stands, no paragraph between (0: there is none)."""
    out, since = [], 0
    for i, c in enumerate(classes):
        verdict = page.verdicts[i]
        since = 0 if c == "P" else since + 1 if since else 0
        out.append(min(since, 5))
        if verdict is not None and verdict.opens is not None:
            since = 1
    return [max(s - 1, 0) for s in out]


def zone_of(page: Page, i: int) -> str:
    return "H" if page.is_head(i) else "T" if page.is_tail(i) else "M"


def around(page: Page, i: int, classes: list[str], run: tuple[int, int], since: int) -> list[str]:
    """Features of where the line stands and of the two lines on both sides."""
    n = len(classes)
    p1, p2 = classes[i - 1] if i else "^", classes[i - 2] if i > 1 else "^"
    n1, n2 = classes[i + 1] if i + 1 < n else "$", classes[i + 2] if i + 2 < n else "$"
    size = _bucket(page.looks[i].n_chars, LENGTHS)
    shape, zone = f"l{size}{page.looks[i].end_mark}", zone_of(page, i)
    back, ahead = min(run[0], 4), min(run[1], 4)
    back_tail = min(run[0] // 2, 4)
    mark = page.looks[i].end_mark
    return [
        *(f"z{zone}", f"z{zone}{shape}", f"z{zone}{back_tail}", f"z{zone}k{page.looks[i].bullet}"),
        *(f"p1{p1}", f"p2{p2}", f"n1{n1}", f"n2{n2}", f"p{p1}{n1}", f"p1{p1}{shape}", f"n1{n1}{shape}", f"pp{p2}{p1}", f"nn{n1}{n2}"),
        *(f"r{back}{ahead}", f"r{back}{ahead}{mark}", f"h{since}", f"h{since}{shape}", f"h{since}{n1}"),
    ]


def topic_words(page: Page) -> Counter[str]:
    """The words of the running text, function words left out."""
    out: Counter[str] = Counter()
    for i, line in enumerate(page.lines):
        if page.is_running_text(i):
            out.update({w for w in (t.lower() for t in TOKEN.findall(line.head)) if w not in STOP_WORDS and len(w) > 2})
    return out


def overlap_with(page: Page, i: int, topic: Counter[str]) -> int:
    """How many of the line's words stand in the running text elsewhere, in five steps."""
    words = {w for w in (t.lower() for t in TOKEN.findall(page.lines[i].head)) if w not in STOP_WORDS and len(w) > 2}
    if not words:
        return 0
    own = 1 if page.is_running_text(i) else 0
    return 1 + min(int(4 * sum(topic[w] > own for w in words) / len(words)), 3)
