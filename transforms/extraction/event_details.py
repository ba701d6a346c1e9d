"""What else a clause says of an act: its stretch of text, its place, its time, its counts, contexts and score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from spacy.tokens import Span, Token

from transforms.extraction.event_drafts import Draft
from transforms.extraction.event_patterns import word_list
from transforms.extraction.event_roles import PLACE_LABELS, Names, Party, Slot, conjuncts, is_passive, objects, prep_objects, subjects
from transforms.extraction.numbers import parse_number
from transforms.language import NewsDoc
from transforms.rules import load_rules
from warehouse.schema import Row

PLACE_PREPOSITIONS = ("in", "at", "near", "outside", "across", "inside", "around", "off", "along", "throughout")
LONG_PAST_DAYS = 60
"""An act dated longer than this before publication is background, not news."""

SIZE_TYPES = ("PROTEST", "MOBILIZE")


def clause_span(current: Draft, sent: Span) -> Span:
    """The tokens of the clause that tells the act, without clauses joined to it by "and", inside the sentence."""
    clause = current.frame.clause
    first, last = clause.left_edge.i, clause.right_edge.i
    for child in clause.children:
        if child.dep_ == "conj" and child.i > clause.i and child.pos_ in ("VERB", "AUX"):
            last = min(last, child.left_edge.i - 1)
    tokens = [*current.frame.words, *(t for f in current.merged for t in f.words)]
    first = min(first, *(t.i for t in tokens))
    last = max(last, *(t.i for t in tokens))
    doc = sent.doc
    while last > clause.i and (doc[last].is_punct or doc[last].dep_ == "cc") and doc[last].text not in '"”’)':
        last -= 1
    first = max(first, sent.start)
    while first < clause.i and doc[first].is_punct and doc[first].text not in '"“‘(':
        first += 1
    return doc[first : min(last + 1, sent.end)]


# --- place ----------------------------------------------------------------------------------------------------


def places(current: Draft, names: Names) -> list[Party]:
    """Places that a preposition ties to the trigger, its verb, the object of the act or its agent; at most two, inner ones first."""
    anchors: list[Token] = []
    for frame in (current.frame, *current.merged):
        anchors += frame.anchors
        if frame.rule.part != "nouns":
            anchors += [s.token for s in (*objects(frame.clause), *prep_objects((frame.clause,), "by"))]
    found: list[Party] = []
    taken = [*current.actors, *current.recipients]
    for anchor in dict.fromkeys(anchors):
        for child in anchor.children:
            if child.lower_ not in PLACE_PREPOSITIONS or child.dep_ not in ("prep", "advmod"):
                continue
            for inner in (g for g in child.children if g.dep_ == "pobj"):
                party = place_party(inner, names)
                if party is not None and all(party.first > p.last or party.last < p.first for p in (*taken, *found)):
                    found.append(party)
    return found[:2]


def place_party(token: Token, names: Names) -> Party | None:
    """The place that a noun phrase names: its head, or the place in "the town of X" and "X province"."""
    candidates = [token, *(g for c in token.children if c.lower_ in ("of", "in") for g in c.children if g.dep_ == "pobj")]
    candidates += [c for c in token.lefts if c.dep_ in ("compound", "poss", "nmod")] if "place" in _place_nouns(token) else []
    candidates += [c for c in token.children if c.dep_ == "appos"]
    for candidate in candidates:
        if names.label(candidate) in PLACE_LABELS:
            first, last, row = names.at[candidate.i]
            return Party(first, last, candidate, row)
    return None


def _place_nouns(token: Token) -> frozenset[str]:
    return frozenset(("place",)) if token.lemma_.lower() in word_list("place") else frozenset()


# --- time -----------------------------------------------------------------------------------------------------


def event_time(current: Draft, news: NewsDoc, times: Sequence[Row]) -> Row | None:
    """The time expression that hangs on the clause of the act; None if the sentence's time belongs to another clause.

    A time that stands with a verb of saying dates the saying, so it never dates what was said.
    """
    times = [row for row in times if not _is_still_to_come(row, current, news)]
    own = {t.i for f in (current.frame, *current.merged) for t in (*f.anchors, *f.words, f.clause)}
    best: Row | None = None
    for row in times:
        if row["timex_type"] not in ("DATE", "TIME") or (
            row["date_start"] is None and row["value"] in (None, "PAST_REF", "PRESENT_REF", "FUTURE_REF")
        ):
            continue
        span = news.span_at(row["start_char"], row["end_char"])
        if span is None:
            continue
        reached = _reaches(span.root, own)
        if reached == "own":
            return row
        if best is None and reached is None and _shares_clause(span.root, current.frame.clause):
            best = row
    return best


def _is_still_to_come(time: Row, current: Draft, news: NewsDoc) -> bool:
    """A day after publication dates what was called for or promised, never the act in the past tense that did so."""
    published = news.document.get("published_date")
    is_told_as_past = current.frame.clause.tag_ == "VBD" and "future" not in current.status
    return bool(is_told_as_past and time["basis"] == "publication" and published and time["date_start"] and time["date_start"] > published)


def _reaches(token: Token, own: set[int]) -> str | None:
    """ "own" if the first verb or trigger above the time is one of the act's; "other" if it is another verb."""
    for _ in range(12):
        if token.i in own:
            return "own"
        if token.pos_ in ("VERB", "AUX") or token.head == token:
            return None
        token = token.head
    return None


