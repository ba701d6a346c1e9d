"""Lines that a publisher repeats around its articles: learnt over many documents, kept in a file that a person reviews, used as evidence."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from transforms.cleaning.context import is_headline
from transforms.cleaning.lines import Look
from transforms.cleaning.page import Page, Verdict
from transforms.cleaning.patterns import dateline_rules
from warehouse.schema import KEPT_KINDS, SEGMENT_KINDS

FORMAT = 1
MIN_ARTICLES = 3
"""Articles of one publisher in which a line must stand at the head or tail."""

MIN_SHARE = 0.05
"""Share of the publisher's articles in which it must: what three of a thousand say is not the publisher's habit."""

MODEL = "clean.model.line"
LONGEST = 160
"""Characters of a line beyond which it is never learnt, whatever it says."""

LOOK_AT = 200
"""Characters of a line by which it is compared."""

MANY = 20
"""Articles from which on a paragraph that they share says nothing of whether they are one article."""

ONE_ARTICLE = 0.5
"""Share of the longer text's paragraphs, in characters, that two versions of one article have in common."""

HEADLINE = 5
"""Words from which a title says what its article is about, and not whose page it is."""

TITLE_SHARE = 0.5
"""Share of the publisher's articles that must have a line which cleaning takes for a title: less may be an article told again and again."""

N_EXAMPLES = 3
NOT_BODY_KINDS = tuple(kind for kind in SEGMENT_KINDS if kind not in KEPT_KINDS)
QUOTES = "\"“”‘’«»„'"
DASHES = "-–—_"
DIGITS = re.compile(r"\d+")
LETTER = re.compile(r"[^\W\d_]")


