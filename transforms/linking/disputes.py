"""Statements, and those that deny or dispute them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.linking.events import Event, Events
from transforms.linking.quotes import Quote, overlap
from transforms.linking.stories import Stories
from transforms.rules import load_rules
from warehouse.schema import Row, make_id


@dataclass(frozen=True, slots=True)
class _Pair:
    """A denial, the statement that it denies (if it is a quotation), and the event that both speak of."""

    denial: str
    other: str | None
    event: str | None


def find_disputes(quotes: list[Quote], events: Events, stories: Stories, weights: Mapping[str, float]) -> list[Row]:
    """Pairs inside one story: what one speaker says and another denies.

    Two grounds are enough: the denial's cue is a verb of denial and both speak of the same in the same words; or one
    asserts an event that the other negates. A denial whose claim nobody is quoted with gives no row.
    """
    by_story: dict[int, list[Quote]] = defaultdict(list)
    by_id = {quote.quote_id: quote for quote in quotes}
    for quote in quotes:
        by_story[quote.story].append(quote)
    pairs: set[_Pair] = set()
    for story, acts in events.by_story(stories.of_unit):
        pairs |= _by_event(acts, by_id)
        pairs |= _by_cue(by_story.pop(story, []), acts, weights)
    for left in by_story.values():
        pairs |= _by_cue(left, [], weights)
    rows = [
        {"dispute_id": make_id("dis", p.denial, p.other, p.event), "quote_id": p.denial, "other_quote_id": p.other, "event_id": p.event}
        for p in pairs
    ]
    return sorted(rows, key=lambda r: str(r["dispute_id"]))


def _different_speakers(a: Quote, b: Quote) -> bool:
    return a.speaker is not None and b.speaker is not None and a.speaker_keys.isdisjoint(b.speaker_keys)


def _by_cue(quotes: list[Quote], events: list[Event], weights: Mapping[str, float]) -> set[_Pair]:
    """For each denial the statement of another speaker that has most words in common with it."""
    rules = load_rules("linking")["disputes"]
    denying = frozenset(rules["denial_words"])
    denials = [q for q in quotes if not denying.isdisjoint(q.cue)]
    others = [q for q in quotes if denying.isdisjoint(q.cue)]
    out = set()
    for denial in denials:
        best: tuple[float, str] | None = None
        for other in others:
            n, share = overlap(denial.words, other.words, weights)
            if n >= rules["min_shared"] and share >= rules["min_overlap"] and _different_speakers(denial, other):
                candidate = (-share, other.quote_id)
                best = min(best, candidate) if best else candidate
        if best:
            event = min((e.event_id for e in events if e.quote_id == best[1] and e.trigger in denial.words), default=None)
            out.add(_Pair(denial.quote_id, best[1], event))
    return out


def _by_event(events: list[Event], quotes: Mapping[str, Quote]) -> set[_Pair]:
    """One speaker asserts an event, another negates one of the same type with the same participants."""
    said = [e for e in events if e.quote_id in quotes]
    negated = [e for e in said if "negated" in e.status]
    out = set()
    for denial in negated:
        for claim in said:
            if claim.status != {"asserted"} or claim.event_type != denial.event_type or not _same_participants(claim, denial):
                continue
            assert claim.quote_id is not None and denial.quote_id is not None
            if _different_speakers(quotes[claim.quote_id], quotes[denial.quote_id]):
                out.add(_Pair(denial.quote_id, claim.quote_id, claim.event_id))
    return out


def _same_participants(a: Event, b: Event) -> bool:
    """The actors meet, and so do the recipients or the places; none contradicts."""
    slots = ((a.actors, b.actors), (a.recipients, b.recipients), (a.places, b.places))
    if any(x and y and x.isdisjoint(y) for x, y in slots):
        return False
    met = [not x.isdisjoint(y) for x, y in slots]
    return met[0] and (met[1] or met[2])
