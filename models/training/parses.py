"""Corpus for tags, heads and lemmas: the trees of the data package, a second time with other proper names and typographic quotes.

python -m models.training.parses --package FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from spacy.tokens import Doc, DocBin

from models.training.augment import cities_of_size, invented_people
from models.training.names import blank, read_docs

SWAPPED_SHARE = 0.6
"""Share of the proper nouns that are another word in the second copy."""


def with_other_words(doc: Doc, people: Sequence[str], cities: Sequence[str], rng: random.Random) -> Doc:
    """The same tree with about half of its singular proper nouns exchanged and with curly quotes and apostrophes.

    Only words of one token that nothing joins to their neighbour change; a modifier within a name becomes a place, its head a family name.
    """
    words, lemmas, opened = [], [], False
    for token in doc:
        word, lemma = token.text, token.lemma_
        if token.tag_ == "NNP" and token.is_title and token.is_alpha and token.whitespace_ and rng.random() < SWAPPED_SHARE:
            word = lemma = rng.choice(cities) if token.dep_ == "compound" or rng.random() < 0.4 else rng.choice(people)
        elif word == '"':
            word = lemma = "”" if opened else "“"
            opened = not opened
        else:
            word = word.replace("'", "’")
        words.append(word)
        lemmas.append(lemma)
    return Doc(
        doc.vocab,
        words=words,
        spaces=[bool(t.whitespace_) for t in doc],
        tags=[t.tag_ for t in doc],
        pos=[t.pos_ for t in doc],
        morphs=[str(t.morph) for t in doc],
        lemmas=lemmas,
        heads=[t.head.i for t in doc],
        deps=[t.dep_ for t in doc],
        sent_starts=[bool(t.is_sent_start) for t in doc],
    )


def main() -> None:
    """Write `trees.spacy`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, required=True, help="folder with the DocBins of the data package")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    docs = read_docs(args.package / "dep_train.spacy", blank())
    people = [name.split()[-1] for name in invented_people(rng)]
    cities = [name for name in cities_of_size() if name.isalpha()]
    docs += [with_other_words(doc, people, cities, rng) for doc in docs]
    rng.shuffle(docs)
    args.out.mkdir(parents=True, exist_ok=True)
    attrs = ["ORTH", "SPACY", "TAG", "POS", "MORPH", "LEMMA", "HEAD", "DEP", "SENT_START"]
    DocBin(attrs=attrs, docs=docs).to_disk(args.out / "trees.spacy")
    print(f"{len(docs):,} documents, {sum(map(len, docs)):,} tokens")


if __name__ == "__main__":
    main()