class BadLines(ValueError):
    """A file of repeated lines that cannot be used; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A line as it is compared, and what cleaning without any file of repeated lines takes it for.

    ``masked`` is a digest where the line cannot be learnt: a lake's worth of paragraphs need not be held to tell articles from one another.

    ``is_text``: it is a paragraph of the body. ``is_sure``: a rule takes it out, so that nothing is won by learning it. ``is_title``: a
    headline that says something, which several versions of an article have.
    """

    masked: str
    kind: str
    can_repeat: bool
    is_text: bool
    is_sure: bool
    is_title: bool
    n_chars: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What learning needs of a document: the lines that can be learnt, and its paragraphs."""

    publisher: str
    document_id: str
    lines: tuple[OutlineLine, ...]


@dataclass(frozen=True, slots=True)
class RepeatedLine:
    """A line that a publisher repeats, digits masked, and what shows it.

    ``n_articles`` of the publisher's ``n_of`` articles have it at ``where`` (head, tail or both); versions of one article count once, and 0
    stands for a line that a person wrote into the file. ``keep``: a person has decided that it is text.
    """

    publisher: str
    line: str
    kind: str = "other_boilerplate"
    keep: bool = False
    where: str = "both"
    n_articles: int = 0
    n_of: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatedLines:
    """What a file of repeated lines says: publisher -> masked line -> kind; lines that a person keeps are left out."""

    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, publisher: str | None) -> Mapping[str, str]:
        """The lines of the publisher with their kinds; none for a document without a publisher."""
        return self.kinds.get(publisher, {}) if publisher is not None else {}

    def version(self) -> str:
        """A hash of all that changes what cleaning does: counts, examples and comments of the file do not."""
        return hashlib.sha256(json.dumps(self.kinds, sort_keys=True).encode()).hexdigest()[:8]


def mask(text: str) -> str:
    """The line as it is compared: blanks made one, every run of digits a #.

    >>> mask("Updated  12:30,  3 comments")
    'Updated #:#, # comments'
    """
    return DIGITS.sub("#", " ".join(text.split()))


# --- learning --------------------------------------------------------------------------------------------------


def outline(page: Page, publisher: str, document_id: str) -> Outline:
    """What learning needs of a document whose lines are labelled."""
    lines = (_outline_line(page, i) for i in range(len(page.lines)))
    return Outline(publisher, document_id, tuple(line for line in lines if line.can_repeat or line.is_text))


def _outline_line(page: Page, i: int) -> OutlineLine:
    text, look, verdict = page.lines[i].text, page.looks[i], page.verdicts[i]
    assert verdict is not None
    can_repeat = look.n_chars <= LONGEST and LETTER.search(text) is not None and not _is_quote(text, look) and not _is_dateline(text)
    is_text = verdict.kind == "body" and look.is_paragraph and i >= page.body_first
    is_sure = verdict.kind in NOT_BODY_KINDS and verdict.rule_id != MODEL
    is_title = verdict.kind == "title" and look.n_words >= HEADLINE
    masked = mask(text[:LOOK_AT])
    if not can_repeat:
        masked = hashlib.blake2b(masked.encode(), digest_size=8).hexdigest()
    return OutlineLine(masked, verdict.kind, can_repeat, is_text, is_sure, is_title, look.n_chars)


def _is_quote(text: str, look: Look) -> bool:
    """Whether the line begins or ends as a quotation, which may stand in several articles and is always text."""
    return text[0] in QUOTES or look.end_mark in ("quoted", "quote")


def _is_dateline(text: str) -> bool:
    """Whether the line is the place and agency that open the lead below it: wires repeat them, and they tell where it happened."""
    if text[-1] in DASHES:
        return True
    return any((m := rule.pattern.match(f"{text} The")) is not None and m.end() > len(text) for rule in dateline_rules())


def learn_lines(outlines: Iterable[Outline], *, min_articles: int = MIN_ARTICLES, min_share: float = MIN_SHARE) -> list[RepeatedLine]:
    """The lines that stand at the head or tail of enough articles of a publisher, and between the paragraphs of none of them.

    Ordered by publisher, then the most frequent first; the order of the documents does not matter. Lines that rules take out everywhere are
    left out. A line has the kind that cleaning gives it most often where it takes it out, ``other_boilerplate`` where it never does.
    """
    of_publisher: dict[str, list[Outline]] = defaultdict(list)
    for document in outlines:
        of_publisher[document.publisher].append(document)
    found: list[RepeatedLine] = []
    for publisher in sorted(of_publisher):
        articles = group_versions(sorted(of_publisher[publisher], key=lambda d: d.document_id))
        found += _learn(publisher, articles, max(min_articles, min_share * len(articles)))
    return found


def group_versions(documents: Sequence[Outline]) -> list[list[Outline]]:
    """The documents of one publisher as articles: versions of one article share most of their paragraphs and are one."""
    articles: list[list[Outline]] = []
    with_paragraph: dict[str, list[int]] = defaultdict(list)
    for document in documents:
        sizes = _paragraphs(document)
        shared: Counter[int] = Counter()
        for words, n_chars in sizes.items():
            if len(with_paragraph[words]) < MANY:
                shared.update(dict.fromkeys(with_paragraph[words], n_chars))
        total = sum(sizes.values())
        same = [k for k, n in shared.items() if n >= ONE_ARTICLE * max(total, sum(_paragraphs(articles[k][0]).values()))]
        number = min(same, default=len(articles))
        if number == len(articles):
            articles.append([])
        articles[number].append(document)
        for words in sizes:
            if number not in with_paragraph[words]:
                with_paragraph[words].append(number)
    return articles


def _paragraphs(document: Outline) -> dict[str, int]:
    return {line.masked: line.n_chars for line in document.lines if line.is_text}


@dataclass(slots=True)
class _Places:
    """The numbers of the articles that have a line at the head, at the tail and between, and what cleaning takes it for at the ends.

    ``is_needed``: in one article at least no rule takes the line out. ``is_title``: in one at least it is taken for a title that says something.
    """

    head: set[int] = field(default_factory=set)
    tail: set[int] = field(default_factory=set)
    between: set[int] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    is_needed: bool = False
    is_title: bool = False

    def kind(self) -> str:
        """What cleaning takes the line for most often where it takes it out."""
        known = [k for k in self.kinds if k in NOT_BODY_KINDS]
        return min(known, key=lambda k: (-self.kinds[k], k), default="other_boilerplate")


def _learn(publisher: str, articles: Sequence[Sequence[Outline]], least: float) -> Iterator[RepeatedLine]:
    n_with = Counter(words for article in articles for words in {line.masked for document in article for line in document.lines})
    repeated = frozenset(words for words, n in n_with.items() if n >= least)
    places: dict[str, _Places] = defaultdict(_Places)
    for number, article in enumerate(articles):
        for document in article:
            _note_places(document, number, repeated, places)
    lines = []
    for words, place in places.items():
        edge = place.head | place.tail
        if place.between or not place.is_needed or len(edge) < max(least, TITLE_SHARE * len(articles) if place.is_title else 0):
            continue
        where = "both" if place.head and place.tail else "head" if place.head else "tail"
        examples = tuple(articles[k][0].document_id for k in sorted(edge)[:N_EXAMPLES])
        lines.append(RepeatedLine(publisher, words, place.kind(), False, where, len(edge), len(articles), examples))
    yield from sorted(lines, key=_order)


def _order(line: RepeatedLine) -> tuple[str, int, str]:
    return line.publisher, -line.n_articles, line.line


def _note_places(document: Outline, number: int, repeated: frozenset[str], places: dict[str, _Places]) -> None:
    """Notes where the document's repeated lines stand; a document without a paragraph of its own has no head and no tail."""
    own = [i for i, line in enumerate(document.lines) if line.is_text and line.masked not in repeated]
    if not own:
        return
    for i, line in enumerate(document.lines):
        if line.masked not in repeated or not line.can_repeat:
            continue
        place = places[line.masked]
        if own[0] < i < own[-1]:
            place.between.add(number)
            continue
        (place.head if i < own[0] else place.tail).add(number)
        place.kinds[line.kind] += 1
        place.is_needed = place.is_needed or not line.is_sure
        place.is_title = place.is_title or line.is_title


