"""Loads a spaCy pipeline and runs it over cleaned documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language

from transforms.language.newsdoc import NewsDoc, tokenize
from transforms.language.repair import repair
from warehouse.schema import Row

EMBEDDED = Path(__file__).resolve().parents[2] / "models" / "en_dateline_news"
"""The pipeline that the repository carries."""

NEEDED = ("tagger", "parser", "ner", "lemmatizer")
"""What the extractors read: tags, heads and labels, names, lemmas. spaCy's transformer pipelines have all of them."""


@lru_cache(maxsize=2)
def load_pipeline(model: str = "") -> Language:
    """The pipeline of this name or path, the embedded one if empty; loaded once per process.

    Raises:
        OSError: it is not installed.
        ValueError: it lacks a component that the extractors need.
    """
    nlp = spacy.load(model or EMBEDDED)
    missing = [name for name in NEEDED if name not in nlp.pipe_names]
    if missing or nlp.lang != "en":
        raise ValueError(f'pipeline "{model or EMBEDDED.name}" ({nlp.lang}) cannot be used; it lacks: {", ".join(missing) or "English"}')
    return nlp


def model_version(model: str = "") -> str:
    """Name and version of a pipeline, read from its ``meta.json`` without loading the weights."""
    folder = Path(model) if model else EMBEDDED
    if not folder.is_dir():
        folder = next(spacy.util.get_package_path(model).glob(f"**/{model}-*"), spacy.util.get_package_path(model))
    meta = spacy.util.load_meta(folder / "meta.json")
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


LONGEST_SENTENCE = 500
"""Words of a sentence; what has more is a table, a list or no language."""

Cleaned = tuple[Row, Sequence[Row], Sequence[Row]]
"""A documents row, its segments rows and its entries rows."""


def read_documents(nlp: Language, cleaned: Iterable[Cleaned]) -> Iterator[NewsDoc]:
    """One NewsDoc per document, parsed and named, in the order given.

    Documents go through the pipeline one at a time, so that the annotations of a text never depend on its neighbours.
    """
    for document, segments, entries in cleaned:
        news = tokenize(document, segments, entries, nlp.tokenizer, nlp.vocab)
        if len(news.doc):
            _parse(nlp, news)
            if cuts := _cuts(news):
                news = tokenize(document, segments, entries, nlp.tokenizer, nlp.vocab, cuts)
                _parse(nlp, news)
            repair(news.doc)
        yield news


def _parse(nlp: Language, news: NewsDoc) -> None:
    for _, pipe in nlp.pipeline:
        pipe(news.doc)


def _cuts(news: NewsDoc) -> frozenset[int]:
    """Where sentences are cut that are longer than any: what follows looks at every word of a sentence from every other."""
    long_ones = (s for s in news.doc.sents if len(s) > LONGEST_SENTENCE)
    return frozenset(i for s in long_ones for i in range(s.start + LONGEST_SENTENCE, s.end, LONGEST_SENTENCE))
