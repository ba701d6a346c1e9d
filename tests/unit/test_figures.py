"""Figures in sentences of our own: words, values, comparator, unit and measure; and what must not become a figure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support import news_doc
from transforms.extraction.figures import find_figures
from transforms.rules import load_rules
from warehouse.schema import TABLES, Row, make_id

# sentence | figures, each: words, low, high, comparator, unit, measure
CASES: list[tuple[str, list[tuple[str, float | None, float | None, str, str, str]]]] = [
    ("At least 12 soldiers were killed near the harbour on Monday.", [("At least 12 soldiers", 12, None, "at_least", "person", "killed")]),
    ("Rebels killed 14 policemen in the raid.", [("14 policemen", 14, 14, "equal", "person", "killed")]),
    (
        "More than a dozen rockets were shot down over the bay.",
        [("More than a dozen rockets", 12, None, "more_than", "rocket", "intercepted")],
    ),
    ("The fleet fired nearly 40 missiles at the island.", [("nearly 40 missiles", 40, 40, "about", "missile", "launched")]),
    ("The storm destroyed as many as 300 houses.", [("as many as 300 houses", None, 300, "at_most", "building", "destroyed")]),
    ("Fewer than 50 people attended the ceremony.", [("Fewer than 50 people", None, 50, "less_than", "person", "attended")]),
    ("Between 40 and 60 people were detained after the march.", [("Between 40 and 60 people", 40, 60, "between", "person", "detained")]),
    ("Police arrested 20 to 30 demonstrators.", [("20 to 30 demonstrators", 20, 30, "between", "person", "detained")]),
    ("Two or three ships were seen off the coast.", [("Two or three ships", 2, 3, "between", "ship", "count")]),
    ("Dozens of drones attacked the refinery.", [("Dozens of drones", None, None, "dozens", "drone", "launched")]),
    (
        "Tens of thousands of people fled the valley.",
        [("Tens of thousands of people", None, None, "tens_of_thousands", "person", "displaced")],
    ),
    ("Hundreds of houses were damaged.", [("Hundreds of houses", None, None, "hundreds", "building", "damaged")]),
    ("Several hundred miners went home.", [("Several hundred miners", None, None, "hundreds", "person", "count")]),
    ("Several soldiers were wounded.", [("Several soldiers", None, None, "several", "person", "injured")]),
    (
        "Around 4,500 Norwegian troops were deployed to the region.",
        [("Around 4,500 Norwegian troops", 4500, 4500, "about", "person", "deployed")],
    ),
    ("The state sent 2.5 million tonnes of grain abroad.", [("2.5 million tonnes", 2500000, 2500000, "equal", "tonne", "weight")]),
    (
        "The army shot down 21 out of 48 drones.",
        [("21", 21, 21, "equal", "drone", "intercepted"), ("48 drones", 48, 48, "equal", "drone", "count")],
    ),
    (
        "The navy seized 20 boats, three of them armed.",
        [("20 boats", 20, 20, "equal", "ship", "captured"), ("three of them", 3, 3, "equal", "ship", "count")],
    ),
    (
        "Six people died and over 80 were injured.",
        [("Six people", 6, 6, "equal", "person", "killed"), ("over 80", 80, None, "more_than", "person", "injured")],
    ),
    (
        "A farmer died and another was injured.",
        [("A farmer", 1, 1, "equal", "person", "killed"), ("another", 1, 1, "equal", "person", "injured")],
    ),
    ("The blast killed a nurse.", [("a nurse", 1, 1, "equal", "person", "killed")]),
    (
        "The crash left nine dead and 30 injured.",
        [("nine", 9, 9, "equal", "person", "killed"), ("30", 30, 30, "equal", "person", "injured")],
    ),
    ("Nine sailors are missing after the collision.", [("Nine sailors", 9, 9, "equal", "person", "missing")]),
    ("The blast wounded 12 civilians.", [("12 civilians", 12, 12, "equal", "person", "injured")]),
    ("The militia released five hostages on Friday.", [("five hostages", 5, 5, "equal", "person", "released")]),
    ("The coastguard rescued 44 migrants.", [("44 migrants", 44, 44, "equal", "person", "rescued")]),
    ("The flood displaced 9,000 villagers.", [("9,000 villagers", 9000, 9000, "equal", "person", "displaced")]),
    ("The factory employs about 800 workers.", [("about 800 workers", 800, 800, "about", "person", "employed")]),
    ("The court convicted three bankers of fraud.", [("three bankers", 3, 3, "equal", "person", "convicted")]),
    ("The town has a population of over 8,000.", [("over 8,000", 8000, None, "more_than", "person", "population")]),
    ("The party won 34 seats in the assembly.", [("34 seats", 34, 34, "equal", "seat", "seats")]),
    ("The bill passed with 51 votes.", [("51 votes", 51, 51, "equal", "vote", "voted")]),
    ("The judge sentenced the driver to 11 years in prison.", [("11 years in prison", 11, 11, "equal", "year", "sentence")]),
    ("The siege lasted around four months.", [("around four months", 4, 4, "about", "month", "duration")]),
    ("The five-year war has ruined the valley.", [("five-year", 5, 5, "equal", "year", "duration")]),
    ("A 34-year-old teacher was arrested at the border.", [("34-year-old", 34, 34, "equal", "year", "age")]),
    ("Mira Holt, 61, runs the bakery.", [("61", 61, 61, "equal", "year", "age")]),
    ("The bridge cost $2.5 million.", [("$2.5 million", 2500000, 2500000, "equal", "money", "price")]),
    ("The bank was fined 40 million euros.", [("40 million euros", 40000000, 40000000, "equal", "money", "fine")]),
    ("The ministry pledged £3bn in aid.", [("£3bn", 3e9, 3e9, "equal", "money", "aid")]),
    ("The city spent more than $40,000 on the fountain.", [("more than $40,000", 40000, None, "more_than", "money", "budget")]),
    ("About 15 percent of the farmers are in debt.", [("About 15 percent of the farmers", 15, 15, "about", "percent", "share")]),
    ("Prices rose by 4.5% in the capital.", [("4.5%", 4.5, 4.5, "equal", "percent", "change")]),
    ("The unemployment rate was 11 percent.", [("11 percent", 11, 11, "equal", "percent", "rate")]),
    ("She leads by four points.", [("four points", 4, 4, "equal", "point", "approval")]),
    (
        "The militia controls around a quarter of the province.",
        [("around a quarter of the province", 0.25, 0.25, "about", "share", "share")],
    ),
    ("Two-thirds of the members left the hall.", [("Two-thirds of the members", 2 / 3, 2 / 3, "equal", "share", "share")]),
    ("More than half of the houses stand empty.", [("More than half of the houses", 0.5, None, "more_than", "share", "share")]),
    ("The camp lies about 30km (19 miles) north of the river.", [("about 30km", 30, 30, "about", "km", "distance")]),
    ("The wall is 40 metres high.", [("40 metres", 40, 40, "equal", "m", "height")]),
    (
        "The park covers over two thousand square kilometres.",
        [("over two thousand square kilometres", 2000, None, "more_than", "km2", "area")],
    ),
    ("A 5.6-magnitude quake shook the coast.", [("5.6-magnitude", 5.6, 5.6, "equal", "magnitude", "strength")]),
    ("The village is 12 miles from the sea.", [("12 miles", 12, 12, "equal", "mile", "distance")]),
    ("Gusts of 80 miles per hour tore roofs off.", [("80 miles per hour", 80, 80, "equal", "mile_per_hour", "speed")]),
    ("A quake of magnitude 6.1 hit the coast.", [("6.1", 6.1, 6.1, "equal", "magnitude", "strength")]),
    (
        "The army put the toll at 12.",
        [("12", 12, 12, "equal", "person", "killed")],
    ),
    (
        "The death toll in the delta rose to 35 from 29 on Sunday.",
        [("35", 35, 35, "equal", "person", "killed"), ("29", 29, 29, "equal", "person", "killed")],
    ),
    ("The toll was announced at 9.", []),
    (
        "The blast killed at least 12 and injured dozens.",
        [("at least 12", 12, None, "at_least", "person", "killed"), ("dozens", None, None, "dozens", "person", "injured")],
    ),
    ("A driver aged 61 was fined.", [("61", 61, 61, "equal", "year", "age")]),
    ("It was the 14th bomb attack on the port this month.", [("14th bomb attack", 14, 14, "equal", "rank", "rank")]),
    ("The region saw six attacks in a week.", [("six attacks", 6, 6, "equal", "incident", "attacks")]),
    ("The treaty binds 27 countries.", [("27 countries", 27, 27, "equal", "country", "count")]),
    (
        "The brigade lost seven tanks and 30 vehicles.",
        [("seven tanks", 7, 7, "equal", "tank", "lost"), ("30 vehicles", 30, 30, "equal", "vehicle", "lost")],
    ),
    ("The ministry reported the downing of 70 drones.", [("70 drones", 70, 70, "equal", "drone", "intercepted")]),
    (
        "Some 6,000 troops, including 40 officers and two generals, crossed the river.",
        [
            ("Some 6,000 troops", 6000, 6000, "about", "person", "count"),
            ("40 officers", 40, 40, "equal", "person", "present"),
            ("two generals", 2, 2, "equal", "person", "present"),
        ],
    ),
    ("The hospital reported 900 casualties.", [("900 casualties", 900, 900, "equal", "person", "dead_or_injured")]),
    ("The agency counted 12 deaths.", [("12 deaths", 12, 12, "equal", "person", "killed")]),
    ("The rebels launched two waves of rockets.", [("two waves", 2, 2, "equal", "other", "launched")]),
    ("One in five voters stayed at home.", [("One in five voters", 0.2, 0.2, "equal", "share", "share")]),
    (
        "Officers seized nine rifles and 60 grenades.",
        [("nine rifles", 9, 9, "equal", "weapon", "captured"), ("60 grenades", 60, 60, "equal", "bomb", "captured")],
    ),
    ("The ferry carried 300 passengers.", [("300 passengers", 300, 300, "equal", "person", "present")]),
    ("The paper dismissed 40 employees last year.", [("40 employees", 40, 40, "equal", "person", "dismissed")]),
    ("Up to 1,000 sheep drowned in the flood.", [("Up to 1,000 sheep", None, 1000, "at_most", "animal", "killed")]),
    ("The firm owes $7 million.", [("$7 million", 7000000, 7000000, "equal", "money", "debt")]),
]

NOTHING = [
    "The talks began on 14 March 2019.",
    "The ship left port at 9:40 p.m.",
    "The ministry was founded in 1952.",
    "The Group of Seven met in the old castle.",
    "It was one of the worst storms of the decade.",
    "No one knows where the boat is.",
    "One day the dam will break.",
    "The case rests on Article 5 of the treaty.",
    "He visited the island for the first time.",
    "Prices fell in the last two weeks.",
    "Call the office at 555-0134 for tickets.",
    "The team won 3-2 in the rain.",
    "The castle dates from the 15th century.",
    "Both sides, one after another, left the room.",
    "The pilot flew an F-16 over the bay.",
    "The minister resigned two years ago.",
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[c[0][:40] for c in CASES])
def test_figures_of_a_sentence(text: str, wanted: list[tuple[str, float | None, float | None, str, str, str]]) -> None:
    rows = find_figures(news_doc(text))
    got = [(r["text"], r["value_low"], r["value_high"], r["comparator"], r["unit"], r["measure"]) for r in rows]
    assert got == [(w, low and pytest.approx(low), high and pytest.approx(high), c, u, m) for w, low, high, c, u, m in wanted]


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_that_are_no_figures(text: str) -> None:
    assert [r["text"] for r in find_figures(news_doc(text))] == []


def test_part_points_to_its_whole() -> None:
    rows = find_figures(news_doc("The army shot down 21 out of 48 drones."))
    assert rows[0]["part_of_figure_id"] == rows[1]["figure_id"]
    rows = find_figures(news_doc("Some 6,000 troops, including 40 officers and two generals, crossed the river."))
    assert [r["part_of_figure_id"] for r in rows] == [None, rows[0]["figure_id"], rows[0]["figure_id"]]


def test_subject_place_time_and_quote_come_from_the_same_clause() -> None:
    text = "Holt said that 12 Freedonian soldiers were killed in Osk on Monday."
    news = news_doc(text)
    sentence = news.sentences[0]["sentence_id"]

    def row(kind: str, words: str, **more: Any) -> Row:
        start = text.index(words)
        span = {
            "document_id": news.document["document_id"],
            "sentence_id": sentence,
            "start_char": start,
            "end_char": start + len(words),
            "text": words,
        }
        return {**span, f"{kind}_id": make_id(kind[:3], words), **more}

    news.mentions.append(row("mention", "Freedonian", label="NORP", mention_kind="name", local_entity_id="loc_1"))
    news.mentions.append(row("mention", "Osk", label="GPE", mention_kind="name", local_entity_id="loc_2"))
    news.times.append(row("time", "Monday", timex_type="DATE", date_start=date(2020, 1, 6), date_end=date(2020, 1, 6)))
    content = row("quote", "that 12 Freedonian soldiers were killed in Osk on Monday")
    news.quotes.append(content)
    news.quote_spans.append({k: content[k] for k in ("quote_id", "start_char", "end_char")})
    (figure,) = find_figures(news)
    assert figure["subject_mention_id"] == news.mentions[0]["mention_id"]
    assert figure["place_mention_id"] == news.mentions[1]["mention_id"]
    assert (figure["as_of_time_id"], figure["as_of_start"]) == (news.times[0]["time_id"], date(2020, 1, 6))
    assert figure["quote_id"] == content["quote_id"]


def test_numbers_inside_names_and_times_are_left_alone() -> None:
    text = "The 24 Hours channel showed the march of 5 May."
    news = news_doc(text)
    start = text.index("24 Hours")
    news.mentions.append(
        {"mention_id": "m", "start_char": start, "end_char": start + 8, "label": "ORG", "mention_kind": "name", "local_entity_id": "l"}
    )
    assert find_figures(news) == []


def test_rows_fit_the_table_and_repeat() -> None:
    text = " ".join(c[0] for c in CASES)
    first, second = find_figures(news_doc(text)), find_figures(news_doc(text))
    assert first == second
    TABLES["figures"].conform(first)
    assert len({r["figure_id"] for r in first}) == len(first)
    assert all(text[r["start_char"] : r["end_char"]] == r["text"] for r in first)


def test_empty_document_has_no_figures() -> None:
    assert find_figures(news_doc("")) == []


RULES = load_rules("figures")
EXAMPLES = [
    pytest.param(table, entry["id"], example, id=f"{entry['id']}-{n}")
    for table in ("kinds", "measures", "currencies", "dimensions")
    for entry in RULES[table]
    for n, example in enumerate(entry["examples"])
]


@pytest.mark.parametrize(("table", "rule_id", "example"), EXAMPLES)
def test_example_of_a_rule(table: str, rule_id: str, example: dict[str, Any]) -> None:
    rows = {r["text"]: r for r in find_figures(news_doc(example["text"]))}
    assert example["figure"] in rows
    row = rows[example["figure"]]
    assert table != "kinds" or row["rule_id"] == rule_id
    for key in ("comparator", "unit", "measure", "currency"):
        assert key not in example or row[key] == example[key], key
    if table == "kinds":
        assert (row["value_low"], row["value_high"]) == (example.get("low"), example.get("high"))


@pytest.mark.parametrize("entry", RULES["comparators"], ids=lambda e: e["id"])
def test_comparators_before_a_number(entry: dict[str, Any]) -> None:
    for words in entry["before"]:
        rows = find_figures(news_doc(f"The fire destroyed {words} 40 houses."))
        assert [(r["comparator"], r["text"]) for r in rows] == [(entry["comparator"], f"{words} 40 houses")], words


@pytest.mark.parametrize("entry", RULES["units"], ids=lambda e: e["id"])
def test_unit_of_its_example(entry: dict[str, Any]) -> None:
    rows = find_figures(news_doc(entry["examples"][0]["text"]))
    assert entry["unit"] in {r["unit"] for r in rows} or entry["unit"] == "multiple"


def test_no_word_has_two_units() -> None:
    words = [w for entry in RULES["units"] for w in entry["words"]]
    assert sorted({w for w in words if words.count(w) > 1 and len({e["unit"] for e in RULES["units"] if w in e["words"]}) > 1}) == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("A half-dozen soldiers were killed.", 6, "person"),
        ("One dead in tram crash", 1, "person"),
        ("One and a half million people fled.", 1_500_000, "person"),
        ("The fund lost a quarter of a million dollars.", 250_000, "money"),
        ("Nine of 10 farmers are in debt.", 0.9, "share"),
        ("One in every nine voters stayed at home.", 1 / 9, "share"),
        ("The firm made $65.4 billion.", 65_400_000_000, "money"),
        ("He was wounded three times.", 3, "other"),
    ],
)
def test_numbers_of_several_words(text: str, value: float, unit: str) -> None:
    (row,) = find_figures(news_doc(text))
    assert (row["value_low"], row["unit"]) == (pytest.approx(value, rel=1e-12), unit)


def test_part_of_a_number_without_out() -> None:
    part, whole = find_figures(news_doc("The army shot down 21 of the 48 drones."))
    assert (part["value_low"], whole["value_low"], part["part_of_figure_id"]) == (21, 48, whole["figure_id"])


@pytest.mark.parametrize("text", ["The senate passed it in an 80-19 vote.", "It was a 5-4 ruling.", "Emissions fell below 2005 levels."])
def test_scores_and_years_are_no_figures(text: str) -> None:
    assert [r["text"] for r in find_figures(news_doc(text))] == []
