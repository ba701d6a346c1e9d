"""Quotations and reported statements: who said what, in whose words."""

from __future__ import annotations

from dataclasses import replace

from transforms.extraction.quote_direct import SENTENCE_END, attribute_marked, has_finite_verb, last_word, lead_start, reads_as_speech
from transforms.extraction.quote_governed import find_governed
from transforms.extraction.quote_lexicon import load_lexicon
from transforms.extraction.quote_marks import Marked, find_marked
from transforms.extraction.quote_model import Statement
from transforms.extraction.quote_reported import find_reported
from transforms.extraction.quote_speakers import NOBODY, Mentions, Speaker, resolve_speaker
from transforms.extraction.quote_tagged import find_tagged
from transforms.extraction.quote_tree import Tree, build_tree
from transforms.language import NewsDoc
from warehouse.schema import Row, make_id

FIRST = frozenset(("quote.after", "quote.before"))
"""Rules whose statements win over others that hold the same words: the speaker stands next to the marks."""


def find_quotes(news: NewsDoc, tree: Tree | None = None) -> tuple[list[Row], list[Row]]:
    """One row per quotation or reported statement and one per piece of its content; columns: see QUOTES and QUOTE_SPANS.

    Rows stand in the order of the text. No two have the same span. Reads ``news.sentences`` and ``news.mentions``. ``tree`` is
    ``build_tree(news)`` if that has been made already.
    """
    if not len(news.doc):
        return [], []
    tree = tree or build_tree(news)
    statements = read_statements(tree)
    mentions = Mentions.of(news)
    speakers: list[Speaker] = []
    for n, statement in enumerate(statements):
        speakers.append(resolve_speaker(news, tree, mentions, statement, speakers[n - 1] if n else NOBODY))
    return _rows(news, tree, statements, speakers)


def read_statements(tree: Tree) -> list[Statement]:
    """All statements of a document in the order of the text."""
    lexicon = load_lexicon()
    marked = find_marked(tree)
    direct, left = attribute_marked(tree, lexicon, marked)
    used, inside = [False] * len(tree), [False] * len(tree)
    for s in direct:
        if s.cue:
            used[s.cue[0]] = True
        for a, b in s.pieces:
            inside[a:b] = [True] * (b - a)
    for m in left:
        if _is_utterance(tree, m):
            inside[m.start : m.end] = [True] * (m.end - m.start)
    reported = [_outside(s, direct, inside) for s in find_reported(tree, lexicon, marked, used, inside)]
    found = [*direct, *reported]
    found.extend(find_governed(tree, lexicon, left, found))
    found.extend(_without_cue(tree, left, found))
    return _distinct([*found, *find_tagged(tree, lexicon, marked, found)])


def _outside(s: Statement, direct: list[Statement], inside: list[bool]) -> Statement:
    """A statement beside a quotation whose speaker was looked for within the quotation: it is the quotation's speaker."""
    if s.speaker_head is None or s.cue is None or not inside[s.speaker_head] or inside[s.cue[0]]:
        return s
    holder = next((d for d in direct if any(a <= s.speaker_head < b for a, b in d.pieces)), None)
    return replace(s, speaker_head=holder.speaker_head) if holder is not None else s


def _is_utterance(tree: Tree, m: Marked) -> bool:
    """A stretch without a cue that can only be speech: a whole sentence in marks."""
    low = lead_start(tree, m, tree.segment_start[m.start])
    if any(tree.words[k][0].isalnum() for k in range(low, m.start)) or not has_finite_verb(tree, m.inner_start, m.inner_end):
        return False
    ends = m.goes_on or m.inner_end == m.end or last_word(tree, m) in SENTENCE_END | {","}
    return ends and m.inner_end - m.inner_start >= (8 if m.single else 4) and reads_as_speech(tree, m)


def _without_cue(tree: Tree, left: list[Marked], found: list[Statement]) -> list[Statement]:
    """Utterances that no cue gives to anybody: they go on after the statement next to them, or stand alone."""
    out: list[Statement] = []
    for m in left:
        if not _is_utterance(tree, m):
            continue
        last = max((s for s in [*found, *out] if s.end <= m.start), key=lambda s: (s.end, s.start), default=None)
        if out and last is out[-1] and last.end == m.start and _opens_paragraph(tree, m) and _goes_on(tree, left, last):
            out[-1] = last.with_piece((m.start, m.end))
        elif last is not None and _next_to(tree, last, m):
            out.append(Statement(((m.start, m.end),), "direct", "quote.continuation", carried=True))
        else:
            out.append(Statement(((m.start, m.end),), "direct", "quote.alone"))
    return out


