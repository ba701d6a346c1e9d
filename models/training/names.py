"""Corpora for the names: what the names component of the pipeline is trained on.

Three commands, in the order of `project.yml`:

    python -m models.training.names teacher   gold corpora + sentences labelled by reading -> teacher.spacy, dev.spacy
    python -m models.training.names student   the same + news text labelled by the teacher  -> student.spacy
    python -m models.training.names score     F1 per label of a pipeline on the sentences that nothing trains on

No label of the Groningen Meaning Bank is used: of its documents only the text is taken, which is in the public domain, and the numbers and dates, which
the data package made by a token grammar of its own.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.util import filter_spans

from models.training.augment import Swapper, in_heading_case, plain_titles, with_curly_quotes
from models.training.tokenizer import news_tokenizer

NUMBERS = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"})
NAMES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"})

OWN_COPIES = 4
"""How often a sentence labelled by reading stands in the corpus: they are few and the only ones whose conventions are wholly ours."""

SWAPPED_SHARE = {"own": 0.8, "gold": 0.5, "fewnerd": 0.15, "silver": 0.25}
"""Share of the documents of a corpus of which a second copy with other names is added."""


def blank() -> Language:
    """An English pipeline without components and with the tokenizer of ours."""
    nlp = spacy.blank("en")
    nlp.tokenizer = news_tokenizer(nlp)
    return nlp


def read_docs(path: Path, nlp: Language) -> list[Doc]:
    """The documents of a DocBin, tokenized as it was written."""
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def write_docs(docs: Iterable[Doc], path: Path) -> None:
    """A DocBin with nothing but words, spaces and names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    DocBin(attrs=["ENT_IOB", "ENT_TYPE", "ORTH", "SPACY"], docs=docs).to_disk(path)


class NumberIndex:
    """Numbers and dates of the sentences of a corpus, found by the sentence's text."""

    def __init__(self, docs: Sequence[Doc]) -> None:
        self._spans: list[tuple[int, int, str]] = []
        pieces, at = [], 0
        for doc in docs:
            self._spans += [(at + e.start_char, at + e.end_char, e.label_) for e in doc.ents if e.label_ in NUMBERS]
            pieces.append(doc.text)
            at += len(doc.text) + 1
        self._text = "\n".join(pieces)

    def of(self, sentence: str) -> list[tuple[int, int, str]]:
        """Spans within the sentence; none where the corpus does not hold it."""
        start = self._text.find(sentence)
        if start < 0:
            return []
        end = start + len(sentence)
        return [(s - start, e - start, label) for s, e, label in self._spans if s >= start and e <= end]


def labelled(path: Path, nlp: Language, numbers: NumberIndex) -> list[Doc]:
    """Sentences labelled by reading as documents; a name that no tokens fit leaves its tokens open (missing), not outside."""
    docs = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        doc = nlp.make_doc(row["text"])
        ents: list[Span] = []
        missing: list[Span] = []
        for start, end, label in row["names"]:
            span = doc.char_span(start, end, label=label)
            if span is not None:
                ents.append(span)
            else:
                missing += filter(None, [doc.char_span(start, end, alignment_mode="expand")])
        taken = {t.i for span in (*ents, *missing) for t in span}
        for start, end, label in numbers.of(row["text"]):
            span = doc.char_span(start, end, label=label)
            if span is not None and taken.isdisjoint(t.i for t in span):
                ents.append(span)
        doc.set_ents(filter_spans(ents), missing=missing, default="outside")
        docs.append(doc)
    return docs


def joined(docs: Sequence[Doc], nlp: Language, rng: random.Random) -> Iterator[Doc]:
    """The documents in runs of one to three: names are also to be found behind the first sentence of a text."""
    at = 0
    while at < len(docs):
        run = list(docs[at : at + rng.choice((1, 1, 2, 3))])
        at += len(run)
        yield Doc.from_docs(run, ensure_whitespace=True) if len(run) > 1 else run[0]


def relabelled(docs: Sequence[Doc], teacher: Language, *, keep_names: bool) -> list[Doc]:
    """Documents with the teacher's names.

    Args:
        docs: Documents whose numbers are right.
        teacher: Pipeline with a component `ner`.
        keep_names: The names of the document are right where they are given, and the teacher only fills what is missing; else they are forgotten.
    """
    out = []
    told = teacher.pipe((_bare(doc, teacher) for doc in docs), batch_size=64)
    for doc, guess in zip(docs, told, strict=True):
        kept = [e for e in doc.ents if keep_names or e.label_ in NUMBERS]
        closed = {t.i for e in kept for t in e}
        if keep_names:
            closed |= {t.i for t in doc if t.ent_iob != 0}
        new = [
            Span(doc, e.start, e.end, label=e.label_) for e in guess.ents if e.label_ in NAMES and closed.isdisjoint(range(e.start, e.end))
        ]
        copy = _bare(doc, teacher)
        copy.set_ents([Span(copy, e.start, e.end, label=e.label_) for e in (*kept, *new)], default="outside")
        out.append(copy)
    return out