def merge_lines(
    learnt: Iterable[RepeatedLine], before: Iterable[RepeatedLine], *, publishers: Iterable[str] | None = None
) -> list[RepeatedLine]:
    """What was learnt, with what a person has decided before: ``keep`` and ``kind`` of a line stay, and so do lines that a person added or keeps.

    Lines of before that are no longer repeated go, except where only some publishers were learnt: the others stay as they are.
    """
    known = {(x.publisher, x.line): x for x in before}
    asked = None if publishers is None else frozenset(publishers)
    out = {}
    for line in learnt:
        old = known.get((line.publisher, line.line))
        out[line.publisher, line.line] = line if old is None else replace(line, keep=old.keep, kind=old.kind)
    for key, old in known.items():
        if key not in out and (old.keep or not old.n_articles or (asked is not None and old.publisher not in asked)):
            out[key] = old
    return sorted(out.values(), key=_order)


# --- using -----------------------------------------------------------------------------------------------------


def label_repeated(page: Page) -> bool:
    """Takes out the publisher's repeated lines above the first and below the last paragraph; tells whether there were any.

    None are if no other text would be left. A headline is not if it is the only one above the text and the input gives no title: it is the
    title of a recurring piece.
    """
    known = page.given.repeated
    found = {i for i in _open(page) if mask(page.lines[i].text) in known and page.looks[i].n_chars <= LONGEST} if known else set()
    running = [i for i in _open(page) if i not in found and i >= page.body_first and page.looks[i].is_paragraph]
    if not running:
        return False
    head, tail = {i for i in found if i < running[0]}, {i for i in found if i > running[-1]}
    if not _has_title(page, running[0], head):
        head = {i for i in head if not is_headline(page, i)}
    for i in sorted(head | tail):
        page.verdicts[i] = Verdict(known[mask(page.lines[i].text)], "clean.repeated.publisher", 0.95)
    return bool(head or tail)


