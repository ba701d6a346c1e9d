"""Puts right what the parser often gets wrong in news. Each repair changes tags or heads within one sentence and asks for a form that has no other reading."""

from __future__ import annotations

from spacy.tokens import Doc, Token

SAYING = frozenset(
    ("say", "add", "tell", "warn", "insist", "claim", "announce", "stress", "argue", "note", "explain", "confirm", "deny", "declare", "report")
)  # fmt: skip
SUBJECTS = ("nsubj", "nsubjpass")
_MEASURES = ("DATE", "TIME", "QUANTITY", "MONEY", "PERCENT")
FINITE = ("VBD", "VBP", "VBZ", "MD")


def repair(doc: Doc) -> None:
    """All repairs, in one walk over the words and one over the sentences."""
    for root in [s.root for s in doc.sents]:
        plural_that_is_a_verb(root)
    for token in list(doc):
        past_read_as_present(token)
        if token.dep_ in SUBJECTS:
            mine_as_noun(token)
            noun_read_as_verb(token)
            verb_cut_at_a_hyphen(token)
            subject_of_an_auxiliary(token)
        elif token.dep_ in ("dobj", "pobj"):
            mine_as_noun(token)
            first_of_two_objects(token)
        elif token.lower_ == "by":
            doer_behind_an_object(token)
        elif token.dep_ == "conj":
            second_verb_of_saying(token)
            subject_behind_a_semicolon(token)
        elif token.dep_ == "csubj":
            infinitive_behind_its_verb(token)
        elif token.dep_ == "mark":
            preposition_read_as_a_mark(token)
        elif token.dep_ == "npadvmod":
            subject_read_as_a_measure(token)


def mine_as_noun(token: Token) -> None:
    """ "The mine" is no pronoun."""
    if token.lower_ == "mine" and token.pos_ == "PRON" and any(c.dep_ in ("det", "amod", "compound") for c in token.lefts):
        token.pos_, token.tag_, token.lemma_ = "NOUN", "NN", "mine"


def past_read_as_present(verb: Token) -> None:
    """ "The president vetoed the bill": the third person of the present ends in "s"."""
    if verb.tag_ == "VBZ" and verb.lower_.endswith("ed"):
        verb.tag_, verb.lemma_ = "VBD", verb.lower_[:-2]


def noun_read_as_verb(subject: Token) -> None:
    """ "The drone attack on a refinery caused a fire": a subject is no finite verb; what seemed its own subject is a part of its name."""
    if subject.tag_ not in ("VB", "VBP", "VBZ") or subject.i == 0 or subject.i > subject.head.i:
        return
    part = subject.nbor(-1)
    if part.head == subject and part.dep_ in SUBJECTS:
        plural = subject.tag_ == "VBZ"
        subject.tag_, subject.pos_, subject.lemma_ = ("NNS" if plural else "NN"), "NOUN", subject.lower_[: -1 if plural else None]
        part.dep_ = "compound"
        for child in list(part.lefts):
            child.head = subject


def plural_that_is_a_verb(root: Token) -> None:
    """ "The premier plans to meet the king": a sentence without a finite verb, whose root is a plural with "to" right behind it."""
    if root.tag_ != "NNS" or root.i == root.sent.start:
        return
    subject = root.nbor(-1)
    aims = [c for c in root.rights if c.dep_ in ("acl", "relcl") and c.left_edge.i == root.i + 1 and c.left_edge.tag_ == "TO"]
    if subject.head != root or subject.dep_ != "compound" or not aims or any(t.tag_ in FINITE for t in root.sent):
        return
    root.tag_, root.pos_, root.lemma_ = "VBZ", "VERB", root.lower_[:-1]
    for child in [c for c in root.lefts if c.i < subject.i]:
        child.head = subject
    subject.dep_ = "nsubj"
    aims[0].dep_ = "xcomp"


def verb_cut_at_a_hyphen(part: Token) -> None:
    """ "North Korea test-fired two missiles": what is glued to a verb by a hyphen is a part of it; the name before it is the subject."""
    verb = part.head
    names = [c for c in part.lefts if c.dep_ in ("compound", "amod", "nmod", "nsubj")]
    if verb.i != part.i + 2 or part.whitespace_ or part.nbor().text != "-" or verb.tag_ not in ("VBD", "VBN") or not names:
        return
    subject = names[-1]
    for child in [c for c in part.lefts if c != subject]:
        child.head = subject
    subject.head, subject.dep_, part.dep_ = verb, "nsubj", "compound"


def subject_of_an_auxiliary(subject: Token) -> None:
    """ "Another was injured": a subject that hangs on an auxiliary belongs to the verb."""
    aux = subject.head
    if aux.dep_ in ("aux", "auxpass") and subject.i < aux.i:
        subject.dep_ = "nsubjpass" if aux.dep_ == "auxpass" else "nsubj"
        subject.head = aux.head


