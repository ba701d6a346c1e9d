"""Stories: articles and entries that tell the same happening, and how many independent sources they have."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from transforms.linking.agencies import agency_name, is_agency
from transforms.linking.clusters import Term, cluster_texts
from transforms.linking.columns import NONE, Ints
from transforms.linking.copies import Copies
from transforms.linking.corpus import Corpus, Unit
from transforms.linking.entities import Entities
from transforms.linking.events import Events
from transforms.linking.groups import Groups
from transforms.linking.mentions import Mentions
from transforms.linking.words import SENTENCE_END
from transforms.rules import load_rules
from warehouse.schema import Row, make_id

TITLE_CHARS = 100
DAY_WINDOW = 3
"""Days around the commonest day of a story's events within which other days belong to it; the rest is background."""

NEWS_DAYS = 7
"""News tells what happened within this many days of its publication; events of other days are background."""


@dataclass(frozen=True, slots=True)
class Stories:
    """The rows of stories and story_members, and for each unit a number that the units of its story share.

    A page outside of its entries tells no story; its unit has a number of its own.
    """

    stories: list[Row]
    members: list[Row]
    of_unit: list[int]


def find_stories(corpus: Corpus, mentions: Mentions, entities: Entities, events: Events, copies: Copies) -> Stories:
    """One story per happening that is told; a document or entry that nobody else tells is a story of one."""
    units = corpus.tellers
    texts = ((unit.title + "\n" if unit.title else "") + corpus.text(unit) for unit in units)
    groups = cluster_texts(texts, story_terms(units, mentions, entities, events), [u.day for u in units])
    days, n_events = _event_days(events), np.bincount(events.unit, minlength=len(corpus.units))
    of_unit = [len(groups) + unit.number for unit in corpus.units]
    stories, members = [], []
    for number, places in enumerate(groups):
        told_by = [units[i] for i in places]
        for unit in told_by:
            of_unit[unit.number] = number
        story_id = make_id("sto", *min((u.document_id, u.entry_id or "") for u in told_by))
        stories.append(_story(story_id, told_by, _dates(told_by, days, n_events), corpus, copies))
        members += [{"story_id": story_id, "document_id": u.document_id, "entry_id": u.entry_id} for u in told_by]
    stories.sort(key=lambda r: r["story_id"])
    members.sort(key=lambda r: (r["story_id"], r["document_id"], r["entry_id"] or ""))
    return Stories(stories, members, of_unit)


def story_terms(units: Sequence[Unit], mentions: Mentions, entities: Entities, events: Events) -> Iterator[list[Term]]:
    """For each unit the persons, bodies and places it names, by whatever spelling, and who does what to whom in it."""
    rules = load_rules("linking")["stories"]
    entity = entities.of_local[mentions.local]
    told = np.array([e.kind in ("PERSON", "BODY", "PLACE") for e in entities.entities], bool)
    known = entity != NONE
    known[known] = told[entity[known]]
    pairs, counts = np.unique((mentions.unit[known] << 32) + entity[known], return_counts=True)
    unit_of_pair = pairs >> 32
    acts = events.by_unit()
    acting, told_acts = next(acts, (math.inf, []))
    for unit in units:
        lo, hi = np.searchsorted(unit_of_pair, (unit.number, unit.number + 1))
        found: list[Term] = []
        for pair, n in zip(pairs[lo:hi].tolist(), counts[lo:hi].tolist(), strict=True):
            found.append((f"entity {entities.entities[pair & 0xFFFFFFFF].entity_id}", rules["entity_weight"] * n))
        while acting < unit.number:
            acting, told_acts = next(acts, (math.inf, []))
        for event in told_acts if acting == unit.number else ():
            if event.is_act:
                for role, keys in (("by", event.actors), ("to", event.recipients)):
                    found += [(f"event {event.event_type} {role} {key}", rules["event_weight"]) for key in sorted(keys)]
        yield found


def _event_days(events: Events) -> dict[int, Counter[int]]:
    """Unit -> days that its asserted events are dated to, where the date is a day or finer, and how often."""
    out: dict[int, Counter[int]] = {}
    for unit, day in events.dated_days():
        out.setdefault(unit, Counter())[day] += 1
    return out


def _story(story_id: str, units: list[Unit], dates: tuple[date | None, date | None], corpus: Corpus, copies: Copies) -> Row:
    publishers = {corpus.publishers[u.document] for u in units} - {None}
    return {
        "story_id": story_id,
        "title": _title(units, corpus),
        "date_start": dates[0],
        "date_end": dates[1],
        "n_articles": len({u.document for u in units}),
        "n_publishers": len(publishers),
        "n_origins": _count_origins(units, corpus, copies),
    }


def _dates(units: list[Unit], days: dict[int, Counter[int]], n_events: Ints) -> tuple[date | None, date | None]:
    """First and last day of the events around the commonest day; failing events, of publication.

    Only days near publication count. Where no publication is known, at least half of the story's events must be dated to
    about that day: an article that recalls a treaty and its date did not happen on that date.
    """
    found: Counter[int] = Counter()
    for unit in units:
        found.update(days.get(unit.number, {}))
    published = [u.day.toordinal() for u in units if u.day]
    if published:
        found = Counter({day: n for day, n in found.items() if any(abs(day - p) <= NEWS_DAYS for p in published)})
    near = published
    if found:
        middle = min(found, key=lambda day: (-found[day], day))
        around = [day for day in found if abs(day - middle) <= DAY_WINDOW]
        if published or 2 * sum(found[day] for day in around) >= n_events[[u.number for u in units]].sum():
            near = around
    return (date.fromordinal(min(near)), date.fromordinal(max(near))) if near else (None, None)


def _title(units: list[Unit], corpus: Corpus) -> str:
    """The title of the earliest member that has one, else the beginning of the earliest."""
    in_time = sorted(units, key=lambda u: (u.rank, u.number))
    for unit in in_time:
        if unit.title and unit.title.strip():
            return " ".join(unit.title.split())
    for unit in in_time:
        for sentence in SENTENCE_END.split(corpus.text(unit).strip()):
            if any(c.isalpha() for c in sentence):
                return " ".join(sentence.split())[:TITLE_CHARS].strip()
    return "(no text)"


def _count_origins(units: list[Unit], corpus: Corpus, copies: Copies) -> int:
    """Groups of copies after uniting those that credit one agency, what the agency publishes itself, and the posts of one page."""
    groups = Groups(len(units))
    first: dict[str, int] = {}
    credited = {agency_name(origin) for u in units if (origin := corpus.origins[u.document])}
    for place, unit in enumerate(units):
        groups.join(first.setdefault(copies.group_of[unit.number], place), place)
        groups.join(first.setdefault(f"page {unit.document}", place), place)
        origin, publisher = corpus.origins[unit.document], corpus.publishers[unit.document]
        agency = agency_name(origin) if origin else agency_name(publisher) if publisher else None
        if agency is not None and (origin or agency in credited or is_agency(publisher or "")):
            groups.join(first.setdefault(f"agency {agency}", place), place)
    return len(groups.members())
