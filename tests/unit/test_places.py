"""Places: countries and their words, the gazetteer, and which place a name means."""

from __future__ import annotations

import pytest

from transforms.extraction.countries import load_countries, plain_case
from transforms.extraction.places import (
    Place,
    PlaceName,
    candidates,
    count_evidence,
    load_gazetteer,
    load_regions,
    resolve_places,
    spelling_key,
)


def only(name: str, *, evidence: dict[str, float] | None = None, container: str | None = None) -> Place | None:
    area = load_countries().find_areas(container)[-1] if container else None
    return resolve_places([PlaceName(name, area)], evidence or {})[0]


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Kenyan", "KEN"),
        ("Kenyans", "KEN"),
        ("Dutch", "NLD"),
        ("Swedes", "SWE"),
        ("Filipino", "PHL"),
        ("South Korean", "KOR"),
        ("Chinese", "CHN"),
        ("Martian", None),
    ],
)
def test_peoples(word: str, country: str | None) -> None:
    assert load_countries().country_of_people(word) == country


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Chad", "TCD"),
        ("U.S.", "USA"),
        ("US", "USA"),
        ("SOUTH AFRICA", "ZAF"),
        ("Kosovo", "KOS"),
        ("Wales", "GBR"),
        ("Ohio", "USA"),
        ("Atlantis", None),
    ],
)
def test_country_names(name: str, country: str | None) -> None:
    assert load_countries().country_named(name) == country


def test_georgia_is_a_country_and_a_state() -> None:
    assert {a.kind for a in load_countries().find_areas("Georgia")} == {"country", "state"}
    assert load_countries().country_named("Georgia") is None


def test_every_country_has_a_geonames_id_and_a_point_on_earth() -> None:
    for areas in load_countries().areas.values():
        for area in areas:
            assert -90 <= area.latitude <= 90 and -180 <= area.longitude <= 180
            assert area.geonames_id or area.kind == "region", area


def test_no_adjective_means_two_countries() -> None:
    known = load_countries()
    assert known.country_of_people("Congolese") == "COD"
    assert known.country_of_capital("Kyiv") == known.country_of_capital("Kiev") == "UKR"


@pytest.mark.parametrize(("name", "plain"), [("LIMA", "Lima"), ("UN", "UN"), ("U.S.", "U.S."), ("Lima", "Lima")])
def test_capitals_of_headlines(name: str, plain: str) -> None:
    assert plain_case(name) == plain


def test_spellings_meet() -> None:
    assert spelling_key("Asunción") == spelling_key("ASUNCION")
    assert spelling_key("St. Gallen") == spelling_key("Saint Gallen")


def test_names_without_latin_letters_are_no_key() -> None:
    assert load_gazetteer().cities("") == []
    assert load_gazetteer().cities("Петровец") == []


@pytest.mark.parametrize(
    ("name", "container", "evidence", "country", "admin1"),
    [
        ("Paris", None, {}, "FRA", None),
        ("Paris", "Texas", {}, "USA", "US.TX"),
        ("Valencia", None, {"VEN": 4.0}, "VEN", None),
        ("Valencia", None, {"ESP": 4.0}, "ESP", None),
        ("Springfield", None, {"USA": 2.0, "US.MO": 2.0}, "USA", "US.MO"),
        ("Kinshasa", None, {}, "COD", None),
        ("Lebanon", None, {"ISR": 2.0, "SYR": 2.0}, "LBN", None),
    ],
)
def test_what_a_name_means(name: str, container: str | None, evidence: dict[str, float], country: str, admin1: str | None) -> None:
    place = only(name, container=container, evidence=evidence)
    assert place is not None
    assert place.country == country
    assert admin1 is None or place.admin1 == admin1


@pytest.mark.parametrize(
    ("name", "evidence", "kind", "admin1"),
    [
        ("Hatay province", {"TUR": 3.0}, "region", "TR.31"),
        ("County Mayo", {"IRL": 3.0}, "district", "IE.C"),
        ("Odesa region", {"UKR": 3.0}, "region", "UA.17"),
        ("Kursk Oblast", {}, "region", "RU.41"),
        ("Lima", {"PER": 2.0}, "region", "PE.LMA"),
        ("Monroe County", {"USA": 2.0, "US.NY": 2.0}, "district", "US.NY"),
        ("Monroe County", {"USA": 2.0, "US.FL": 2.0}, "district", "US.FL"),
    ],
)
def test_regions_and_districts(name: str, evidence: dict[str, float], kind: str, admin1: str) -> None:
    place = resolve_places([PlaceName(name, is_region=True)], evidence)[0]
    assert place is not None
    assert (place.kind, place.admin1) == (kind, admin1)


@pytest.mark.parametrize(
    ("name", "evidence", "whole", "admin1"),
    [
        ("North Texas", {}, "Texas", "US.TX"),
        ("Greater Manchester", {"GBR": 1.0}, "Manchester", "GB.ENG"),
        ("Anbar", {"IRQ": 3.0}, "Al Anbar", "IQ.01"),
    ],
)
def test_parts_lie_where_the_whole_lies_and_are_another_place(name: str, evidence: dict[str, float], whole: str, admin1: str) -> None:
    place = only(name, evidence=evidence)
    assert place is not None
    assert (place.name, place.admin1, place.geonames_id) == (whole, admin1, None)


@pytest.mark.parametrize(("name", "capital"), [("Washington, D.C.", "Washington"), ("Washington D.C.", "Washington"), ("Kiev", "Kyiv")])
def test_spellings_of_capitals(name: str, capital: str) -> None:
    place = only(name)
    assert place is not None
    assert (place.name, place.kind) == (capital, "city")


@pytest.mark.parametrize("name", ["Volga", "Granada"])
def test_a_name_that_may_be_a_river_is_no_town_without_a_sign(name: str) -> None:
    assert resolve_places([PlaceName(name, is_vague=True)], {}) == [None]


def test_regions_are_sorted_and_have_a_point_on_earth() -> None:
    assert len(load_regions()) > 8_000
    for places in load_regions().values():
        for place in places:
            assert -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180, place
            assert place.geonames_id is None


def test_near_places_help_each_other() -> None:
    places = resolve_places([PlaceName(n) for n in ("Alexandria", "Pineville", "Ball")], {})
    assert [p.admin1 for p in places if p] == ["US.LA"] * 3


def test_a_village_of_another_country_is_not_taken() -> None:
    assert only("Zerf", evidence={"KEN": 5.0}) is None


@pytest.mark.parametrize("name", ["Qwrtzburg", "Middle East", "", "Kaveri River"])
def test_unknown_names_stay_without_a_place(name: str) -> None:
    assert only(name) is None


def test_countries_come_first_among_candidates() -> None:
    assert candidates("Peru")[0].kind == "country"
    assert candidates("Peru")[0].country == "PER"


def test_evidence_counts_adjectives_counties_and_states() -> None:
    from collections import Counter

    evidence = count_evidence(Counter({"Kenyan": 2, "Ohio": 1}), Counter({"Rapides Parish": 1}))
    assert evidence["KEN"] == pytest.approx(1.4)
    assert evidence["US.LA"] == 2.0
    assert evidence["US.OH"] > 0
    assert list(evidence) == sorted(evidence)
