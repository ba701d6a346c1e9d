"""Trees of news that two of several parsers agree on: python -m models.training.agreed PARSER PARSER [PARSER...] --package FOLDER --out FILE

Parsers trained apart (other seed, other width, other material) read the news text of the data package. Where two of them give a sentence the same heads,
labels and tags it is believed and becomes training material: the gold trees hold little news, and errors seldom agree. With three parsers the sentences
that one of them gets wrong are learned from too.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from models.training.names import blank, read_docs

LEAST_WORDS = 6
"""Shorter sentences teach nothing that the gold trees do not hold."""

DOCS_PER_BATCH = 64

ATTRIBUTES = ["ORTH", "SPACY", "TAG", "POS", "MORPH", "HEAD", "DEP", "SENT_START"]


def agreed(docs: list[Doc], parsers: list[Language]) -> Iterator[Doc]:
    """Sentences as documents, whole trees that two parsers give; words and blanks as the documents have them.

    With at most three parsers two such sentences never overlap, since any two pairs of them share a parser.
    """
    for at in range(0, len(docs), DOCS_PER_BATCH):
        batch = docs[at : at + DOCS_PER_BATCH]
        read = [
            list(nlp.pipe(Doc(nlp.vocab, words=[t.text for t in d], spaces=[bool(t.whitespace_) for t in d]) for d in batch))
            for nlp in parsers
        ]
        for readings in zip(*read, strict=True):
            votes: Counter[tuple[object, ...]] = Counter()
            for sent in (s for reading in readings for s in reading.sents if len(s) >= LEAST_WORDS):
                votes[_tree(sent)] += 1
                if votes[_tree(sent)] == 2:
                    yield sent.as_doc()


def _tree(sent: Span) -> tuple[object, ...]:
    return (sent.start, sent.end, *((t.head.i, t.dep_, t.tag_, t.pos_) for t in sent))


def main() -> None:
    """Write the trees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parsers", nargs="+", help="pipelines, two or three")
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--add", type=Path, help="DocBin that is copied beside it: spaCy trains on all files of a folder")
    args = parser.parse_args()
    docs = read_docs(args.package / "ner_gmb_train.spacy", blank())
    parsers = [spacy.load(name, exclude=["ner", "lemmatizer"]) for name in args.parsers]
    trees = list(DocBin(attrs=ATTRIBUTES, docs=agreed(docs, parsers)).get_docs(parsers[0].vocab))  # documents of one vocabulary
    # several in a document, so that they teach where sentences end
    found = [Doc.from_docs(trees[i : i + 3], ensure_whitespace=True) for i in range(0, len(trees), 3)]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    DocBin(attrs=ATTRIBUTES, docs=found).to_disk(args.out)
    if args.add:
        shutil.copy(args.add, args.out.parent)
    print(f"{len(trees):,} sentences, {sum(map(len, found)):,} tokens")


if __name__ == "__main__":
    main()
