"""The word embedding of the names component: what spaCy's hashes see of a word, and the lists of names that it stands in.

A small model without word vectors cannot know that Maputo is a town and Kwame a first name unless its training text said so. Here every token also
carries which lists of names hold it, alone or as a part of a longer name (`geo.city`, `person.first` ...), as one more hashed feature. The lists are a part
of the weights: `spacy.load` needs this module and no file besides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import intify_attr
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d

LISTS = "lists"
LONGEST = 4
"""Words of the longest name that is looked up."""

Ints = Any
"""A numpy array of unsigned integers, token x feature: thinc knows no name for unsigned ones."""


@registry.architectures("dateline.ListedHashEmbed.v1")  # type: ignore[untyped-decorator]
def ListedHashEmbed(  # spaCy's own architectures are named so
    width: int, attrs: Sequence[str], rows: Sequence[int], list_rows: int, lists: str | None = None
) -> Model[list[Doc], list[Floats2d]]:
    """spaCy's MultiHashEmbed with one column more.

    Args:
        width: Width of every embedding and of the result.
        attrs: Attributes of a token, as MultiHashEmbed takes them.
        rows: Rows of the table of each attribute.
        list_rows: Rows of the table of the lists.
        lists: JSON file with the lists, name in small letters -> number whose bits are the lists it stands in; only read where a model is made, later
            the lists come with the weights.

    Raises:
        ValueError: attrs and rows differ in number.
    """
    if len(attrs) != len(rows):
        raise ValueError(f"{len(attrs)} attributes but {len(rows)} numbers of rows")
    known = json.loads(Path(lists).read_text(encoding="utf-8")) if lists else {}
    sizes = [*rows, list_rows]
    tables: list[Model[Any, Any]] = [HashEmbed(width, n, column=i, seed=8 + i, dropout=0.0) for i, n in enumerate(sizes)]
    mix = Maxout(width, width * len(sizes), nP=3, dropout=0.0, normalize=True)
    return chain(listed_features(attrs, known), list2ragged(), with_array(concatenate(*tables)), with_array(mix), ragged2list())


def listed_features(attrs: Sequence[str], lists: Mapping[str, int]) -> Model[list[Doc], list[Ints]]:
    """Per document an array of token x (attributes and the code of the lists)."""
    columns = [intify_attr(a) for a in attrs]
    return Model("listed_features", _forward, attrs={"columns": columns, LISTS: dict(lists)})


def _forward(model: Model[list[Doc], list[Ints]], docs: list[Doc], is_train: bool) -> tuple[list[Ints], Callable[[list[Ints]], list[Doc]]]:
    columns, lists = model.attrs["columns"], model.attrs[LISTS]
    features = []
    for doc in docs:
        array = doc.to_array(columns)
        array = array.reshape(len(doc), len(columns))
        codes = np.asarray(list_codes([t.text for t in doc], lists), dtype=array.dtype).reshape(len(doc), 1)
        both: Ints = np.concatenate([array, codes], axis=1)
        features.append(model.ops.asarray2i(both, dtype="uint64"))
    return features, lambda d_features: []


def list_codes(words: Sequence[str], lists: Mapping[str, int]) -> list[int]:
    """For every word the lists that hold it: bits of the longest listed name that covers it, and where in that name it stands.

    Only words with a capital begin a name. The lowest two bits say 0 outside, 1 alone, 2 first of several, 3 further on.

    >>> list_codes(["In", "New", "York", "Kwame"], {"new york": 1, "kwame": 2})
    [0, 6, 7, 9]
    """
    codes = [0] * len(words)
    small = [w.lower() for w in words]
    at, n = 0, len(words)
    while at < n:
        if words[at][:1].isupper():
            for length in range(min(LONGEST, n - at), 0, -1):
                bits = lists.get(" ".join(small[at : at + length]) if length > 1 else small[at], 0)
                if bits:
                    codes[at] = bits << 2 | (1 if length == 1 else 2)
                    codes[at + 1 : at + length] = [bits << 2 | 3] * (length - 1)
                    at += length - 1
                    break
        at += 1
    return codes
