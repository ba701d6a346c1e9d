"""Happenings, topics of figures, remarks and disputes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.linking_tables import Documents
from transforms.linking import link_documents

FERRY = "The ferry Morna of the Zhovtyn Line was seized off Zhovtyn with two hundred passengers on Monday, the Morna's owners say."


class World:
    """Articles on one happening; each gets the same lead, so that they are one story."""

    def __init__(self) -> None:
        self.made = Documents()
        self.n = 0

    def article(self, text: str, lead: str = FERRY, **fields: Any) -> str:
        self.n += 1
        return self.made.document(f"{lead}\n{text}", key=f"{self.n:02}", **fields)

    def groups(self, table: str, id_: str, member: str) -> dict[str, str]:
        return {r[member]: r[id_] for r in link_documents(self.made.tables())[table].to_pylist()}


def acts(*events: tuple[str, str, str | None, str | None, dict[str, Any]]) -> list[str | None]:
    """The happening of each event; each stands in an article of its own: type, trigger, actor, recipient."""
    world = World()
    ids = []
    for event_type, trigger, actor, recipient, fields in events:
        document = world.article(f"{actor or 'They'} {trigger} {recipient or 'it'}, reports said.")
        who = world.made.mention(document, actor, "GPE", country=fields.pop("country", None)) if actor else None
        whom = world.made.mention(document, recipient, "PERSON") if recipient else None
        words = f"{actor or 'They'} {trigger} {recipient or 'it'}"
        ids.append(world.made.event(document, words, trigger, event_type, actor=who, recipient=whom, **fields))
    found = world.groups("happenings", "happening_id", "event_id")
    return [found.get(i) for i in ids]


KENYA = {"country": "KEN"}
SHELLED = ("ASSAULT", "shelled", "Kenya", None)


def on(day: date) -> dict[str, Any]:
    return KENYA | {"on": day}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("CONSULT", "met", "Kenya", "Ihor Zelenskiy", KENYA), ("CONSULT", "met", "Kenya", "Ihor Zelenskyy", KENYA)),
        (("CONSULT", "met", "Kenya", "Ihor Zelenskiy", KENYA), ("CONSULT", "received", "Kenya", "Ihor Zelenskyy", KENYA)),
        (("ASSAULT", "shelled", "Kenya", None, KENYA), ("ASSAULT", "shelled", "Kenya", "Rada Solomko", KENYA)),
        ((*SHELLED, on(date(2025, 3, 1))), (*SHELLED, on(date(2025, 3, 2)))),
        (
            ("ASSAULT", "bombed", "Kenya", None, KENYA | {"modes": ["aerial"]}),
            ("ASSAULT", "struck", "Kenya", None, KENYA | {"modes": ["aerial"]}),
        ),
    ],
)
def test_one_act(a: Any, b: Any) -> None:
    first, second = acts((*a[:4], dict(a[4])), (*b[:4], dict(b[4])))
    assert first == second and first is not None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("CONSULT", "met", "Kenya", "Ihor Zelenskiy", KENYA), ("CONSULT", "met", "Kenya", "Rada Solomko", KENYA)),
        (("ASSAULT", "shelled", "Kenya", None, KENYA), ("THREATEN", "shelled", "Kenya", None, KENYA)),
        ((*SHELLED, on(date(2025, 3, 1))), (*SHELLED, on(date(2025, 4, 2)))),
        (("ASSAULT", "shelled", "Kenya", None, KENYA), ("ASSAULT", "stabbed", "Kenya", None, KENYA)),
        (("ASSAULT", "shelled", None, None, {}), ("ASSAULT", "shelled", None, None, {})),
    ],
)
def test_two_acts(a: Any, b: Any) -> None:
    first, second = acts((*a[:4], dict(a[4])), (*b[:4], dict(b[4])))
    assert first != second and None not in (first, second)


@pytest.mark.parametrize("status", [["negated"], ["future"], ["hypothetical"]])
def test_what_did_not_happen_is_no_happening(status: list[str]) -> None:
    assert acts(("ASSAULT", "shelled", "Kenya", None, KENYA | {"status": status})) == [None]


def test_the_state_and_its_adjective_act_as_one() -> None:
    world = World()
    ids = []
    for who, label in (("Kenya", "GPE"), ("Kenyan", "NORP")):
        document = world.article(f"{who} troops shelled the pier.")
        actor = world.made.mention(document, who, label, country="KEN")
        ids.append(world.made.event(document, f"{who} troops shelled the pier", "shelled", "ASSAULT", actor=actor))
    found = world.groups("happenings", "happening_id", "event_id")
    assert found[ids[0]] == found[ids[1]]


def topics(*figures: tuple[str, float, dict[str, Any]], apart: bool = False) -> list[str]:
    """The topic of each figure; each stands in an article of its own."""
    world = World()
    ids = []
    for n, (words, value, fields) in enumerate(figures):
        lead = FERRY if not apart else f"Story {n} of the harvest in valley {n * 7} has nothing in common."
        document = world.article(f"Officials spoke of {words} in the port.", lead=lead, published=fields.pop("published", date(2025, 3, 1)))
        ids.append(world.made.figure(document, words, value, **fields))
    found = world.groups("figure_topics", "topic_id", "figure_id")
    return [found[i] for i in ids]


def test_rival_counts_of_the_dead_stand_in_one_topic() -> None:
    a, b = topics(("seven dead", 7, {}), ("nine people killed", 9, {"counted": "people"}))
    assert a == b


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("seven dead", 7, {}), ("nine hurt", 9, {"measure": "injured"})),
        (("seven dead", 7, {}), ("seven drones", 7, {"unit": "drone", "measure": "launched"})),
        (
            ("ten Kenyan troops", 10, {"measure": "deployed", "counted": "Kenyan troops"}),
            ("ten Ugandan troops", 10, {"measure": "deployed", "counted": "Ugandan troops"}),
        ),
        (
            ("ten boxes", 10, {"unit": "item", "measure": "count", "counted": "boxes"}),
            ("ten masts", 10, {"unit": "item", "measure": "count", "counted": "masts"}),
        ),
        (
            ("ten Arkayan sailors", 10, {"measure": "captured", "counted": "Arkayan sailors"}),
            ("nine Belmarian sailors", 9, {"measure": "captured", "counted": "Belmarian sailors"}),
        ),
        (("ten youths", 10, {"measure": "count", "counted": "youths"}), ("nine youths", 9, {"measure": "count", "counted": "youths"})),
        (
            ("ten km", 10, {"unit": "km", "measure": "distance", "counted": "km"}),
            ("9 km", 9, {"unit": "km", "measure": "distance", "counted": "km"}),
        ),
        (
            ("sixth round", 6, {"unit": "rank", "measure": "rank", "counted": "round"}),
            ("ninth round", 9, {"unit": "rank", "measure": "rank", "counted": "round"}),
        ),
        (("9 dead", 9, {}), ("80 dead", 80, {"as_of_start": date(2003, 1, 1), "as_of_end": date(2003, 12, 31)})),
        (("two people", 2, {"measure": "count", "counted": "people"}), ("six people", 6, {"counted": "people"})),
        (("5 percent", 5, {"unit": "percent", "measure": "share"}), ("6 percent", 6, {"unit": "percent", "measure": "share"})),
    ],
)
def test_two_topics(a: Any, b: Any) -> None:
    first, second = topics((*a[:2], dict(a[2])), (*b[:2], dict(b[2])))
    assert first != second


@pytest.mark.parametrize(
    "fields", [{"unit": "km", "measure": "distance", "counted": "km"}, {"unit": "item", "measure": "count", "counted": "masts"}]
)
def test_equal_values_in_one_story_are_one_topic(fields: dict[str, Any]) -> None:
    a, b = topics(("ten such", 10, dict(fields)), ("some ten", 10, dict(fields)))
    assert a == b


def test_words_for_soldiers_are_one() -> None:
    a, b = topics(
        ("3,000 North Korean troops", 3000, {"measure": "deployed", "counted": "North Korean troops"}),
        ("12,000 North Korean soldiers", 12000, {"measure": "deployed", "counted": "North Korean soldiers"}),
    )
    assert a == b


@pytest.mark.parametrize(("days", "one"), [(2, True), (30, False)])
def test_another_story_counts_the_same_only_in_the_same_days(days: int, one: bool) -> None:
    fields = {"measure": "deployed", "counted": "Kenyan troops"}
    a, b = topics(
        ("3,000 Kenyan troops", 3000, fields | {"published": date(2025, 3, 1)}),
        ("4,000 Kenyan troops", 4000, fields | {"published": date.fromordinal(date(2025, 3, 1).toordinal() + days)}),
        apart=True,
    )
    assert (a == b) is one


def test_a_stated_part_has_a_topic_of_its_own() -> None:
    world = World()
    parts, wholes = [], []
    for _ in range(2):
        document = world.article("Of 115 drones shot down, 102 fell in the east.")
        shot = {"unit": "drone", "measure": "intercepted", "counted": "drones"}
        wholes.append(world.made.figure(document, "115 drones", 115, **shot))
        parts.append(world.made.figure(document, "102", 102, **shot, part_of_figure_id=wholes[-1]))
    found = world.groups("figure_topics", "topic_id", "figure_id")
    assert found[wholes[0]] == found[wholes[1]] != found[parts[0]] == found[parts[1]]


def test_two_counts_in_one_sentence_are_two_things() -> None:
    world = World()
    document = world.article("Seven were killed in Zhovtyn and five in Tesna.")
    a = world.made.figure(document, "Seven", 7)
    b = world.made.figure(document, "five", 5)
    found = world.groups("figure_topics", "topic_id", "figure_id")
    assert found[a] != found[b]


def test_the_dead_of_two_attacks_are_two_topics() -> None:
    world = World()
    ids = []
    for place, n in (("Zhovtyn", 3), ("Tesna", 4)):
        document = world.article(f"Raiders attacked {place}, killing {n} people there.")
        where = world.made.mention(document, place, "GPE", after="attacked")
        world.made.event(document, f"Raiders attacked {place}", "attacked", "ASSAULT", actor="Raiders", place=where)
        ids.append(world.made.figure(document, f"{n} people", n, counted="people"))
    found = world.groups("figure_topics", "topic_id", "figure_id")
    assert found[ids[0]] != found[ids[1]]


def remarks(*quotes: tuple[str, str | None, dict[str, Any]]) -> list[str]:
    """The remark of each quotation: words and speaker, each in an article of its own."""
    world = World()
    ids = []
    for n, (words, speaker, fields) in enumerate(quotes):
        lead = fields.pop("lead", FERRY)
        document = world.article(f"In part {n}, {speaker or 'somebody'} said: {words}", lead=lead, **fields)
        who = world.made.mention(document, speaker) if speaker else None
        ids.append(world.made.quote(document, words, speaker=who, cue="said"))
    found = world.groups("remark_groups", "remark_id", "quote_id")
    return [found[i] for i in ids]


SAID = "Our tugs will tow every lost ship home, whatever the weather brings this winter."


@pytest.mark.parametrize(
    "other",
    [SAID, "our tugs will tow every lost ship home", "Our tugs will bring every lost ship back home, whatever the weather brings."],
)
def test_one_remark(other: str) -> None:
    a, b = remarks((SAID, "Rada Solomko", {}), (other, "Rada Solomko", {}))
    assert a == b


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        (SAID, "Petro Varenko"),
        ("The harbour opens on Friday for lorries and for cattle", "Rada Solomko"),
        ("our tugs", "Rada Solomko"),
        (SAID, None),
    ],
)
def test_two_remarks(words: str, speaker: str | None) -> None:
    a, b = remarks((SAID, "Rada Solomko", {}), (words, speaker, {}))
    assert a != b


def test_much_the_same_words_months_later_are_a_new_remark() -> None:
    later = "Our tugs will bring any missing ship home, whatever happens."
    lead = "The budget of the canal board for the coming year foresees two million for dredging."
    a, b = remarks(
        (SAID, "Rada Solomko", {"published": date(2025, 1, 1)}), (later, "Rada Solomko", {"published": date(2025, 6, 1), "lead": lead})
    )
    assert a != b


def dispute(
    claim: str, denial: str, *, cue: str = "denied", speakers: tuple[str, str] = ("Rada Solomko", "Petro Varenko")
) -> list[dict[str, Any]]:
    world = World()
    first = world.article(f"{speakers[0]} announced that {claim}.")
    second = world.article(f"{speakers[1]} {cue} that {denial}.")
    one = world.made.quote(first, claim, speaker=world.made.mention(first, speakers[0]), cue="announced")
    two = world.made.quote(second, denial, speaker=world.made.mention(second, speakers[1]), cue=cue)
    rows: list[dict[str, Any]] = link_documents(world.made.tables())["disputes"].to_pylist()
    assert all((r["quote_id"], r["other_quote_id"]) == (two, one) for r in rows)
    return rows


PIRATES = "pirates seized the ferry near the western shoals"


def test_a_denial_is_tied_to_what_it_denies() -> None:
    assert len(dispute(PIRATES, "pirates had seized the ferry or been near the shoals")) == 1


@pytest.mark.parametrize(
    ("claim", "denial", "options"),
    [
        (PIRATES, "taxes on fish would rise in spring", {}),
        (PIRATES, "pirates had seized the ferry near the shoals", {"cue": "confirmed"}),
        (PIRATES, "pirates had seized the ferry near the shoals", {"speakers": ("Rada Solomko", "Rada Solomko")}),
    ],
)
def test_no_dispute(claim: str, denial: str, options: dict[str, Any]) -> None:
    assert dispute(claim, denial, **options) == []


def test_one_asserts_what_the_other_negates() -> None:
    world = World()
    rows = []
    for speaker, words, status in (
        ("Rada Solomko", "Kenya retook the shoals", "asserted"),
        ("Petro Varenko", "Kenya never took the shoals", "negated"),
    ):
        document = world.article(f"{speaker} said that {words}.")
        who = world.made.mention(document, speaker)
        actor = world.made.mention(document, "Kenya", "GPE", country="KEN")
        place = world.made.mention(document, "shoals", "LOC")
        quote = world.made.quote(document, words, speaker=who, cue="said")
        trigger = "retook" if status == "asserted" else "took"
        rows.append((quote, world.made.event(document, words, trigger, "ASSAULT", actor=actor, place=place, status=[status], quote=quote)))
    found = link_documents(world.made.tables())["disputes"].to_pylist()
    assert [(r["quote_id"], r["other_quote_id"], r["event_id"]) for r in found] == [(rows[1][0], rows[0][0], rows[0][1])]
