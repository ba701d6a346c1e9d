"""The kind model: what each line of a page is, seen with all the others, where no sure rule has said it.

A chain over the lines (a linear-chain conditional random field): every line has features that are there or not, among them what rules and line
model made of it and of its neighbours, and two lines that follow one another have a weight for their kinds. Its weights are data
(``transforms/rules/kind_model.json``), made by ``benchmarks/train_kind_model.py``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.cleaning.context import content_words
from transforms.cleaning.line_model import (
    TOKEN,
    around,
    class_of,
    overlap_with,
    own,
    paragraphs_away,
    since_heading,
    topic_words,
    unstopped,
    zone_of,
)
from transforms.cleaning.page import Page
from transforms.rules import FOLDER

KINDS = (
    "body",
    "subhead",
    "title",
    "subtitle",
    "dateline",
    "byline",
    "timestamp",
    "caption",
    "credit",
    "bio",
    "related",
    "promo",
    "comment_stub",
    "section_label",
    "live_segment_header",
    "other_boilerplate",
)
"""The states of the chain, in the order of the columns of its weights."""

Weights = NDArray[np.float64]
FEW, LATE = 6, 4
"""From which line, counted from the top and from the bottom, the place is no longer told."""

SHORT_LINE, LONG_ENOUGH = 40, 30
SHAPE_OF, SHAPE = 60, 14
NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|de|van|von|al|bin|da|dos|del|la|le|el|di)){1,4}")
MONTHS = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DATE = re.compile(
    rf"\b{MONTHS}[a-z]*\.?,? \d|\b\d{{1,2}}(?:st|nd|rd|th)? {MONTHS}|\b\d{{4}}-\d\d-\d\d|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}"
)
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE)
AGO = re.compile(r"\b(?:\d+|an?) ?(?:m|h|d|hrs?|mins?|minutes?|hours?|days?|weeks?) ago\b|\bmin(?:ute)?s? read\b", re.IGNORECASE)
CAPITALISED, CAPITALS, LETTERS, DIGITS = (
    re.compile(r"[A-ZÀ-Þ]+[a-zà-ÿ'’]+"),
    re.compile(r"[A-ZÀ-Þ]{2,}"),
    re.compile(r"[a-zà-ÿ]+"),
    re.compile(r"\d+"),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The weights: ``rows`` feature -> row of ``emission`` (n_features, n_kinds); ``step`` (from, to); ``bias``, ``start``, ``stop`` (n_kinds,)."""

    rows: Mapping[str, int]
    emission: Weights
    bias: Weights
    step: Weights
    start: Weights
    stop: Weights

    def chances(self, features: Sequence[Sequence[str]]) -> Weights:
        """Chance of every kind for every line, (n_lines, n_kinds), given all lines of the page."""
        rows = self.rows
        scores = np.stack([self.emission[[rows[f] for f in line if f in rows]].sum(axis=0) for line in features]) + self.bias
        step, n = np.exp(self.step), len(scores)
        local = np.exp(scores - scores.max(axis=1, keepdims=True))
        ahead, back = np.empty_like(local), np.empty_like(local)
        ahead[0] = local[0] * np.exp(self.start)
        for i in range(1, n):
            ahead[i] = (ahead[i - 1] / ahead[i - 1].sum()) @ step * local[i]
        back[-1] = np.exp(self.stop)
        for i in range(n - 2, -1, -1):
            after = local[i + 1] * back[i + 1]
            back[i] = step @ (after / after.sum())
        both = ahead * back
        return np.asarray(both / both.sum(axis=1, keepdims=True))


@cache
def chain() -> Chain | None:
    """The kept weights; None where none have been made."""
    path = FOLDER / "kind_model.json"
    return read_chain(path.read_text("utf-8")) if path.exists() else None


def read_chain(text: str) -> Chain:
    """The weights as ``write_chain`` wrote them."""
    loaded = json.loads(text)
    emission = np.zeros((len(loaded["emission"]), len(KINDS)))
    for row, weights in enumerate(loaded["emission"].values()):
        emission[row, weights[::2]] = np.array(weights[1::2]) / 100
    rows = {f: k for k, f in enumerate(loaded["emission"])}
    return Chain(rows, emission, *(np.array(loaded[name]) for name in ("bias", "step", "start", "stop")))


def write_chain(model: Chain, least: float) -> str:
    """JSON of the weights in hundredths, one feature per line with its kinds by number; those below ``least`` are left out."""
    lines = []
    for feature, row in sorted(model.rows.items()):
        weights = [x for k, w in enumerate(model.emission[row]) if abs(w) >= least for x in (k, round(100 * w))]
        if weights:
            lines.append(f"{json.dumps(feature, ensure_ascii=False)}:{json.dumps(weights, separators=(',', ':'))}")
    rest = {name: np.round(getattr(model, name), 3).tolist() for name in ("bias", "step", "start", "stop")}
    head = json.dumps({"made_by": "benchmarks/train_kind_model.py", "kinds": KINDS} | rest)
    return head[:-1] + ', "emission": {\n' + ",\n".join(lines) + "\n}}\n"


