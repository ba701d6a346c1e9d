"""The embedded pipeline: it loads anywhere, says the same whatever the batch, and knows the names of its lists."""

from __future__ import annotations

import json
import multiprocessing
import random
import time
import zlib
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from models.training.agreed import agreed
from models.training.augment import Swapper, in_heading_case, plain_titles, with_curly_quotes
from models.training.lists import BITS, build
from models.training.names import NumberIndex, blank, labelled
from models.training.parses import with_other_words
from transforms.language import load_pipeline
from transforms.language.embedding import ListedHashEmbed, list_codes
from transforms.language.pipeline import EMBEDDED

TEXTS = [
    "The U.S.-led mission left Port Louis on Tuesday, said Kwame Osei-Bonsu of the Coral Fisheries Authority.",
    "It was the third strike at the Varna shipyard since May, and the union’s leader, Ms Petrova, wants talks in Brussels.",
    "Storm warning",
    "“We’ve lost 40 boats,” the mayor of Kilifi told Radio Pwani.",
]


def _told(doc: Doc) -> list[tuple[str, ...]]:
    return [(t.text, t.tag_, t.dep_, str(t.head.i), t.lemma_, t.ent_iob_ + t.ent_type_) for t in doc]


def _names_in_a_worker(text: str) -> list[tuple[str, str]]:
    return [(e.text, e.label_) for e in spacy.load(EMBEDDED)(text).ents]


def test_annotations_do_not_depend_on_the_batch() -> None:
    nlp = load_pipeline()
    alone = [_told(nlp(text)) for text in TEXTS]
    assert [_told(d) for d in nlp.pipe(TEXTS, batch_size=3)] == alone
    backwards = list(nlp.pipe(reversed(TEXTS * 5), batch_size=7))
    assert [_told(d) for d in backwards[-4:]] == alone[::-1]


def test_names_of_a_fixed_text() -> None:
    found = {(e.text, e.label_) for text in TEXTS for e in load_pipeline()(text).ents}
    assert {("U.S.", "GPE"), ("Port Louis", "GPE"), ("Kwame Osei-Bonsu", "PERSON"), ("Coral Fisheries Authority", "ORG")} <= found
    assert {
        ("Varna", "GPE"),
        ("Petrova", "PERSON"),
        ("Brussels", "GPE"),
        ("Kilifi", "GPE"),
        ("Tuesday", "DATE"),
        ("40", "CARDINAL"),
    } <= found


def test_lemmas() -> None:
    lemmas = {t.text: t.lemma_ for text in TEXTS for t in load_pipeline()(text)}
    expected = {"It": "it", "was": "be", "left": "leave", "wants": "want", "told": "tell", "boats": "boat", "lost": "lose", "We": "we"}
    assert {word: lemmas[word] for word in expected} == expected


@pytest.mark.parametrize(("word", "lemma"), [("hopes", "hope"), ("stared", "stare"), ("hops", "hop"), ("planned", "plan"), ("wins", "win")])
def test_verbs_keep_the_e_of_their_stem(word: str, lemma: str) -> None:
    assert load_pipeline()(f"The man {word} it.")[2].lemma_ == lemma


def test_loads_fast_and_is_small() -> None:
    started = time.process_time()
    spacy.load(EMBEDDED)
    assert time.process_time() - started < 5, "a second on an idle machine"
    files = [f.read_bytes() for f in EMBEDDED.rglob("*") if f.is_file()]
    assert sum(map(len, files)) < 18.5e6
    assert sum(len(zlib.compress(f)) for f in files) < 11e6, "as git keeps them; the weights are rounded"


def test_works_in_a_spawned_worker() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert ("Brussels", "GPE") in pool.apply(_names_in_a_worker, (TEXTS[1],))


def test_meta_names_scores_and_sources() -> None:
    meta = json.loads((EMBEDDED / "meta.json").read_text(encoding="utf-8"))
    assert meta["license"] == "CC BY-SA 4.0"
    assert {s["license"] for s in meta["sources"]} and all(s["name"] for s in meta["sources"])
    assert 0.7 < meta["performance"]["ents_f"] < 1
    assert "ORG" in meta["performance"]["ents_per_type"]


