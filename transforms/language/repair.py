"""Puts right a reading that the parser often gets wrong in news: a second verb of saying drawn into what was said."""

from __future__ import annotations

from spacy.tokens import Doc, Token

SAYING = frozenset(
    (
        "say",
        "add",
        "tell",
        "warn",
        "insist",
        "claim",
        "announce",
        "stress",
        "argue",
        "note",
        "explain",
        "confirm",
        "deny",
        "declare",
        "report",
    )
)


def reattach_speech(doc: Doc) -> None:
    """Give "added" in "said that the bridge was safe and added that it would open" back to "said".

    A past tense of saying without a subject of its own, joined to the verb of a statement, is a further act of saying of the same speaker: what was
    stated has a subject of its own and is no act of saying.
    """
    for token in doc:
        if token.dep_ == "conj" and token.tag_ == "VBD" and token.lemma_ in SAYING and _is_drawn_in(token):
            stated = token.head
            said = stated.head
            for joint in [c for c in stated.rights if c.i < token.i and c.i >= token.i - 2 and c.dep_ in ("cc", "punct")]:
                joint.head = said
            token.head = said


def _is_drawn_in(verb: Token) -> bool:
    stated = verb.head
    said = stated.head
    return (
        stated.dep_ == "ccomp"
        and stated.i < verb.i
        and said.tag_ == "VBD"
        and said.lemma_ in SAYING
        and stated.lemma_ not in SAYING
        and any(c.dep_ in ("nsubj", "nsubjpass") for c in stated.children)
        and not any(c.dep_ in ("nsubj", "nsubjpass", "aux") for c in verb.children)
    )
