"""Puts right what the parser reads as a noun phrase though it is a clause: "The council on Monday lifted sanctions"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spacy.attrs import DEP, HEAD, LEMMA, POS, TAG
from spacy.tokens import Doc, Span, Token

from transforms.extraction.event_patterns import Lexicon, word_list
from transforms.language import NewsDoc

NOMINAL = ("NOUN", "PROPN", "PRON")
INSIDE_PHRASE = ("det", "amod", "compound", "nmod", "poss", "nummod", "case", "quantmod", "predet")
OPENS_PHRASE = ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "SYM")
TIME_TYPES = ("DATE", "TIME")
HAVE = ("have", "has", "had")
LOOSE = ("ROOT", "conj", "appos", "dobj", "npadvmod", "dep", "nsubj", "attr")
"""What the parser makes of the object of a verb that it has not seen."""

Change = tuple[int, int, str, str, str, str]
"""Token, its new head, dependency, coarse and fine tag, lemma; an empty string leaves a value as it is."""


def mended(news: NewsDoc, lexicon: Lexicon) -> NewsDoc:
    """The document with a copy of its parse in which the verbs of the lexicon that were taken for nouns, modifiers or participles
    head their sentences; the document itself if there are none.

    Only sentences whose root is no verb, or is a "have" that might be an auxiliary, are looked at; a good reading is kept.
    """
    changes = [c for sent in news.doc.sents if _is_doubtful(sent.root) for c in _mend(sent, lexicon)]
    return replace(news, doc=_changed(news.doc, changes)) if changes else news


def _is_doubtful(root: Token) -> bool:
    if root.lower_ in HAVE:
        return any(c.dep_ == "dobj" and any(g.tag_ == "VBN" and g.dep_ == "amod" for g in c.lefts) for c in root.rights)
    return root.pos_ not in ("VERB", "AUX")


def _changed(doc: Doc, changes: Iterable[Change]) -> Doc:
    array = doc.to_array([HEAD, DEP, POS, TAG, LEMMA])
    for token, head, *names in changes:
        array[token, 0] = (head - token) % 2**64
        for column, name in enumerate(names, start=1):
            if name:
                array[token, column] = doc.vocab.strings.add(name)
    return doc.copy().from_array([HEAD, DEP, POS, TAG, LEMMA], array)  # type: ignore[arg-type]  # spaCy's own stubs disagree


def _mend(sent: Span, lexicon: Lexicon) -> list[Change]:
    """The changes that make a main verb of the first token that can be one; none if there is none."""
    for verb in sent:
        lemma = lexicon.forms.get(verb.lower_) or (lexicon.present.get(verb.lower_) if verb.tag_ in ("NNS", "NNP", "NNPS", "VBZ") else None)
        if lemma is None or verb.ent_type_ or verb.i == sent.start or any(c.dep_ in ("aux", "auxpass", "nsubj") for c in verb.children):
            continue
        subject = _subject(verb, sent)
        if subject is None:
            continue
        target = _target(verb)
        if target is None and not _may_lack_object(verb, lemma, lexicon):
            continue
        changes = _as_main_verb(verb, lemma, subject, target, sent)
        if _is_tree(changes, sent):
            return changes
    return []


def _before(verb: Token, sent: Span) -> Token:
    """The last token before the verb that is no adverb, no day and no bracket ("on Monday quietly lifted")."""
    place = verb.i - 1
    while place > sent.start:
        token = verb.doc[place]
        timed = token.ent_type_ in TIME_TYPES or token.lower_ in word_list("day")
        if not (timed or token.pos_ == "ADV" or token.text in "()" or (token.lower_ == "on" and _is_time(verb.doc[place + 1]))):
            break
        place -= 1
    return verb.doc[place]


def _is_time(token: Token) -> bool:
    return token.ent_type_ in TIME_TYPES or token.lower_ in word_list("day")


def _subject(verb: Token, sent: Span) -> Token | None:
    """The noun before the verb that does what the verb says; None if the token is what the parser made of it."""
    before = _before(verb, sent)
    if before == sent.root and before.lower_ in HAVE and verb.tag_ == "VBN" and verb.dep_ == "amod":
        return next((c for c in before.lefts if c.dep_ == "nsubj"), None)
    if verb.dep_ == "acl" and verb.tag_ in ("VBD", "VBN", "JJ"):
        root = sent.root
        bare = verb.lemma_.lower() in word_list("intransitive")
        over = verb.head
        while over != root and (over.dep_ in ("appos", "conj") or _is_time(over) or (over.dep_ == "pobj" and (verb.tag_ == "VBD" or bare))):
            over = over.head if over.dep_ != "pobj" else over.head.head
        following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < sent.end else ""
        return root if over == root and root.i < verb.i and root.pos_ in NOMINAL and following != "by" else None
    if before.pos_ not in NOMINAL or before.dep_ in ("poss", "pobj") or before.tag_ == "POS":
        return None
    over = _phrase_head(verb)
    dated = over.dep_ == "pobj" and over.head.i + 1 < verb.i and _is_time(over.head.nbor())
    if verb.dep_ in ("amod", "compound", "nmod") and verb.head.i > verb.i and (over.dep_ in LOOSE or dated):
        return before
    return before if verb.dep_ == "ROOT" and verb.tag_ in ("NN", "VBN", "JJ") else None


def _phrase_head(verb: Token) -> Token:
    """The head of the phrase that the verb was taken to be a part of."""
    over = verb.head
    while over.dep_ in ("compound", "nmod") and over.head.i > over.i:
        over = over.head
    return over


def _target(verb: Token) -> Token | None:
    """The noun that the verb acts on: the one it was taken to modify, or the head of the phrase right behind it."""
    if verb.dep_ in ("amod", "compound", "nmod"):
        return _phrase_head(verb)
    behind = [*verb.rights, *(g for c in verb.rights if _is_time(c) for g in c.rights if g.dep_ == "pobj")]
    own = next((c for c in behind if c.dep_ in ("dobj", "appos", "attr", "nmod", "pobj") and c.pos_ in NOMINAL and not _is_time(c)), None)
    if own is not None:
        return own
    following = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else None
    return verb if following is not None and following.pos_ in OPENS_PHRASE and verb.dep_ == "acl" and not _is_time(following) else None


def _may_lack_object(verb: Token, lemma: str, lexicon: Lexicon) -> bool:
    """True for a verb that needs no object, or whose preposition is part of the trigger ("called for")."""
    if lemma in word_list("intransitive"):
        return True
    following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    if any(t.words and t.words[0] == following and "passive" not in t.rule.needs for t in lexicon.verbs.get(lemma, ())):
        return True
    return verb.tag_ == "VBD" and any(c.dep_ in ("prep", "prt", "xcomp", "ccomp") for c in verb.rights)


def _as_main_verb(verb: Token, lemma: str, subject: Token, target: Token | None, sent: Span) -> list[Change]:
    present = verb.lower_.endswith("s")
    changes: dict[int, Change] = {verb.i: (verb.i, verb.i, "ROOT", "VERB", "VBZ" if present else "VBD", lemma)}
    changes[subject.i] = (subject.i, verb.i, "nsubj", "", "", "")
    if target is not None and target != verb:
        changes[target.i] = (target.i, verb.i, "dobj", "", "", "")
    auxiliary = sent.root.lower_ in HAVE
    if auxiliary:
        changes[verb.i] = (verb.i, verb.i, "ROOT", "VERB", "VBN", lemma)
        changes[sent.root.i] = (sent.root.i, verb.i, "aux", "AUX", "", "")
    moved = {verb.i, *(() if target is None else (target.i,)), sent.root.i}
    for token in sent:
        if token.i in changes:
            continue
        crosses = (token.i < verb.i) != (token.head.i < verb.i) or token.head.i == verb.i
        if token.i < verb.i and (crosses or (auxiliary and token.head == sent.root)):
            own = token.dep_ in INSIDE_PHRASE and token.i < subject.i
            changes[token.i] = (token.i, subject.i if own else verb.i, "", "", "", "")
        elif token.i > verb.i and crosses and token.head.i in {*moved, subject.i}:
            changes[token.i] = (token.i, verb.i, "", "", "", "")
    return list(changes.values())


def _is_tree(changes: list[Change], sent: Span) -> bool:
    """True if every token still leads to the one root."""
    heads = {t.i: t.head.i for t in sent} | {c[0]: c[1] for c in changes}
    for token in heads:
        above = token
        for _ in heads:
            above = heads[above]
        if heads[above] != above:
            return False
    return sum(head == token for token, head in heads.items()) == 1
