"""Figures that are about the same thing, so that rival counts stand side by side."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from transforms.linking.entities import Entities, Entity
from transforms.linking.figures import Context, Figure, countries_in, gap, read_figures, same_number
from transforms.rules import load_rules
from warehouse.schema import Row, make_id

MAX_COMPARED = 40
"""Members of a topic that a figure is compared with."""

EARTH_KM = 6371.0


def find_topics(context: Context, table: pa.Table) -> list[Row]:
    """One row per figure; figures that count the same thing share an id.

    A stated part (36 of the 63) is never in the topic of the whole; the same part in two articles is one topic, and so is
    a figure that tells the part alone.
    """
    figures = read_figures(context, table)
    topics = _Topics(context.entities, {f.story for f in figures if f.part_of is not None})
    known = {f.figure_id for f in figures}
    level = [f for f in figures if f.part_of not in known]
    waiting = [f for f in figures if f.part_of in known]
    while level:
        for figure in sorted(level, key=lambda f: (f.rank, f.start, f.figure_id)):
            topics.add(figure)
        level = [f for f in waiting if f.part_of in topics.of]
        waiting = [f for f in waiting if f.part_of not in topics.of]
    for figure in waiting:
        topics.add(figure)
    return topics.rows()


class _Topics:
    """Topics in the making: a figure joins the first one that it belongs to and does not contradict."""

    def __init__(self, entities: Entities, stories_with_parts: set[int]) -> None:
        self.of: dict[str, int] = {}
        self._members: list[list[Figure]] = []
        self._index: dict[tuple[object, ...], list[int]] = defaultdict(list)
        self._entities = entities.entities
        self._stories_with_parts = stories_with_parts
        self._apart: dict[tuple[int, int], bool] = {}
        self._rules: dict[str, Any] = load_rules("linking")["topics"]

    def rows(self) -> list[Row]:
        """One row per figure, by id."""
        ids = [make_id("top", min(f.figure_id for f in members)) for members in self._members]
        return [{"topic_id": ids[self.of[figure_id]], "figure_id": figure_id} for figure_id in sorted(self.of)]

    def add(self, figure: Figure) -> None:
        """Put the figure into a topic; the wholes of parts must have been added before."""
        keys = self._keys(figure)
        for i in sorted({i for key in keys for i in self._index[key]}):
            members = self._members[i][:MAX_COMPARED]
            if all(self._compatible(figure, m) for m in members) and any(self._same_thing(figure, m) for m in members):
                number = i
                break
        else:
            number = len(self._members)
            self._members.append([])
        self._members[number].append(figure)
        self.of[figure.figure_id] = number
        for key in keys:
            if number not in self._index[key]:
                self._index[key].append(number)

    def _keys(self, figure: Figure) -> list[tuple[object, ...]]:
        """Where a figure looks for its like: in its story, or among figures of the same noun and the same side."""
        whole = self.of.get(figure.part_of or "")
        same = (figure.unit, figure.currency)
        keys: list[tuple[object, ...]] = [(*same, whole, "story", figure.story)]
        if figure.told and figure.story in self._stories_with_parts and figure.unit in self._rules["counting_units"]:
            keys.append((*same, "value", figure.story, figure.told, figure.values))
        if figure.told or figure.around:
            keys += [(*same, whole, figure.head, key) for key in sorted(figure.subjects) if not figure.general]
        return keys

    def _compatible(self, a: Figure, b: Figure) -> bool:
        """Nothing says that the two count different things."""
        rules = self._rules
        if a.told and b.told and a.told != b.told:
            return False
        if a.head != b.head and not (a.general or b.general):
            return False
        if a.sides and b.sides and a.sides != b.sides:
            return False
        if any(x and y and x.isdisjoint(y) for x, y in ((a.named, b.named), (_states(a), _states(b)))):
            return False
        if a.claimant == b.claimant and a.document == b.document and gap(a, b) > 1:
            return False
        if a.sentence_id == b.sentence_id and (a.claimant == b.claimant or a.values == b.values):
            return False
        if (a.part_of or b.part_of) and self._whole(a) != self._whole(b) and a.values != b.values:
            return False
        if a.partial != b.partial and a.values != b.values:
            return False
        if a.measure in rules["exact_measures"] and a.values != b.values:
            return False
        return self._same_time(a, b) and self._same_place(a, b)

    def _whole(self, figure: Figure) -> int | None:
        return self.of.get(figure.part_of or "")

    def _same_time(self, a: Figure, b: Figure) -> bool:
        stock = self._is_stock(a, b)
        if a.day is None or b.day is None:
            return a.story == b.story or stock
        days = "max_days_of_stock" if stock else "max_days_in_story" if a.story == b.story else "max_days"
        return abs(a.day - b.day) <= int(self._rules[days])

    def _near_days(self, a: Figure, b: Figure) -> bool:
        return a.day is not None and b.day is not None and abs(a.day - b.day) <= int(self._rules["max_days"])

    def _same_place(self, a: Figure, b: Figure) -> bool:
        """No place of the one is so far from all of the other's that they must be two."""
        if not a.places or not b.places or not a.places.isdisjoint(b.places):
            return True
        return not all(self._are_apart(x, y) for x in sorted(a.places) for y in sorted(b.places))

    def _are_apart(self, x: int, y: int) -> bool:
        pair = (min(x, y), max(x, y))
        if pair not in self._apart:
            self._apart[pair] = apart(self._entities[x], self._entities[y], self._rules)
        return self._apart[pair]

    def _is_stock(self, a: Figure, b: Figure) -> bool:
        """Both may count what one side has standing somewhere: how many troops, as the months go by."""
        if a.head != b.head or a.general or not {a.told, b.told} <= {"", *self._rules["stock_measures"]}:
            return False
        return bool((a.sides | b.sides) & countries_in(a.subjects) & countries_in(b.subjects))

    def _same_thing(self, a: Figure, b: Figure) -> bool:
        """Enough says that they tell the same.

        In one story people of whom the same is told (killed, deployed) are enough; other counts need the noun, and the
        subject or place, or numbers that may be one; measured quantities need the subject, or equal values. Articles on
        different happenings must agree in what is told, noun and subject, or count what stands somewhere for long where both
        sentences name one more party or place.
        """
        if a.measure in self._rules["personal_measures"]:
            return a.story == b.story and same_number(a, b) and (not a.persons or not b.persons or not a.persons.isdisjoint(b.persons))
        counted = a.unit in self._rules["counting_units"] and a.measure not in self._rules["measured"]
        told = bool(a.told) and a.told == b.told
        noun = counted and a.head == b.head and not a.general
        if a.story != b.story:
            if self._is_stock(a, b) and not (a.around & b.around).issubset(a.subjects | b.subjects):
                return True
            return told and noun and self._near_days(a, b) and not a.subjects.isdisjoint(b.subjects)
        about = not a.subjects.isdisjoint(b.subjects) or not a.places.isdisjoint(b.places)
        if not counted:
            return a.measure == b.measure and (same_number(a, b) or (told and about and gap(a, b) <= self._rules["max_ratio"]))
        return self._same_count(a, b, told=told, noun=noun, about=about)

    def _same_count(self, a: Figure, b: Figure, *, told: bool, noun: bool, about: bool) -> bool:
        """Two counts of one story that may be one."""
        near = gap(a, b)
        half_told = bool(a.told) != bool(b.told)
        if same_number(a, b) and (noun or told or (a.limits is not None and a.limits[0] >= self._rules["sure_value"])):
            return True
        if a.head != b.head and not (a.general and b.general):
            return told and near == 1
        if told:
            return (about or noun or a.unit == "person") and (near <= self._rules["max_ratio_told"] or math.isinf(near))
        if noun and near > 1 and not a.sides.isdisjoint(b.sides):
            return near <= float(self._rules["max_ratio_told"])
        if noun:
            return near == 1 or ((about or half_told) and near <= self._rules["max_ratio"])
        return about and half_told and near == 1


def _states(figure: Figure) -> frozenset[str]:
    return countries_in(figure.subjects)


def apart(x: Entity, y: Entity, rules: Mapping[str, Any]) -> bool:
    """Two places that are not one: neither name holds the other, and no short distance lies between them."""
    names = [str(e.row["name"]).lower().split() for e in (x, y)]
    if set(names[0]) <= set(names[1]) or set(names[1]) <= set(names[0]) or "LOC" in (x.row["label"], y.row["label"]):
        return False
    known = [e.row["latitude"] is not None and e.row["longitude"] is not None for e in (x, y)]
    if not all(known):
        return True
    exact = all(e.row["admin1"] is not None for e in (x, y))
    return _km(x.row, y.row) > float(rules["near_km" if exact else "region_km"])


def _km(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    lat1, lon1, lat2, lon2 = (math.radians(v) for v in (a["latitude"], a["longitude"], b["latitude"], b["longitude"]))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))
