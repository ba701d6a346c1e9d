"""Mentions: names, offices, pronouns, and which of them mean one thing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import news_doc
from transforms.extraction.mentions import find_mentions
from transforms.rules import load_rules
from warehouse.schema import TABLES, Row


def mentions_of(text: str, **options: Any) -> list[Row]:
    news = news_doc(text, **options)
    rows = find_mentions(news)
    TABLES["mentions"].conform(rows)
    sentences = {s["sentence_id"]: s for s in news.sentences}
    for row in rows:
        assert row["text"] == text[row["start_char"] : row["end_char"]]
        sentence = sentences[row["sentence_id"]]
        assert sentence["start_char"] <= row["start_char"] < row["end_char"] <= sentence["end_char"]
    assert len({r["mention_id"] for r in rows}) == len(rows)
    return rows


def one(rows: list[Row], text: str) -> Row:
    found = [r for r in rows if r["text"] == text]
    assert found, [(r["text"], r["label"], r["mention_kind"]) for r in rows]
    return found[0]


def entities(rows: list[Row], *texts: str) -> set[str]:
    return {r["local_entity_id"] for r in rows if r["text"] in texts}


NAMED = [(e["id"], x) for group in ("known", "head", "body") for e in load_rules("entities")[group] for x in e["examples"]]
OFFICES = [(e["id"], x) for e in load_rules("offices")["office"] for x in e["examples"]]


@pytest.mark.parametrize(("rule_id", "example"), NAMED, ids=[r for r, _ in NAMED])
def test_every_name_rule_keeps_its_examples(rule_id: str, example: dict[str, str]) -> None:
    row = one(mentions_of(example["text"]), example["find"])
    assert (row["label"], row["rule_id"]) == (example["label"], rule_id)


@pytest.mark.parametrize(("rule_id", "example"), OFFICES, ids=[r for r, _ in OFFICES])
def test_every_office_keeps_its_examples(rule_id: str, example: dict[str, str]) -> None:
    rows = mentions_of(example["text"])
    row = next(r for r in rows if r["mention_kind"] == "nominal" and r["text"] == example["find"])
    assert row["rule_id"] == rule_id
    if example["of"]:
        assert row["local_entity_id"] == one(rows, example["of"])["local_entity_id"]
    else:
        assert row["local_entity_id"] not in {r["local_entity_id"] for r in rows if r["mention_kind"] == "name"}


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("President Ada Norwick flew home.", "Ada Norwick", "PERSON"),
        ("Mr Norwick's lawyer flew home.", "Norwick", "PERSON"),
        ("The minister met Pope Clement in June.", "Pope Clement", "PERSON"),
        ("He flew to the Netherlands in June.", "Netherlands", "GPE"),
        ("The Kenyan armed forces sent two jets.", "Kenyan armed forces", "ORG"),
        ("Shells fell on the Poltava region overnight.", "Poltava region", "GPE"),
        ("The boats crossed the Limpopo on Monday.", "Limpopo", "LOC"),
        ("The Norwick administration denied it.", "Norwick administration", "ORG"),
    ],
)
def test_borders_of_names(text: str, name: str, label: str) -> None:
    assert one(mentions_of(text), name)["label"] == label


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Shares in Corvell fell on Monday. Corvell said it would appeal.", "Corvell", "ORG"),
        ("Marchetti, which makes pumps, has 400 workers.", "Marchetti", "ORG"),
        ("An analyst at Oduya Capital left.", "Oduya Capital", "ORG"),
        ("The carmaker Halden will close. Halden's profit fell.", "Halden", "ORG"),
        ("Luca Marchetti runs the bank. Marchetti's profit fell, he said.", "Marchetti", "PERSON"),
        ("Mr Brandt said Brandt's staff had left.", "Brandt", "PERSON"),
        ("Germany's exports and its shares fell.", "Germany", "GPE"),
        ("Petrova's lawyer said that Petrova, who is 34, would appeal.", "Petrova", "PERSON"),
        ("The text was in Tamil.", "Tamil", "LANGUAGE"),
        ("Tamil villagers in the north protested.", "Tamil", "NORP"),
    ],
)
def test_what_the_words_around_a_name_say(text: str, name: str, label: str) -> None:
    assert {r["label"] for r in mentions_of(text) if r["text"] == name} == {label}


def test_days_and_pronouns_are_no_names() -> None:
    rows = mentions_of("On Monday he left. It was cold.")
    assert not [r for r in rows if r["mention_kind"] == "name"]


def test_full_name_surname_and_title_are_one_person() -> None:
    rows = mentions_of("Ada Norwick resigned on Friday. Mr Norwick gave no reason. Norwick will stay in Lima.")
    assert len(entities(rows, "Ada Norwick", "Norwick")) == 1


def test_two_people_of_one_surname_stay_two() -> None:
    rows = mentions_of("Ada Norwick met Piet Norwick in Lima.")
    assert len(entities(rows, "Ada Norwick", "Piet Norwick")) == 2


def test_alike_surnames_stay_two() -> None:
    rows = mentions_of("Igor Sadovny left Riga. Vera Sadovnaya stayed in Riga.")
    assert len(entities(rows, "Igor Sadovny", "Vera Sadovnaya")) == 2


def test_a_short_form_in_brackets_is_the_same_body() -> None:
    rows = mentions_of("The Eastern Harbour Workers Union (EHWU) called a strike. The EHWU said it would last a week.")
    assert len(entities(rows, "Eastern Harbour Workers Union", "EHWU")) == 1


def test_names_of_one_country_are_one() -> None:
    rows = mentions_of("The US sent a ship. The United States denied it. American sailors cheered.")
    assert len(entities(rows, "US", "United States")) == 1
    assert entities(rows, "American").isdisjoint(entities(rows, "US"))
    assert one(rows, "American")["country"] == "USA"


def test_a_capital_that_acts_is_its_state() -> None:
    rows = mentions_of("Ankara accused the rebels of murder. The envoy landed in Ankara.")
    acting, city = (r for r in rows if r["text"] == "Ankara")
    assert (acting["country"], acting["sectors"], acting["admin1"]) == ("TUR", ["GOV"], "TR.68"), "a state's deed, a town's name"
    assert city["sectors"] is None and city["latitude"] == pytest.approx(39.92, abs=0.1)
    assert acting["local_entity_id"] != city["local_entity_id"]


def test_a_region_is_never_the_town_of_its_name() -> None:
    rows = mentions_of("Fires burned in the Poltava region of Ukraine. Poltava had no rain in May.")
    assert len(entities(rows, "Poltava region", "Poltava")) == 1
    assert all((r["geonames_id"], r["admin1"]) == (None, "UA.18") for r in rows if r["text"].startswith("Poltava"))


def test_a_town_takes_the_state_behind_it() -> None:
    row = one(mentions_of("The plant in Paris, Texas, was shut."), "Paris")
    assert (row["country"], row["admin1"]) == ("USA", "US.TX")


def test_an_office_goes_to_its_one_holder() -> None:
    rows = mentions_of("Chilean President Rosa Vidal flew to Oslo. The Chilean leader met nobody.")
    assert one(rows, "Chilean leader")["local_entity_id"] == one(rows, "Rosa Vidal")["local_entity_id"]
    assert (one(rows, "Rosa Vidal")["country"], one(rows, "Rosa Vidal")["sectors"]) == ("CHL", ["GOV"])


def test_an_office_with_two_holders_stays_a_description() -> None:
    rows = mentions_of("Foreign Minister Ida Holm met Foreign Minister Per Lund in Lima. The foreign minister left at noon.")
    office = next(r for r in rows if r["mention_kind"] == "nominal" and r["text"] == "foreign minister")
    assert office["local_entity_id"] not in entities(rows, "Ida Holm", "Per Lund")


def test_a_former_office_is_not_meant_by_the_office() -> None:
    rows = mentions_of("Former President Rosa Vidal flew to Oslo. The president refused to comment.")
    office = next(r for r in rows if r["mention_kind"] == "nominal" and r["text"] == "president")
    assert office["local_entity_id"] != one(rows, "Rosa Vidal")["local_entity_id"]
    assert one(rows, "Rosa Vidal")["sectors"] == ["ELI"]


def test_a_pronoun_goes_to_the_one_subject_before_it() -> None:
    rows = mentions_of("Rosa Vidal arrived in Oslo on Monday. She said the talks would go on.")
    assert one(rows, "She")["mention_kind"] == "pronoun"
    assert one(rows, "She")["local_entity_id"] == one(rows, "Rosa Vidal")["local_entity_id"]


@pytest.mark.parametrize(
    "text",
    [
        "Ida Holm and Per Lund arrived in Oslo. Ida Holm spoke and Per Lund listened. He said nothing more.",
        "The storm passed. He said nothing.",
        'Ida Holm spoke. "He said nothing," the clerk wrote.',
    ],
)
def test_a_pronoun_with_no_sure_meaning_is_no_mention(text: str) -> None:
    assert not [r for r in mentions_of(text) if r["mention_kind"] == "pronoun"]


def test_gender_of_a_title_keeps_a_pronoun_away() -> None:
    rows = mentions_of("Mrs Holm arrived in Oslo. He said nothing.")
    assert not [r for r in rows if r["mention_kind"] == "pronoun"]


def test_no_text_no_mentions() -> None:
    assert mentions_of("") == []


def test_ids_are_the_same_every_time() -> None:
    text = "Chilean President Rosa Vidal flew to Oslo. The Chilean leader met nobody. She said so in Ankara."
    assert mentions_of(text) == mentions_of(text)


def test_a_building_named_after_a_town_of_the_text_stands_there() -> None:
    rows = mentions_of("The council of Abilene, Texas, met on Monday. The Abilene Public Library will close on Friday.")
    town, building = one(rows, "Abilene"), one(rows, "Abilene Public Library")
    assert building["label"] == "FAC" and building["geonames_id"] is None
    assert (building["latitude"], building["longitude"]) == (town["latitude"], town["longitude"])