def _bare(doc: Doc, nlp: Language) -> Doc:
    return Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])


def with_variety(docs: Sequence[Doc], share: float, swapper: Swapper, rng: random.Random) -> list[Doc]:
    """The documents, some with curly quotes, bare titles or in the case of a heading, and a share of them once more with other names."""
    out = []
    for doc in docs:
        made = plain_titles(doc, rng)
        if rng.random() < 0.4:
            made = with_curly_quotes(made)
        if rng.random() < 0.04:
            made = in_heading_case(made, rng)
        out.append(made)
    return out + [
        with_curly_quotes(s) if rng.random() < 0.4 else s for s in (swapper.swapped(d) for d in docs if d.ents and rng.random() < share)
    ]


def corpus(args: argparse.Namespace) -> None:
    """Write `teacher.spacy` and `dev.spacy`, or with a teacher `student.spacy`."""
    nlp, rng = blank(), random.Random(args.seed)
    package: Path = args.package
    gmb = read_docs(package / "ner_gmb_train.spacy", nlp)
    numbers = NumberIndex(gmb)
    own = labelled(args.labels / "names_train.jsonl", nlp, numbers)
    gold, fewnerd = read_docs(package / "ner_gold_train.spacy", nlp), read_docs(package / "ner_fewnerd_train.spacy", nlp)
    parts = {"gold": gold, "fewnerd": fewnerd}
    if args.teacher:
        teacher = spacy.load(args.teacher, exclude=["tagger", "morphologizer", "parser", "lemmatizer"])
        parts = {
            "gold": gold,
            "fewnerd": relabelled(fewnerd, teacher, keep_names=True),
            "silver": relabelled(gmb, teacher, keep_names=False),
        }
    swapper = Swapper.over([*own, *gold, *fewnerd], rng)
    docs = [
        d
        for _ in range(OWN_COPIES)
        for d in with_variety(list(joined(rng.sample(own, len(own)), nlp, rng)), SWAPPED_SHARE["own"], swapper, rng)
    ]
    for name, part in parts.items():
        docs += with_variety(part, SWAPPED_SHARE[name], swapper, rng)
    rng.shuffle(docs)
    write_docs(docs, args.out / ("student.spacy" if args.teacher else "teacher.spacy"))
    dev = labelled(args.labels / "names_dev.jsonl", nlp, NumberIndex(gmb + read_docs(package / "ner_gmb_dev.spacy", nlp)))
    write_docs(dev + read_docs(package / "ner_gold_dev.spacy", nlp)[:120], args.out / "dev.spacy")
    print(f"{len(docs):,} documents, {sum(map(len, docs)):,} tokens")


def score(args: argparse.Namespace) -> None:
    """Print F1 per label, exact span and type, over the sentences of the dev set (offsets in characters)."""
    nlp = spacy.load(args.pipeline)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = [json.loads(line) for line in (args.labels / "names_dev.jsonl").read_text(encoding="utf-8").splitlines()]
    for row, doc in zip(rows, nlp.pipe(r["text"] for r in rows), strict=True):
        gold = {(s, e, label) for s, e, label in row["names"]}
        told = {(e.start_char, e.end_char, e.label_) for e in doc.ents if e.label_ in NAMES}
        for hits, kind in ((gold & told, "both"), (gold, "gold"), (told, "told")):
            for _, _, label in hits:
                counts[label][kind] += 1
                counts["all"][kind] += 1
    for label in ("all", *sorted(set(counts) - {"all"})):
        c = counts[label]
        print(f"{label:12} F1 {2 * c['both'] / max(1, c['gold'] + c['told']):.3f}  gold {c['gold']:4}  told {c['told']:4}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(required=True)
    for name in ("teacher", "student"):
        make = sub.add_parser(name)
        make.add_argument("--package", type=Path, required=True, help="folder with the DocBins of the data package")
        make.add_argument("--labels", type=Path, default=Path("models/labels"))
        make.add_argument("--out", type=Path, required=True)
        make.add_argument("--seed", type=int, default=11)
        make.add_argument("--teacher", type=Path, required=name == "student", default=None)
        make.set_defaults(run=corpus)
    told = sub.add_parser("score")
    told.add_argument("pipeline")
    told.add_argument("--labels", type=Path, default=Path("models/labels"))
    told.set_defaults(run=score)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
