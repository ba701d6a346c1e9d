"""Text -> lines, and what can be said of a line without looking at the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.rules import load_rules

BREAK = re.compile(r"\r\n|\n|\r")
LOOK_AT = 2000
"""Code points of a line that are looked at; a paragraph shows what it is well before."""

STOPS = ".!?…"
CLOSERS = "\"'”’»)]*"
BULLET = re.compile(r"(?:[*•▪◦●·‣■□►▶+o–—-]|\(?\d{1,2}[.)])[ \t\u00a0]+(?=\S)")
SENTENCE_BREAK = re.compile(r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?…][\"'”’)\]]*\s+[\"'“‘(\[]?[A-ZÀ-Þ0-9]")
CREDITED = re.compile(r"[.!?…][\"'”’]? ?[(\[][^()\[\]]{2,60}[)\]]$")
"""An agency or reporter in brackets behind the last sentence."""

LONG_ITEM, ITEM_SENTENCES = 160, 2
WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
STOP_WORDS = frozenset(load_rules("cleaning_parts")["stop_words"])


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    ``start`` to ``end`` takes in its break and the blank lines behind it; ``first`` to ``last`` is its words.
    """

    start: int
    end: int
    first: int
    last: int
    text: str
    blank_before: bool

    @property
    def head(self) -> str:
        """As much of the words as is looked at."""
        return self.text[:LOOK_AT]


@dataclass(frozen=True, slots=True)
class Look:
    """What a line looks like by itself."""

    n_chars: int
    n_words: int
    n_stop_words: int
    n_content_words: int
    n_capitalised: int
    end_mark: str
    bullet: str
    n_breaks: int

    @property
    def ends_sentence(self) -> bool:
        """Whether the last mark closes a sentence."""
        return self.end_mark in ("stop", "ask", "quoted")

    @property
    def is_paragraph(self) -> bool:
        """Whether it reads as running text: long enough, with function words, closed by a stop, not capitalised as a headline."""
        if not self.ends_sentence or self.n_words < 9 or self.n_stop_words < 3 or (self.n_chars < 80 and not self.n_breaks):
            return False
        return not self.is_capitalised or self.n_breaks > 1

    @property
    def is_capitalised(self) -> bool:
        """Whether next to every word that is not a function word has a capital, as in a headline."""
        return self.n_capitalised >= 0.93 * self.n_content_words

    @property
    def is_protected(self) -> bool:
        """Whether only a sure rule may take it out: over 160 characters and two sentences."""
        return self.n_chars > 160 and self.n_breaks > 0


def split_lines(text: str) -> list[Line]:
    """The lines that are not blank, tiling the text: blank lines belong to the line before, leading ones to the first.

    >>> [(x.start, x.end, x.text) for x in split_lines("One.\\n\\nTwo.")]
    [(0, 6, 'One.'), (6, 10, 'Two.')]
    """
    found: list[tuple[int, int, int, str, bool]] = []
    start, blank_before = 0, False
    for begin, stop in _spans(text):
        words = text[begin:stop].strip()
        if not words:
            blank_before = True
            continue
        first = begin + text[begin:stop].index(words[0])
        found.append((begin if found else start, first, first + len(words), words, blank_before))
        blank_before = False
    if not found:
        return []
    ends = [f[0] for f in found[1:]] + [len(text)]
    return [Line(s, e, first, last, words, blank) for (s, first, last, words, blank), e in zip(found, ends, strict=True)]


def _spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every line, its break left out."""
    out, start = [], 0
    for m in BREAK.finditer(text):
        out.append((start, m.start()))
        start = m.end()
    out.append((start, len(text)))
    return out


def end_mark(text: str) -> str:
    """How the line ends: stop, ask, quoted (a stop inside or before a closing mark), quote, colon, comma, dots, other or none.

    >>> end_mark('“We won.”'), end_mark("Storm nears coast"), end_mark("Who won?")
    ('quoted', 'none', 'ask')
    """
    bare = text.rstrip(CLOSERS)
    if not bare:
        return "other"
    last = bare[-1]
    if last in STOPS:
        if bare.endswith("...") or last == "…":
            return "dots"
        if len(bare) < len(text):
            return "quoted"
        return "stop" if last == "." else "ask"
    if len(bare) < len(text):
        return "quoted" if len(text) - len(bare) > 1 and text[len(bare) :].endswith(".") else "quote"
    if last == ":":
        return "colon"
    if last in ",;":
        return "comma"
    return "none" if last.isalnum() else "other"


def look_at(line: Line) -> Look:
    """What the line looks like by itself."""
    text = line.head
    bullet = BULLET.match(text)
    words = WORDS.findall(text)
    content = [w for w in words if w.lower() not in STOP_WORDS]
    n_breaks = sum(1 for _ in SENTENCE_BREAK.finditer(text))
    is_credited = len(line.text) > LONG_ITEM and n_breaks >= ITEM_SENTENCES and CREDITED.search(line.text[-80:]) is not None
    return Look(
        n_chars=len(line.text),
        n_words=len(words),
        n_stop_words=sum(w in STOP_WORDS for w in words) + sum(w.lower() in STOP_WORDS for w in words[:1]),
        n_content_words=len(content),
        n_capitalised=sum(w[0].isupper() or w[0].isdigit() for w in content),
        end_mark="stop" if is_credited else end_mark(line.text),
        bullet="" if bullet is None else ("number" if any(c.isdigit() for c in bullet[0]) else "mark"),
        n_breaks=n_breaks,
    )
