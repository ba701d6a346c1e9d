"""Keys of names, and every example of the rule files behind them."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from transforms.linking import names
from transforms.linking.agencies import agency_name
from transforms.linking.words import background, stem, stopwords
from transforms.rules import load_rules

FOLDS = load_rules("transliteration")
ALIASES = load_rules("aliases")
LINKING = load_rules("linking")


def token(word: str) -> str:
    return names.fold(names.simple(word).replace(" ", ""))


@pytest.mark.parametrize(("rule", "pair"), [(r["id"], pair) for r in FOLDS["folds"] for pair in r.get("same", ())])
def test_spellings_of_one_name_have_one_key(rule: str, pair: list[str]) -> None:
    assert token(pair[0]) == token(pair[1]), rule


@pytest.mark.parametrize(("rule", "pair"), [(r["id"], pair) for r in FOLDS["folds"] for pair in r.get("differ", ())])
def test_two_names_keep_two_keys(rule: str, pair: list[str]) -> None:
    assert token(pair[0]) != token(pair[1]), rule


@pytest.mark.parametrize("pair", [*FOLDS["korean"]["same"], *FOLDS["particles"]["same"]])
def test_examples_of_whole_names(pair: list[str]) -> None:
    assert names.person_name(pair[0]).key == names.person_name(pair[1]).key


@pytest.mark.parametrize("names_", [entry["names"] for entry in FOLDS["spellings"]])
def test_spellings_of_a_given_name_have_one_key(names_: list[str]) -> None:
    assert len({names.person_name(f"{given} Varenko").key for given in names_}) == 1


@pytest.mark.parametrize("names_", [entry["names"] for entry in FOLDS["translations"]])
def test_a_translated_given_name_is_another_key_of_one_class(names_: list[str]) -> None:
    assert len({names.translation_class(given) for given in names_}) == 1
    assert len({names.person_name(f"{given} Varenko").key for given in names_}) > 1


@pytest.mark.parametrize("entry", ALIASES["people"], ids=lambda e: e["names"][0])
def test_listed_people(entry: dict[str, list[str]]) -> None:
    assert {names.people_aliases()[names.person_name(name).key] for name in entry["names"]} == {entry["names"][0]}


@pytest.mark.parametrize("entry", ALIASES["bodies"], ids=lambda e: e["name"])
def test_listed_bodies(entry: dict[str, object]) -> None:
    listed = entry["names"]
    assert isinstance(listed, list)
    assert {names.body_aliases()[names.simple(name)] for name in listed} == {entry["name"]}


@pytest.mark.parametrize("entry", ALIASES["places"], ids=lambda e: e["names"][0])
def test_listed_places(entry: dict[str, object]) -> None:
    listed = entry["names"]
    assert isinstance(listed, list)
    assert {names.common_place_key(names.place_key(name), str(entry["country"])) for name in listed} == {names.place_key(listed[0])}
    assert entry["country"] in names.state_names()


@pytest.mark.parametrize("entry", ALIASES["synonyms"], ids=lambda e: e["names"][0])
def test_synonyms_of_bodies(entry: dict[str, list[str]]) -> None:
    for a, b in pairwise(entry["names"]):
        assert names.is_generic(a) and names.is_generic(b)
        assert names.body_key(a, "KEN") == names.body_key(b, "KEN")
        for code in entry.get("except", ()):
            assert names.body_key(a, code) != names.body_key(b, code)


@pytest.mark.parametrize("entry", load_rules("cleaning_agencies")["agency"], ids=lambda e: e["name"])
def test_agencies_by_any_of_their_names(entry: dict[str, list[str]]) -> None:
    assert {agency_name(name) for name in entry["written"]} == {entry["name"]}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ihor Zelenskiy", "Ihor Zelenskyy"),
        ("Kim Do-jun", "Kim Do Jun"),
        ("Kim Dojun", "Kim Do-Jun"),
        ("Comrade Kim Do-jun", "Kim Do-jun"),
        ("President Petro Varenko", "Petro Varenko"),
        ("António Varela", "Antonio Varela"),
        ("Petro Varenko’s", "Petro Varenko"),
        ("Mahmoud al-Haddad", "Mahmud Haddad"),
        ("Sergey Dubov", "Sergei Dubov"),
    ],
)
def test_one_person(a: str, b: str) -> None:
    assert names.person_name(a).key == names.person_name(b).key


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Anton Dubovny", "Anton Dubovnaya"),
        ("Ivan Belov", "Ivana Belova"),
        ("Oleksandr Varenko", "Alexander Varenko"),
        ("John Marsh Jr.", "John Marsh"),
        ("Al Marsh", "Marsh"),
    ],
)
def test_two_persons(a: str, b: str) -> None:
    assert names.person_name(a).key != names.person_name(b).key


@pytest.mark.parametrize(
    ("key", "country", "state"),
    [
        ("georgia", "GEO", "GEO"),
        ("georgia", "USA", None),
        ("georgia", None, None),
        ("us", "USA", "USA"),
        ("kenya", None, "KEN"),
        ("nairobi", "KEN", None),
    ],
)
def test_state_named(key: str, country: str | None, state: str | None) -> None:
    assert names.state_of(key, country) == state


@pytest.mark.parametrize(
    ("text", "rest", "code"),
    [
        ("Kenyan General Staff", "general staff", "KEN"),
        ("Kenya’s Ministry of Defence", "ministry of defence", "KEN"),
        ("Ministry of Justice of the United States", "ministry of justice", "USA"),
        ("U.S. Air Force", "air force", "USA"),
        ("South Korean navy", "navy", "KOR"),
        ("Harbour Workers’ Union", "harbour workers union", None),
    ],
)
def test_the_state_of_a_body(text: str, rest: str, code: str | None) -> None:
    assert names.split_country(names.simple(text)) == (rest, code)


def test_region_and_town_differ() -> None:
    assert {names.place_key(name) for name in ("Varda", "city of Varda")} == {"varda"}
    regions = "Varda region", "Varda Oblast", "region of Varda", "Russian region of Varda"
    assert {names.place_key(name) for name in regions} == {"varda #region"}


def test_words_of_denial_are_whole_words() -> None:
    words = LINKING["disputes"]["denial_words"]
    assert len(set(words)) == len(words) and all(w.isalpha() for w in words)


def test_counted_nouns_belong_to_one_head() -> None:
    groups = [{stem(w) for w in entry["words"]} for entry in LINKING["topics"]["counted"]]
    assert all(a.isdisjoint(b) for a, b in combinations(groups, 2))


def test_background_shares_are_shares() -> None:
    shares, rare = background()
    assert len(shares) > 1000 and all(rare < share < 1 for share in shares.values())
    assert not stopwords() & shares.keys()
