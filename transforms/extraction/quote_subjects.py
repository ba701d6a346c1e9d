"""Who speaks with a verb of saying: the head of the noun phrase, found in the parse of the sentence."""

from __future__ import annotations

from transforms.extraction.quote_direct import FINITE
from transforms.extraction.quote_lexicon import Sense, load_lexicon
from transforms.extraction.quote_model import PUNCT, climb
from transforms.extraction.quote_tree import Tree


def speaker_of(tree: Tree, sense: Sense, i: int) -> int | None:
    """Head of the speaker's noun phrase: the subject, in the passive the agent; None for nobody."""
    if tree.is_passive(i) or (tree.tag[i] == "VBN" and tree.dep[i] in ("acl", "advcl", "relcl") and tree.child(i, "nsubj", "aux") is None):
        by = tree.child(i, "agent", "prep")
        agent = tree.child(by, "pobj") if by is not None and tree.lower[by] == "by" else None
        return agent
    subject = _participle_speaker(tree, i) if tree.dep[i] == "acl" else tree.subject(i)
    if tree.tag[i] == "VBG" and subject is not None and subject > i and tree.words[i - 1] == ",":
        subject = _main_subject(tree, i)
    elif tree.tag[i] == "VBG" and tree.words[i - 1] == ",":
        subject = _teller(tree, i, subject)
    if subject is None and tree.tag[i] in FINITE:
        subject = noun_before(tree, i, tree.sentence_start[i])
    if subject is None or tree.lower[subject] in ("there", "what"):
        return None
    if tree.lower[subject] in ("who", "which", "that"):
        verb = tree.head[subject]
        while tree.dep[verb] in ("conj", "xcomp", "aux") and tree.head[verb] != verb:
            verb = tree.head[verb]
        subject = _whom(tree, tree.head[verb]) if tree.dep[verb] in ("relcl", "acl") else subject
    if tree.dep[subject] == "nsubjpass" and subject in tree.children[i]:
        return None
    if sense.only_subjects and tree.lemma[subject] not in sense.only_subjects:
        return None
    return subject if tree.is_noun(subject) or tree.tag[subject] in ("WP", "JJ", "WDT", "PDT", "VBG") else None


def noun_before(tree: Tree, i: int, a: int) -> int | None:
    before = i - 1
    while before > a and tree.tag[before] in ("RB", "MD", "VBD", "VBZ") and tree.words[before] not in PUNCT:
        before -= 1
    head = climb(tree, before, a, i) if tree.is_noun(before) else None
    return head


def _teller(tree: Tree, i: int, subject: int | None) -> int | None:
    """In "X told Y the boat had turned back, adding that ..." it is X who adds: the subject of the saying that the participle hangs in."""
    verb = tree.head[i]
    above = tree.head[verb]
    if tree.dep[i] == "advcl" and tree.dep[verb] == "ccomp" and tree.lower[above] in load_lexicon().verbs:
        return tree.subject(above) or subject
    return subject


def _main_subject(tree: Tree, i: int) -> int | None:
    """The nearest subject before a participle: ', he said, adding ...'."""
    return next((k for k in range(i - 1, tree.sentence_start[i] - 1, -1) if tree.dep[k] == "nsubj" and tree.is_verb(tree.head[k])), None)


def _whom(tree: Tree, noun: int) -> int:
    """Whom a relative clause is about: not the time or the apposition that stands next to it but what that belongs to."""
    for _ in range(3):
        up = tree.head[noun]
        if (tree.dep[noun] == "appos" and tree.tag[up].startswith("NNP")) or (
            tree.entity[noun] in ("DATE", "TIME") and tree.tag[up].startswith("NN")
        ):
            noun = up
    return noun


def _participle_speaker(tree: Tree, i: int) -> int | None:
    """Who says in 'X sent a note on Friday, saying ...': the noun if it can speak and no comma parts the two, else the subject of its verb."""
    noun = tree.head[i]
    if tree.words[i - 1] != "," and (
        tree.lemma[noun] in load_lexicon().writings or tree.entity[noun] in ("PERSON", "ORG", "NORP", "GPE") or tree.tag[noun] == "NNS"
    ):
        return noun
    verb = noun
    for _ in range(6):
        verb = tree.head[verb]
        if tree.is_verb(verb):
            return tree.subject(verb) if not tree.is_passive(verb) else noun
    return noun


def owner_of(tree: Tree, i: int) -> int | None:
    """Whose statement it is: 'her claim', 'the claim by X', 'X made the claim'."""
    poss = tree.child(i, "poss")
    if poss is not None:
        return poss
    by = next((c for c in tree.children[i] if c > i and tree.lower[c] == "by" and tree.dep[c] in ("prep", "agent")), None)
    if by is not None:
        return tree.child(by, "pobj")
    verb = tree.head[i]
    if tree.dep[i] == "dobj" and tree.lower[verb] in load_lexicon().light and not tree.is_passive(verb):
        subject = tree.subject(verb)
        return subject if subject is not None and tree.lower[subject] not in ("there", "what", "which", "that") else None
    return None