def infinitive_behind_its_verb(infinitive: Token) -> None:
    """ "The two are due to meet": a verb that has its subject before it has no clause as a subject behind it."""
    verb = infinitive.head
    if infinitive.i > verb.i and any(c.dep_ in SUBJECTS and c.lower_ != "it" for c in verb.lefts):
        infinitive.dep_ = "advcl"


def preposition_read_as_a_mark(mark: Token) -> None:
    """ "Until Friday to pay": a mark that has an object is a preposition of the verb before it."""
    verb = mark.head
    if mark.i < verb.i and verb.dep_ == "advcl" and verb.head.i < mark.i and any(c.dep_ == "pobj" for c in mark.rights):
        mark.head, mark.dep_, mark.tag_, mark.pos_ = verb.head, "prep", "IN", "ADP"


def subject_read_as_a_measure(noun: Token) -> None:
    """ "Up to 1,000 sheep drowned": a number of things right before a verb without a subject is its subject."""
    verb = noun.head
    if (
        verb.i != noun.i + 1
        or verb.dep_ != "ROOT"
        or verb.tag_ not in ("VBD", "VBN", "VBP")
        or noun.tag_ != "NNS"
        or noun.ent_type_ in _MEASURES
    ):
        return
    if not any(c.dep_ in (*SUBJECTS, "csubj", "expl") for c in verb.children) and any(c.dep_ == "nummod" for c in noun.lefts):
        noun.dep_ = "nsubj"


def first_of_two_objects(first: Token) -> None:
    """ "Kenya promised Somalia trainers", "gave the rebels 48 hours": of two objects side by side the first is who gets the second."""
    verb = first.head
    if first.dep_ != "dobj" or verb.pos_ != "VERB":
        return
    kinds = ("dobj", "npadvmod") if verb.lemma_ == "give" else ("dobj",)
    second = next((c for c in verb.rights if c.dep_ in kinds and c.left_edge.i == first.right_edge.i + 1), None)
    if second is not None:
        first.dep_, second.dep_ = "dative", "dobj"


def doer_behind_an_object(by: Token) -> None:
    """ "Condemned the attack by the militia": behind the object of a verb in the active, "by" and a doer tell who did what is condemned."""
    verb = by.head
    if by.dep_ not in ("prep", "agent") or verb.tag_ not in ("VB", "VBD", "VBP", "VBZ") or any(c.dep_ == "auxpass" for c in verb.lefts):
        return
    done = next((c for c in verb.rights if c.dep_ == "dobj" and c.right_edge.i == by.i - 1 and c.tag_ in ("NN", "NNS")), None)
    doer = next((c for c in by.rights if c.dep_ == "pobj"), None)
    if done is not None and doer is not None and _is_party(doer):
        by.head, by.dep_ = done, "prep"


def second_verb_of_saying(token: Token) -> None:
    """Give "added" in "said that the bridge was safe and added that it would open" back to "said".

    A past tense of saying without a subject of its own, joined to the verb of a statement, is a further act of saying of the same speaker: what was
    stated has a subject of its own and is no act of saying.
    """
    if token.tag_ != "VBD" or token.lemma_ not in SAYING or not _is_drawn_in(token):
        return
    stated = token.head
    said = stated.head
    for joint in [c for c in stated.rights if c.i < token.i and c.i >= token.i - 2 and c.dep_ in ("cc", "punct")]:
        joint.head = said
    token.head = said


def subject_behind_a_semicolon(verb: Token) -> None:
    """ "... of the government; Lima, for its part, sent doctors": the first noun behind a semicolon is the subject of the verb that follows."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or any(c.dep_ in (*SUBJECTS, "expl", "csubj") for c in verb.children):
        return
    mark = next((t for t in reversed(verb.doc[verb.head.i + 1 : verb.i]) if t.text == ";"), None)
    if mark is None:
        return
    between = verb.doc[mark.i + 1 : verb.i]
    subject = next((t for t in between if t.pos_ in ("NOUN", "PROPN", "PRON") and not mark.i < t.head.i < verb.i), None)
    if subject is None or any(t.tag_ in FINITE or t.dep_ in ("prep", "mark", "cc") for t in between if t.i < subject.i):
        return
    subject.head, subject.dep_ = verb, "nsubj"


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


def _is_party(noun: Token) -> bool:
    """A noun with an article or a name, not a measure, a time or a means."""
    return (
        noun.pos_ in ("NOUN", "PROPN")
        and noun.ent_type_ not in ("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL")
        and (noun.pos_ == "PROPN" or any(c.dep_ in ("det", "poss", "amod") for c in noun.lefts))
        and not any(c.dep_ == "nummod" for c in noun.lefts)
    )
