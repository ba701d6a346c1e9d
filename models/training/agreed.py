"""Trees of news that two parsers agree on: python -m models.training.agreed ONE OTHER --package FOLDER --out FILE

Two parsers trained apart (other seed, other width) read the news text of the data package. Where both give a sentence the same heads, labels and tags it is
believed and becomes training material: the gold trees hold little news, and errors seldom agree.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from models.training.names import blank, read_docs

LEAST_WORDS = 6
"""Shorter sentences teach nothing that the gold trees do not hold."""

DOCS_PER_BATCH = 64


def agreed(docs: list[Doc], one: Language, other: Language) -> Iterator[Doc]:
    """Sentences as documents, whole trees that both parsers give; words and blanks as the documents have them."""
    for at in range(0, len(docs), DOCS_PER_BATCH):
        batch = docs[at : at + DOCS_PER_BATCH]
        for first, second in zip(
            *(
                nlp.pipe(Doc(nlp.vocab, words=[t.text for t in d], spaces=[bool(t.whitespace_) for t in d]) for d in batch)
                for nlp in (one, other)
            ),
            strict=True,
        ):
            ends = {s.end for s in second.sents}
            for sent in first.sents:
                if len(sent) >= LEAST_WORDS and sent.end in ends and _is_same(sent, second[sent.start : sent.end]):
                    yield sent.as_doc()


def _is_same(one: Span, other: Span) -> bool:
    return all(a.head.i == b.head.i and a.dep_ == b.dep_ and a.tag_ == b.tag_ and a.pos_ == b.pos_ for a, b in zip(one, other, strict=True))


def main() -> None:
    """Write the trees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one")
    parser.add_argument("other")
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    docs = read_docs(args.package / "ner_gmb_train.spacy", blank())
    trees = list(agreed(docs, *(spacy.load(name, exclude=["ner", "lemmatizer"]) for name in (args.one, args.other))))
    # several in a document, so that they teach where sentences end
    found = [Doc.from_docs(trees[i : i + 3], ensure_whitespace=True) for i in range(0, len(trees), 3)]
    DocBin(attrs=["ORTH", "SPACY", "TAG", "POS", "MORPH", "HEAD", "DEP", "SENT_START"], docs=found).to_disk(args.out)
    print(f"{len(trees):,} sentences, {sum(map(len, found)):,} tokens")


if __name__ == "__main__":
    main()