def _has_title(page: Page, stop: int, without: set[int]) -> bool:
    """Whether the input gives a title, or a line above ``stop`` is or can be one, those of ``without`` left out."""
    if page.given.title is not None:
        return True
    return any(page.kind(i) == "title" or (page.verdicts[i] is None and is_headline(page, i)) for i in range(stop) if i not in without)


def _open(page: Page) -> Iterator[int]:
    """The lines without a verdict."""
    return (i for i, verdict in enumerate(page.verdicts) if verdict is None)


# --- the file --------------------------------------------------------------------------------------------------

HEADER = """# Lines that publishers repeat above and below their articles; digits are masked with #. Made by `dateline learn-lines`, reviewed by you:
# keep = true leaves a line in the article, now and when lines are learnt again; kind may be changed, and lines may be added.
# Kinds: {kinds}.
"""


def render_lines(lines: Iterable[RepeatedLine]) -> str:
    """The file as TOML; the same lines give the same characters."""
    kinds = ", ".join(NOT_BODY_KINDS)
    blocks = [HEADER.format(kinds=kinds) + f"\nformat = {FORMAT}\n"]
    for x in sorted(lines, key=_order):
        found = f"articles = {x.n_articles}\nof = {x.n_of}\nexamples = [{', '.join(map(_quoted, x.examples))}]\n" if x.n_articles else ""
        blocks.append(
            f"[[line]]\npublisher = {_quoted(x.publisher)}\nline = {_quoted(x.line)}\nkind = {_quoted(x.kind)}\n"
            f"keep = {str(x.keep).lower()}\nwhere = {_quoted(x.where)}\n{found}"
        )
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    """The text as a TOML string: JSON's escapes are TOML's, save for one character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse_lines(text: str) -> list[RepeatedLine]:
    """The lines of a file that ``render_lines`` or a person has written.

    Raises:
        BadLines: it is no such file, or a value in it cannot be used.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise BadLines(str(exc)) from None
    if data.get("format") != FORMAT:
        raise BadLines(f"it must say format = {FORMAT}")
    entries = data.get("line", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise BadLines("its lines must be tables: [[line]]")
    return [_parse_entry(entry, number) for number, entry in enumerate(entries, 1)]


def _parse_entry(entry: Mapping[str, Any], number: int) -> RepeatedLine:
    values = {**entry, "n_articles": entry.get("articles", 0), "n_of": entry.get("of", 0), "examples": entry.get("examples", [])}
    types: dict[str, type] = {
        "publisher": str, "line": str, "kind": str, "keep": bool, "where": str, "n_articles": int, "n_of": int, "examples": list,
    }  # fmt: skip
    unknown = sorted(set(entry) - {*types, "articles", "of"} | set(entry) & {"n_articles", "n_of"})
    if unknown:
        raise BadLines(f"[[line]] number {number}: {unknown[0]} is no key of a line")
    if not values.get("publisher") or not values.get("line"):
        raise BadLines(f"[[line]] number {number}: publisher and line are needed")
    for name, kind in types.items():
        if name in values and type(values[name]) is not kind:
            raise BadLines(f"[[line]] number {number}: {name} cannot be {values[name]!r}")
    if values.get("kind", NOT_BODY_KINDS[0]) not in NOT_BODY_KINDS:
        raise BadLines(f'[[line]] number {number}: kind cannot be "{values["kind"]}"; give one of: {", ".join(NOT_BODY_KINDS)}')
    values["examples"] = tuple(str(e) for e in values["examples"])
    values["line"] = mask(values["line"])
    return RepeatedLine(**{name: values[name] for name in types if name in values})


def usable(lines: Iterable[RepeatedLine]) -> RepeatedLines:
    """The lines as cleaning uses them."""
    kinds: dict[str, dict[str, str]] = {}
    for x in sorted(lines, key=_order):
        if not x.keep:
            kinds.setdefault(x.publisher, {})[x.line] = x.kind
    return RepeatedLines(kinds)


@cache
def read_lines(text: str) -> RepeatedLines:
    """What a file says, ready for cleaning; read once per process.

    Raises:
        BadLines: see ``parse_lines``.
    """
    return usable(parse_lines(text))
