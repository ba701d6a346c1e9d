"""A cleaned document together with its spaCy Doc, and the way back from tokens to characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc, Span, Token
from spacy.vocab import Vocab

from warehouse.schema import READ_KINDS, Row

Offsets = tuple[int, int]
LONGEST_WORD = 300
"""Characters without a space from which text is no word or address; spaCy's time for such a run grows with its square."""

LONG_RUN = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


@dataclass(frozen=True)
class NewsDoc:
    """One document as the extraction sees it.

    ``doc`` holds the tokens of the read segments (see ``schema.READ_KINDS``) one segment after another, without
    the line breaks between them; ``starts[i]`` is the offset of token ``i`` in ``document["text"]``. Token and
    span offsets of spaCy (``token.idx``, ``span.start_char``) are NOT offsets into the document: use ``offsets``.

    ``sentences``, ``times``, ``mentions`` and ``quotes`` are filled in this order while extraction goes on; a
    later extractor may read what an earlier one found.
    """

    document: Row
    segments: Sequence[Row]
    entries: Sequence[Row]
    doc: Doc
    starts: Sequence[int]
    segment_of: Sequence[int]
    sentences: list[Row] = field(default_factory=list)
    times: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    quote_spans: list[Row] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The document's text, boilerplate included."""
        return str(self.document["text"])

    def offsets(self, span: Span | Token) -> Offsets:
        """Start and end (exclusive) of a token or span in code points of the document's text."""
        first, last = (span, span) if isinstance(span, Token) else (span[0], span[-1])
        return self.starts[first.i], self.starts[last.i] + len(last.text)

    def segment(self, token: Token) -> Row:
        """The segment row that the token lies in."""
        return self.segments[self.segment_of[token.i]]

    def token_at(self, char: int) -> Token | None:
        """The token that covers this offset of the document's text, or None."""
        i = bisect_right(self.starts, char) - 1
        if i < 0 or char >= self.starts[i] + len(self.doc[i].text):
            return None
        return self.doc[i]

    def span_at(self, start: int, end: int) -> Span | None:
        """The smallest span of tokens that covers every token touching [start, end) of the document's text, or None."""
        first = bisect_right(self.starts, start) - 1
        if first < 0 or start >= self.starts[first] + len(self.doc[first].text):
            first += 1
        last = bisect_right(self.starts, end - 1) - 1
        return self.doc[first : last + 1] if last >= first else None

    @cached_property
    def sentence_of_token(self) -> Sequence[int]:
        """For each token the index of its row in ``sentences``."""
        out: list[int] = []
        for n, row in enumerate(self.sentences):
            last = bisect_right(self.starts, row["end_char"] - 1)
            out.extend([n] * (last - len(out)))
        return out

    def sentence(self, token: Token) -> Row:
        """The sentence row that the token lies in; only after sentences are filled."""
        return self.sentences[self.sentence_of_token[token.i]]

    def entry(self, token: Token) -> Row | None:
        """The live-blog post or story that the token lies in."""
        entry_id = self.segment(token)["entry_id"]
        return self._entries_by_id.get(entry_id) if entry_id else None

    @cached_property
    def _entries_by_id(self) -> dict[str, Row]:
        return {e["entry_id"]: e for e in self.entries}


def _may_end_sentence(word: str) -> bool:
    """True if a sentence can end behind the word: small parsers also break inside names ("Kim | Jong Un") and headlines."""
    return not (word[-1].isalnum() or word[-1] in ",%$€£&@/")


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of the parts that are split into words by themselves: the whole, unless something in it is longer than any word."""
    start = 0
    for run in LONG_RUN.finditer(text):
        yield start, text[start : run.start()]
        for at in range(run.start(), run.end(), LONGEST_WORD):
            yield at, text[at : min(at + LONGEST_WORD, run.end())]
        start = run.end()
    yield start, text[start:]


def tokenize(  # type: ignore[no-untyped-def]
    document: Row, segments: Sequence[Row], entries: Sequence[Row], tokenizer, vocab: Vocab, cuts: frozenset[int] = frozenset()
) -> NewsDoc:
    """A NewsDoc whose Doc has tokens and segment borders (as sentence starts), nothing else yet; ``cuts`` are tokens that start one, too."""
    text = document["text"]
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    segment_of: list[int] = []
    sent_starts: list[bool | int | None] = []
    for n, segment in enumerate(segments):
        if segment["kind"] not in READ_KINDS:
            continue
        first = True
        for offset, piece in _pieces(text[segment["start_char"] : segment["end_char"]]):
            for token in tokenizer(piece):
                if token.is_space:
                    if words and not first:
                        spaces[-1] = True
                    continue
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
                starts.append(segment["start_char"] + offset + token.idx)
                segment_of.append(n)
                is_start = first or len(words) - 1 in cuts
                sent_starts.append(True if is_start else None if _may_end_sentence(words[-2]) else False)
                first = False
        if not first:
            spaces[-1] = True
    doc = Doc(vocab, words=words, spaces=spaces, sent_starts=sent_starts)
    return NewsDoc(document, segments, entries, doc, starts, segment_of)
