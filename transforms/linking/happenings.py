"""Event rows that report the same act."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from transforms.linking.events import Event, Events
from transforms.linking.stories import Stories
from transforms.rules import load_rules
from warehouse.schema import Row, make_id


@dataclass(slots=True)
class Happening:
    """What is known of one act from the rows that report it."""

    event_ids: list[str] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)
    recipients: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    triggers: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    first: int | None = None
    last: int | None = None

    def add(self, event: Event) -> None:
        """Take the event in."""
        self.event_ids.append(event.event_id)
        self.actors |= event.actors
        self.recipients |= event.recipients
        self.places |= event.places
        self.triggers.add(event.trigger)
        self.modes |= event.modes
        if event.first is not None and event.last is not None:
            self.first = event.first if self.first is None else min(self.first, event.first)
            self.last = event.last if self.last is None else max(self.last, event.last)


def find_happenings(events: Events, stories: Stories) -> list[Row]:
    """One row per event that happened, as the text tells it; rows of one story that report the same act share an id."""
    out: list[Row] = []
    for _, told in events.by_story(stories.of_unit):
        by_type: dict[str, list[Event]] = defaultdict(list)
        for event in told:
            if event.is_act:
                by_type[event.event_type].append(event)
        for same_type in by_type.values():
            for happening in _group(same_type):
                happening_id = make_id("hap", min(happening.event_ids))
                out += [{"happening_id": happening_id, "event_id": event_id} for event_id in happening.event_ids]
    return sorted(out, key=lambda r: str(r["event_id"]))


def _group(events: list[Event]) -> list[Happening]:
    """Acts, from the row that says most to the one that says least."""
    max_days = int(load_rules("linking")["happenings"]["max_days"])
    out: list[Happening] = []
    by_key: dict[str, list[int]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (-e.specificity, e.event_id)):
        keys = sorted({*event.actors, *event.recipients, *event.places})
        candidates = sorted({i for key in keys for i in by_key[key]})
        fits = [(_matches(event, out[i]), i) for i in candidates if _compatible(event, out[i], max_days)]
        fits = [(n, i) for n, i in fits if n >= 2 or (n == 1 and _same_words(event, out[i]))]
        if fits:
            number = min(fits, key=lambda fit: (-fit[0], fit[1]))[1]
        else:
            number = len(out)
            out.append(Happening())
        out[number].add(event)
        for key in keys:
            if number not in by_key[key]:
                by_key[key].append(number)
    return out


def _compatible(event: Event, act: Happening, max_days: int) -> bool:
    """No participant, place or day of the one contradicts the other's."""
    slots = ((event.actors, act.actors), (event.recipients, act.recipients), (event.places, act.places))
    if any(a and b and a.isdisjoint(b) for a, b in slots):
        return False
    if event.first is None or event.last is None or act.first is None or act.last is None:
        return True
    return event.first - act.last <= max_days and act.first - event.last <= max_days


def _matches(event: Event, act: Happening) -> int:
    """How many of actor, recipient and place they have in common."""
    slots = ((event.actors, act.actors), (event.recipients, act.recipients), (event.places, act.places))
    return sum(not a.isdisjoint(b) for a, b in slots)


def _same_words(event: Event, act: Happening) -> bool:
    return event.trigger in act.triggers or not event.modes.isdisjoint(act.modes)
