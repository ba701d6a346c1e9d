"""Which mentions become one entity over documents, and which never do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.linking_tables import Documents
from transforms.linking import link_documents

Mention = tuple[str, str, dict[str, Any]]
COMPANY = (("Zhovtyn Canal Board", "ORG", {}), ("Rada Solomko", "PERSON", {}))
"""Names that make documents share company."""


def entity_of(*documents: tuple[Mention, ...]) -> list[list[str]]:
    """For each document the entity of each of its mentions, by name."""
    made = Documents()
    ids = []
    for n, mentions in enumerate(documents):
        document = made.document("\n".join(text for text, _, _ in mentions) + f"\nReport {n}.", key=str(n))
        for text, label, fields in mentions:
            made.mention(document, text, label, **fields)
        ids.append((document, [m["local_entity_id"] for m in made.rows["mentions"] if m["document_id"] == document]))
    linked = link_documents(made.tables())
    of = {(r["document_id"], r["local_entity_id"]): r["entity_id"] for r in linked["entity_links"].to_pylist()}
    return [[of.get((document, local), "none") for local in locals_] for document, locals_ in ids]


def same(a: Mention, b: Mention, *, company: bool = False) -> bool:
    extra = COMPANY if company else ()
    first, second = entity_of((a, *extra), (b, *extra))
    return first[0] == second[0]


def person(text: str, **fields: Any) -> Mention:
    return text, "PERSON", fields


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (person("Ihor Zelenskiy"), person("Ihor Zelenskyi")),
        (person("Kim Do-jun"), person("Kim Do Jun")),
        (("Kiev", "GPE", {"country": "UKR"}), ("Kyiv", "GPE", {"country": "UKR"})),
        (("U.S.", "GPE", {"country": "USA"}), ("United States", "GPE", {"country": "USA"})),
        (("Nairobi", "GPE", {"country": "KEN", "sectors": ["GOV"]}), ("Kenya", "GPE", {"country": "KEN"})),
        (("Kenyans", "NORP", {"country": "KEN"}), ("Kenyan", "NORP", {"country": "KEN"})),
        (("UN", "ORG", {}), ("United Nations", "ORG", {})),
        (("General Staff", "ORG", {"country": "KEN"}), ("Kenyan General Staff", "ORG", {"country": "KEN"})),
        (("Kenyan Ministry of Defense", "ORG", {}), ("Kenya’s defence ministry", "ORG", {})),
        (("Kisumu", "GPE", {"geonames_id": 191245, "country": "KEN"}), ("Kisumu", "GPE", {"country": "KEN"})),
        (("Kisumu", "GPE", {"geonames_id": 191245, "country": "KEN"}), ("Kisumu", "GPE", {})),
        (("Varda", "GPE", {"country": "RUS"}), ("city of Varda", "GPE", {"country": "RUS"})),
        (("Lugansk region", "GPE", {}), ("Luhansk Oblast", "GPE", {})),
        (("Gornal region", "GPE", {"country": "RUS"}), ("region of Gornal", "GPE", {"country": "RUS"})),
    ],
)
def test_one_entity(a: Mention, b: Mention) -> None:
    assert same(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (person("Anton Dubovny"), person("Yulia Dubovnaya")),
        (person("Ivan Belov"), person("Ivan Belova")),
        (person("Oleksandr Varenko"), person("Alexander Varenko")),
        (person("Mark Johnson"), person("Mark Johnston")),
        (person("John Marsh"), person("John Marsh Jr.")),
        (("General Staff", "ORG", {"country": "KEN"}), ("General Staff", "ORG", {"country": "UGA"})),
        (("General Staff", "ORG", {}), ("General Staff", "ORG", {})),
        (("Georgia", "GPE", {"country": "GEO"}), ("Georgia", "GPE", {"country": "USA"})),
        (("Varda", "GPE", {"country": "RUS"}), ("Varda region", "GPE", {"country": "RUS"})),
        (("Nairobi", "GPE", {"country": "KEN"}), ("Kenya", "GPE", {"country": "KEN"})),
        (("Kenyan", "NORP", {"country": "KEN"}), ("Kenya", "GPE", {"country": "KEN"})),
        (("Patrol", "PRODUCT", {}), ("Patrol", "WORK_OF_ART", {})),
        (("U.S. Army", "ORG", {"country": "USA"}), ("U.S. military", "ORG", {"country": "USA"})),
        (person("Varenko"), person("Varenko")),
        (("Springfield", "GPE", {"geonames_id": 1}), ("Springfield", "GPE", {"geonames_id": 2})),
    ],
)
def test_two_entities(a: Mention, b: Mention) -> None:
    assert not same(a, b)


@pytest.mark.parametrize(
    ("a", "b", "joined"),
    [
        (person("Petro Varenko"), person("Varenko"), True),
        (person("Oleksandr Varenko"), person("Alexander Varenko"), True),
        (person("Petro A. Varenko"), person("Petro Varenko"), True),
        (person("P. Varenko"), person("Petro Varenko"), True),
        (person("Konstantin Pryhodchenko"), person("Konstantin Prykhodchenko"), True),
        (person("Varenko"), person("Varenko"), True),
        (person("Ivan Belov"), person("Ivan Belova"), False),
        (person("Petro Varenko"), person("Pavlo Varenko"), False),
        (person("Kim Do-jun"), person("Kim Do-hun"), False),
    ],
)
def test_company_decides(a: Mention, b: Mention, joined: bool) -> None:
    assert same(a, b, company=True) is joined
    assert not same(a, b)


def test_a_surname_with_two_candidates_stays_alone() -> None:
    found = entity_of((person("Petro Varenko"), *COMPANY), (person("Olha Varenko"), *COMPANY), (person("Varenko"), *COMPANY))
    assert len({found[0][0], found[1][0], found[2][0]}) == 3


def test_a_surname_goes_to_the_one_who_is_everywhere() -> None:
    often = [(person("Petro Varenko"), *COMPANY)] * 12
    found = entity_of(*often, (person("Olha Varenko"), *COMPANY), (person("Varenko"), *COMPANY))
    assert found[-1][0] == found[0][0] != found[-2][0]


def test_a_surname_beside_the_full_name_was_kept_apart_by_the_extractor() -> None:
    found = entity_of((person("Petro Varenko"), *COMPANY), (person("Petro Varenko"), person("Mrs Varenko"), *COMPANY))
    assert found[1][1] != found[1][0] == found[0][0]


def test_an_acronym_introduced_in_one_article_is_known_in_the_next() -> None:
    introduced = (("Zhovtyn Harbour Union", "ORG", {"local": "zhu"}), ("ZHU", "ORG", {"local": "zhu"}), *COMPANY)
    found = entity_of(introduced, (("ZHU", "ORG", {}), *COMPANY))
    assert found[0][0] == found[0][1] == found[1][0]
    elsewhere = entity_of(introduced, (("ZHU", "ORG", {}),))
    assert elsewhere[1][0] != elsewhere[0][0]


def test_an_acronym_of_two_bodies_stays_alone() -> None:
    one = (("Zhovtyn Harbour Union", "ORG", {"local": "zhu"}), ("ZHU", "ORG", {"local": "zhu"}), *COMPANY)
    two = (("Zhovtyn Housing Union", "ORG", {"local": "zhu"}), ("ZHU", "ORG", {"local": "zhu"}), *COMPANY)
    found = entity_of(one, two, (("ZHU", "ORG", {}), *COMPANY))
    assert len({found[0][0], found[1][0], found[2][0]}) == 3


def test_a_name_that_the_extractor_ties_to_a_region_is_the_region() -> None:
    made = Documents()
    tied, region = made.document("Varda was shelled. The Varda region was hit."), made.document("The Varda region voted.")
    made.mention(tied, "Varda", "GPE", local="v")
    made.mention(tied, "Varda", "GPE", local="v", after="The")
    made.mention(tied, "Varda region", "GPE", local="v")
    made.mention(region, "Varda region", "GPE")
    assert link_documents(made.tables())["entities"].num_rows == 1


def test_what_has_no_name_has_no_entity() -> None:
    made = Documents()
    document = made.document("The governor said that he would come.")
    made.mention(document, "The governor", mention_kind="nominal", local="g")
    made.mention(document, "he", mention_kind="pronoun", local="g")
    linked = link_documents(made.tables())
    assert linked["entities"].num_rows == linked["entity_links"].num_rows == 0


def test_a_name_carries_what_is_said_of_it_by_title_and_pronoun() -> None:
    made = Documents()
    document = made.document("Petro Varenko came. The governor said that he was tired.")
    made.mention(document, "Petro Varenko", local="g", country="UKR", sectors=["GOV"])
    made.mention(document, "The governor", mention_kind="nominal", local="g")
    made.mention(document, "he", mention_kind="pronoun", local="g", after="that")
    row = link_documents(made.tables())["entities"].to_pylist()[0]
    assert (row["name"], row["n_mentions"], row["n_documents"], row["country"], row["sectors"]) == ("Petro Varenko", 3, 1, "UKR", ["GOV"])


def test_canonical_name_is_the_commonest_full_form() -> None:
    made = Documents()
    for n, name in enumerate(("Ihor Zelenskiy", "Ihor Zelenskyy", "Ihor Zelenskyy", "Mr Zelenskyy")):
        document = made.document(f"{name} and Rada Solomko spoke in part {n}.")
        made.mention(document, name)
        made.mention(document, "Rada Solomko")
    linked = link_documents(made.tables())
    names = {r["name"]: r for r in linked["entities"].to_pylist()}
    assert set(names) == {"Ihor Zelenskyy", "Rada Solomko"}
    spelled = {r["name"] for r in linked["entity_names"].to_pylist() if r["entity_id"] == names["Ihor Zelenskyy"]["entity_id"]}
    assert spelled == {"Ihor Zelenskiy", "Ihor Zelenskyy", "Mr Zelenskyy"}


def test_a_state_is_shown_by_its_own_name() -> None:
    made = Documents()
    document = made.document("The US and U.S. ships, said Washington.")
    made.mention(document, "US", "GPE", local="us", country="USA")
    made.mention(document, "U.S.", "GPE", local="us", country="USA")
    made.mention(document, "Washington", "GPE", local="w", country="USA", sectors=["GOV"])
    rows = link_documents(made.tables())["entities"].to_pylist()
    assert [(r["name"], r["label"], r["country"], r["n_mentions"]) for r in rows] == [("United States", "GPE", "USA", 3)]


def test_coordinates_are_given_where_the_members_agree() -> None:
    made = Documents()
    for n, latitude in enumerate((50.0, 50.0)):
        document = made.document(f"Zhovtyn, part {n}.")
        made.mention(document, "Zhovtyn", "GPE", country="UKR", geonames_id=7, latitude=latitude, longitude=30.0)
    row = link_documents(made.tables())["entities"].to_pylist()[0]
    assert (row["latitude"], row["longitude"], row["geonames_id"]) == (50.0, 30.0, 7)
    document = made.document("Zhovtyn again.")
    made.mention(document, "Zhovtyn", "GPE", country="UKR", geonames_id=7, latitude=51.0, longitude=30.0)
    assert link_documents(made.tables())["entities"].to_pylist()[0]["latitude"] is None


def test_ids_stay_when_documents_join() -> None:
    def ids(n: int) -> set[str]:
        made = Documents()
        for k in range(n):
            document = made.document(f"Petro Varenko, Kyiv and the Harbour Union in part {k}.")
            made.mention(document, "Petro Varenko")
            made.mention(document, "Kyiv", "GPE", country="UKR")
            made.mention(document, "Harbour Union", "ORG")
        return set(link_documents(made.tables())["entities"]["entity_id"].to_pylist())

    assert ids(1) == ids(5) and len(ids(1)) == 3