def test_memory_does_not_grow_with_the_texts() -> None:
    nlp = load_pipeline()
    before = len(nlp.vocab.strings)
    with nlp.memory_zone():
        for n in range(200):
            nlp(f"The barge Nr{n}x reached Zq{n}v harbour.")
    assert len(nlp.vocab.strings) < before + 50


# --- lists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("in port louis", [0, 0, 0]),
        ("In Port Louis", [0, 1 << 2 | 2, 1 << 2 | 3]),
        ("PORT LOUIS today", [1 << 2 | 2, 1 << 2 | 3, 0]),
        ("Louis", [2 << 2 | 1]),
        ("Port of Louis", [0, 0, 2 << 2 | 1]),
    ],
)
def test_codes_of_listed_names(words: str, codes: list[int]) -> None:
    assert list_codes(words.split(), {"port louis": 1, "louis": 2}) == codes


def test_architecture_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="2 attributes but 1 numbers"):
        ListedHashEmbed(8, ["NORM", "SHAPE"], [10], 10)


def test_lists_know_names_of_the_world() -> None:
    lists = build()
    assert lists["maputo"] & (BITS["city"] | BITS["town"])
    assert lists["kwame"] & BITS["first"]
    assert lists["new zealand"] & BITS["state"]
    assert lists["swahili"] & BITS["language"]
    assert "the" not in lists


# --- training corpora -----------------------------------------------------------------------------------------


def _two(tmp_path: Path) -> list[Doc]:
    rows = [
        {"id": "a", "text": "Mr. Osei met Ana Sousa in Varna.", "names": [[4, 8, "PERSON"], [13, 22, "PERSON"], [26, 31, "GPE"]]},
        {"id": "b", "text": 'The "Star" paper closed.', "names": [[5, 9, "ORG"]]},
    ]
    path = tmp_path / "names.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    nlp = blank()
    return labelled(path, nlp, NumberIndex([]))


def test_swapped_names_keep_their_labels(tmp_path: Path) -> None:
    docs = _two(tmp_path)
    swapper = Swapper.over(docs, random.Random(3))
    copy = swapper.swapped(docs[0])
    assert [e.label_ for e in copy.ents] == [e.label_ for e in docs[0].ents]
    assert [t.text for t in copy if not t.ent_type_] == [t.text for t in docs[0] if not t.ent_type_]
    others = {e.text for _ in range(20) for e in swapper.swapped(docs[0]).ents}
    assert len(others) > 10


def test_titles_quotes_and_headings(tmp_path: Path) -> None:
    met, star = _two(tmp_path)
    assert with_curly_quotes(star).text == "The “Star” paper closed."
    assert {plain_titles(met, random.Random(n)).text.split()[0] for n in range(20)} == {"Mr.", "Mr"}
    assert in_heading_case(met, random.Random(1)).text in ("Mr. Osei Met Ana Sousa in Varna.", "MR. OSEI MET ANA SOUSA IN VARNA.")
    assert [e.text for e in in_heading_case(met, random.Random(1)).ents][1].lower() == "ana sousa"


def test_trees_with_other_words_are_the_same_trees() -> None:
    doc = load_pipeline()('Ana said "Varna is far" on Monday.')
    copy = with_other_words(doc, ["Kovalenko"], ["Porto"], random.Random(2))
    assert [(t.head.i, t.dep_, t.tag_) for t in copy] == [(t.head.i, t.dep_, t.tag_) for t in doc]
    assert "“" in copy.text
    assert "”" in copy.text


def test_trees_that_two_of_three_parsers_give_are_believed_once() -> None:
    one, other = load_pipeline(), spacy.blank("en")
    other.add_pipe("sentencizer")
    docs = [blank()("The council of Bergen bought two ferries on Monday. Each of them takes forty cars.")]
    found = [d.text.strip() for d in agreed(docs, [one, other, one])]
    assert found == ["The council of Bergen bought two ferries on Monday.", "Each of them takes forty cars."]
    assert not list(agreed(docs, [one, other]))
