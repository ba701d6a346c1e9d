"""The tokenizer of the pipeline: spaCy's English one and what news needs besides."""

from __future__ import annotations

from typing import cast

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex

INFIXES = (
    r"(?<=[A-Z]\.[A-Z]\.)[-–](?=[A-Za-z])",  # U.S.-led, U.N.-backed: spaCy's rule for hyphens asks for a letter before them
)


def news_tokenizer(nlp: Language) -> Tokenizer:
    """spaCy's English tokenizer that also parts an abbreviation from what a hyphen joins to it.

    The rules are stored with the pipeline, so `spacy.load` needs no code of ours.
    """
    tokenizer = cast(Tokenizer, nlp.tokenizer)
    tokenizer.infix_finditer = compile_infix_regex((*(nlp.Defaults.infixes or ()), *INFIXES)).finditer
    return tokenizer