def _shares_clause(time: Token, clause: Token) -> bool:
    """True if the verb that the time hangs on and the clause tell one stretch of doing, as in "met on Monday and signed"."""
    verb = time
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    above = clause
    for _ in range(6):
        if above == verb:
            return above.lemma_.lower() not in word_list("speech")
        if (
            above.dep_ not in ("conj", "advcl", "xcomp", "prep", "pobj", "pcomp", "dobj", "nsubj", "nsubjpass", "attr")
            or above.head == above
        ):
            break
        if above.dep_ == "advcl" and any(c.dep_ in ("nsubj", "nsubjpass") for c in above.children):
            break
        above = above.head
    return verb.head == clause and verb.dep_ in ("conj", "xcomp") and not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)


def is_long_past(time: Row | None, published: date | None) -> bool:
    """True if the day is long before publication."""
    if time is None or time["date_end"] is None or published is None:
        return False
    end: date = time["date_end"]
    return (end.year < published.year and (published - end).days > LONG_PAST_DAYS) or (published - end).days > LONG_PAST_DAYS


# --- counts ---------------------------------------------------------------------------------------------------


def counts(current: Draft) -> dict[str, int | None]:
    """Dead, injured and size as whole numbers, only where the clause itself counts them."""
    out: dict[str, int | None] = {"dead": None, "injured": None, "size": None}
    for frame in (current.frame, *current.merged):
        kind = frame.rule.count
        if kind in ("dead", "injured") and frame.rule.part == "verbs":
            slots = objects(frame.clause) if not is_passive(frame.clause) else subjects(frame.clause)
            number = _first_number(slots)
            if out[kind] is None:
                out[kind] = number
    for extra, kind in _counted_participles(current):
        if out[kind] is None:
            out[kind] = _first_number(extra)
    if current.event_type in SIZE_TYPES and current.frame.rule.part != "adjectives":
        clause = current.frame.clause
        slots = subjects(clause) if current.event_type == "PROTEST" else objects(clause)
        out["size"] = _first_number(slots) if clause.pos_ in ("VERB", "AUX") else None
    return out


def _counted_participles(current: Draft) -> list[tuple[list[Slot], str]]:
    """ "five and eleven were hurt" inside the act's clause: "killed two and wounded five others" where no rule fired on the second."""
    found: list[tuple[list[Slot], str]] = []
    if current.event_type != "ASSAULT":
        return found
    for frame in (current.frame, *current.merged):
        for child in frame.clause.children:
            if child.dep_ in ("conj", "advcl") and child.lemma_.lower() in ("injure", "wound", "hurt"):
                found.append((objects(child), "injured"))
    return found


def _first_number(slots: Sequence[Slot]) -> int | None:
    for slot in slots:
        for part in conjuncts(slot.token):
            number = number_of(part.token)
            if number is not None:
                return number
    return None


def number_of(token: Token) -> int | None:
    """The whole number that counts a noun ("at least 12 men"), or that stands for it ("killed 12"); None for "dozens"."""
    numbers = [c for c in token.lefts if c.dep_ == "nummod"]
    if not numbers and token.like_num:
        numbers = [token]
    if not numbers:
        return None
    last = numbers[-1]
    words = [*(t for t in last.lefts if t.dep_ == "compound"), last]
    value = parse_number(" ".join(t.text for t in words))
    return int(value) if value is not None and value == int(value) and 0 < value < 2**31 else None


# --- contexts and score ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _context_words() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Sequence[str]]]:
    """Contexts by the first word of their cue, and what pushes what out."""
    data = load_rules("events/contexts")
    words: dict[str, tuple[str, ...]] = {}
    for entry in data["context"]:
        for word in entry["words"]:
            words[word] = (*words.get(word, ()), entry["name"])
    return words, data["pushes_out"]


def context_names(current: Draft, sent: Span) -> list[str]:
    """Contexts that the rule or the words of the sentence give, in alphabetical order."""
    words, pushes_out = _context_words()
    found = set(current.frame.rule.contexts)
    before = ""
    for token in sent:
        lemma = token.lemma_.lower()
        for key in (lemma, f"{before} {lemma}"):
            found.update(words.get(key, ()))
        before = lemma
    for name, stronger in pushes_out.items():
        if found & set(stronger):
            found.discard(name)
    if current.event_type == "COERCE":
        found.update(mode for mode in current.modes if mode in ("cyber", "misinformation"))
    return sorted(found)


def score(event_type: str, modes: Sequence[str]) -> float:
    """PLOVER's score of the mode that departs furthest from zero, or of the type if no mode has one."""
    data: dict[str, Any] = load_rules("events/scores")
    table = data["mode"].get(event_type, {})
    found = [float(table[m]) for m in modes if m in table]
    return max(found, key=abs) if found else float(data["type"][event_type])