def _opens_paragraph(tree: Tree, m: Marked) -> bool:
    return m.start == tree.segment_start[m.start]


def _goes_on(tree: Tree, left: list[Marked], last: Statement) -> bool:
    return any(m.end == last.end and m.goes_on for m in left)


def _next_to(tree: Tree, last: Statement, m: Marked) -> bool:
    """Does the statement stand in the sentence before, or in the paragraph before if the stretch opens its own?"""
    edge = max(last.end, last.cue[1] if last.cue else 0) - 1
    if _opens_paragraph(tree, m):
        return m.start > 0 and tree.segment[edge] == tree.segment[m.start - 1] and tree.segment_end[m.start] - m.end <= 1
    return tree.segment[edge] == tree.segment[m.start] and tree.sentence[m.start] - tree.sentence[edge] <= 1


def _distinct(found: list[Statement]) -> list[Statement]:
    """Without those that repeat another's words: the same span, or almost the same, is one statement."""
    kept: list[Statement] = []
    for s in sorted(found, key=lambda s: (s.rule_id not in FIRST, s.start, -s.end, s.rule_id)):
        rivals = [k for k in kept if k.start < s.end and s.start < k.end]
        if not any(
            _same_words(k, s) or (k.start <= s.start and s.end <= k.end and s.rule_id not in load_lexicon().nesting) for k in rivals
        ):
            kept.append(s)
    return sorted(kept, key=lambda s: (s.start, -s.end))


def _same_words(a: Statement, b: Statement) -> bool:
    shared = sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a.pieces for y in b.pieces)
    size = sum(y - x for x, y in (*a.pieces, *b.pieces))
    # What B said within what A said that B said is a statement of its own although most words are the same.
    chained = b.cue is not None and b.rule_id in load_lexicon().nesting and any(x <= b.cue[0] < y for x, y in a.pieces)
    return 2 * shared / size >= (0.85 if chained else 0.6)


def _rows(news: NewsDoc, tree: Tree, statements: list[Statement], speakers: list[Speaker]) -> tuple[list[Row], list[Row]]:
    quotes: list[Row] = []
    spans: list[Row] = []
    seen: set[tuple[int, int]] = set()
    for statement, speaker in zip(statements, speakers, strict=True):
        row = _row(news, tree, statement, speaker)
        if (row["start_char"], row["end_char"]) in seen:
            continue
        seen.add((row["start_char"], row["end_char"]))
        quotes.append(row)
        for position, (a, b) in enumerate(statement.pieces):
            start, end = _chars(news, tree, a, b)
            spans.append(
                {
                    "quote_id": row["quote_id"],
                    "position": position,
                    "document_id": row["document_id"],
                    "start_char": start,
                    "end_char": end,
                    "text": news.text[start:end],
                }
            )
    return _with_parents(quotes), spans


def _chars(news: NewsDoc, tree: Tree, a: int, b: int) -> tuple[int, int]:
    return news.starts[a], news.starts[b - 1] + len(tree.words[b - 1])


def _row(news: NewsDoc, tree: Tree, statement: Statement, speaker: Speaker) -> Row:
    start, end = _chars(news, tree, statement.start, statement.end)
    cue = _chars(news, tree, *statement.cue) if statement.cue else (None, None)
    document_id = news.document["document_id"]
    return {
        "quote_id": make_id("quo", document_id, start, end, statement.kind),
        "document_id": document_id,
        "sentence_id": news.sentence(news.doc[statement.start])["sentence_id"],
        "start_char": start,
        "end_char": end,
        "text": news.text[start:end],
        "kind": statement.kind,
        "cue_start_char": cue[0],
        "cue_end_char": cue[1],
        "speaker_start_char": speaker.start,
        "speaker_end_char": speaker.end,
        "speaker_mention_id": speaker.mention_id,
        "speaker_status": speaker.status,
        "parent_quote_id": None,
        "rule_id": statement.rule_id,
    }


def _with_parents(quotes: list[Row]) -> list[Row]:
    """Each quotation with the smallest other one that holds it."""
    out = []
    for q in quotes:
        holders = [p for p in quotes if p is not q and p["start_char"] <= q["start_char"] and q["end_char"] <= p["end_char"]]
        parent = min(holders, key=lambda p: (p["end_char"] - p["start_char"], p["start_char"]), default=None)
        out.append({**q, "parent_quote_id": parent["quote_id"] if parent else None})
    return out