# --- features -------------------------------------------------------------------------------------------------------


def kind_features(page: Page) -> list[list[str]]:
    """The features of every line of a page on which every line has a verdict."""
    n = len(page.lines)
    kinds = [page.kind(i) or "none" for i in range(n)]
    classes = [class_of(page, i) for i in range(n)]
    runs, opened, topic = paragraphs_away(classes), since_heading(page, classes), topic_words(page)
    copies, loose = Counter(x.text for x in page.lines), unstopped(page)
    spaced = sum(x.blank_before for x in page.lines) > 0.5 * n
    words = [content_words(x.text) for x in page.lines]
    title = kinds.index("title") if "title" in kinds else None
    inside = {i: e.kind for e in page.entries for i in range(e.first, e.stop)}
    told = [w for i, w in enumerate(words) if page.looks[i].is_paragraph]
    out = []
    for i, line in enumerate(page.lines):
        found = own(page, i) + around(page, i, classes, runs[i], opened[i])
        shape, zone, k, shared = found[0], zone_of(page, i), kinds[i], overlap_with(page, i, topic)
        found += [f"o{shared}", f"o{shared}{shape}", f"o{shared}{zone}", f"s{spaced:d}b{line.blank_before:d}{zone}", f"u{loose}{shape}"]
        found += [f"u{loose}{classes[i]}", *_place(i, n), *_by_rules(page, i, kinds, zone, shape), *_look(line.head, zone)]
        if copies[line.text] > 1:
            found += ["twice", f"twice{zone}"]
        if i in inside:
            found += [f"in{inside[i]}", f"in{inside[i]}{shape}", f"in{inside[i]}K{k}"]
        if title is not None:
            found.append(f"ti{(i > title) - (i < title)}{zone}")
        found += _shared_words(page, i, words, title, zone)
        if shared == LATE and len(words[i]) >= LATE:
            found.append(f"told{max((int(4 * len(words[i] & w) / len(words[i])) for w in told if w is not words[i]), default=0)}")
        out.append(found)
    return out


def _place(i: int, n: int) -> list[str]:
    return [f"pos{min(i, FEW)}", f"rev{min(n - 1 - i, LATE)}"]


def _by_rules(page: Page, i: int, kinds: list[str], zone: str, shape: str) -> list[str]:
    """What rules and line model made of the line and of the two lines on both sides."""
    verdict, k = page.verdicts[i], kinds[i]
    before, after = ["^", "^", *kinds[max(i - 2, 0) : i]][-2:], [*kinds[i + 1 : i + 3], "$", "$"][:2]
    out = [f"K{k}", f"K{k}{zone}", f"K{k}{shape}", f"K{k}<{before[1]}", f"K{k}>{after[0]}"]
    out += [f"pk{before[1]}", f"nk{after[0]}", f"ppk{before[0]}", f"nnk{after[1]}", f"pnk{before[1]}{after[0]}"]
    if verdict is not None:
        out.append(f"R{verdict.rule_id}")
        if verdict.rule_id == "clean.model.line":
            out.append(f"R{verdict.rule_id}{int(10 * verdict.confidence)}")
    return out


def _look(text: str, zone: str) -> list[str]:
    """Names, days and times in the line, its beginning, and a short line as a whole."""
    marks = f"d{DATE.search(text) is not None:d}c{CLOCK.search(text) is not None:d}a{AGO.search(text) is not None:d}"
    shape = CAPITALS.sub("W", CAPITALISED.sub("X", text[:SHAPE_OF]))
    shape = re.sub(r"\s+", " ", DIGITS.sub("9", LETTERS.sub("x", shape)))[:SHAPE]
    out = [f"nm{NAME.fullmatch(text) is not None:d}{zone}", marks, marks + zone, f"sh{shape}"]
    first = [w.lower() for w in TOKEN.findall(text[:SHAPE_OF])[:2]]
    if len(first) > 1:
        out.append(f"^^{first[0]}_{first[1]}")
    if len(text) <= SHORT_LINE:
        out.append(f"line:{DIGITS.sub('9', text.lower()).strip(' *•-#:')}")
    if "*" in text[:3] or "#" in text[:3]:
        out.append(f"md{text[:2]}")
    return out


def _shared_words(page: Page, i: int, words: list[set[str]], title: int | None, zone: str) -> list[str]:
    """The share of the line's words that the title and the lines above and below have."""
    out: list[str] = []
    if not words[i]:
        return out
    if title is not None and words[title] and i != title:
        step = min(int(4 * len(words[i] & words[title]) / len(words[i])), 3)
        out += [f"tw{step}", f"tw{step}{zone}"]
    if page.looks[i].n_chars > LONG_ENOUGH:
        for name, k in (("pv", i - 1), ("nx", i + 1)):
            if 0 <= k < len(words) and words[k]:
                out.append(f"{name}{min(int(3 * len(words[i] & words[k]) / len(words[i])), 2)}")
    return out
