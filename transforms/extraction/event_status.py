"""Did it happen? What negation, tense, mood and the clauses around it say of a trigger."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Token

from transforms.extraction.event_patterns import word_list


@dataclass(frozen=True, slots=True)
class Stance:
    """How the text holds the act: each flag is independent; ``void`` means that the text does not tell it as an act at all."""

    negated: bool = False
    future: bool = False
    forecast: bool = False
    decided: bool = False
    hypothetical: bool = False
    pluperfect: bool = False
    void: bool = False

    def joined(self, other: Stance) -> Stance:
        """The flags of both; two negations do not cancel each other, since news prose means one of them rhetorically."""
        return Stance(*(getattr(self, name) or getattr(other, name) for name in self.__slots__))


VOID = Stance(void=True)
PLAIN = Stance()
OWN_CLAUSE = ("nsubj", "nsubjpass", "csubj", "expl")


def verb_stance(verb: Token) -> Stance:
    """The stance of a verb from its own auxiliaries and from every clause above it, up to the one that stands by itself."""
    if any(t.text == "?" for t in verb.sent[-2:]):
        return VOID  # a question tells nothing
    stance = own_stance(verb)
    current = verb
    for _ in range(12):
        step = _step(current)
        if step is None:
            return stance
        stance = stance.joined(step[0])
        if stance.void or step[1] is None:
            return stance
        current = step[1]
    return stance


def own_stance(verb: Token) -> Stance:
    """The stance that a verb's auxiliaries and negations give; a conjunct without its own takes those of the first verb."""
    children = list(verb.children)
    if not any(c.dep_ in ("aux", "auxpass", *OWN_CLAUSE) for c in children) and verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        shared = own_stance(verb.head)
        same_form = verb.tag_ in (verb.head.tag_, "VB")
        return (
            replace(shared, negated=(shared.negated and same_form) or _is_negated(verb)) if same_form else Stance(negated=_is_negated(verb))
        )
    words = {c.lower_ for c in children if c.dep_ in ("aux", "auxpass")}
    future = bool(words & word_list("future_aux")) and "have" not in words
    would = bool(words & {"would", "'d"}) and verb.tag_ == "VB"
    reported = would and _is_reported(verb)
    return Stance(
        negated=_is_negated(verb),
        future=future or reported,
        hypothetical=bool(words & word_list("modal_aux")) or (would and not reported) or _is_inverted(verb),
        pluperfect="had" in words and verb.tag_ == "VBN" and not _is_reported(verb),
    )


def _is_inverted(verb: Token) -> bool:
    """ "Had they attacked, ..." and "Should it attack, ...": the auxiliary before the subject makes a condition."""
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    first = next((c for c in verb.children if c.dep_ in ("aux", "auxpass")), None)
    return bool(subject and first and first.i < subject.i and first.lower_ in ("had", "should", "were"))


def _is_negated(verb: Token) -> bool:
    for child in verb.children:
        if (child.dep_ == "neg" or child.lower_ in word_list("negation")) and child.i < verb.i + 3:
            following = child.doc[child.i + 1].lower_ if child.i + 1 < len(child.doc) else ""
            if following not in ("only", "just", "merely", "simply"):
                return True
        if child.dep_ in ("dobj", "nsubjpass", "nsubj") and any(g.lower_ in ("no", "neither", "none") for g in (child, *child.lefts)):
            return True
    return False


def _is_reported(verb: Token) -> bool:
    """True inside what somebody says, where "would" is a future and "had" a past put back by one tense."""
    while verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    if verb.dep_ == "acl" and verb.head.lemma_.lower() in word_list("speech_noun"):
        return True
    return verb.dep_ == "ccomp" and (lemma_of(verb.head) in word_list("speech") or lemma_of(verb.head) in word_list("denial"))


def _step(verb: Token) -> tuple[Stance, Token | None] | None:
    """What the construction that a verb stands in adds, and the next verb above; None where the clause stands by itself."""
    head, dep = verb.head, verb.dep_
    if head == verb or dep in ("ROOT", "relcl", "parataxis", "appos"):
        return None
    marks = {c.lower_ for c in verb.children if c.dep_ in ("mark", "advmod")}
    if marks & word_list("condition") and dep in ("advcl", "ccomp", "xcomp", "acl"):
        return VOID, None
    infinitive = any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
    if dep == "conj":
        return PLAIN, head if head.pos_ in ("VERB", "AUX") else None
    if dep == "pcomp" or head.dep_ == "prep":
        return _under_preposition(head)
    if head.pos_ not in ("VERB", "AUX"):
        return _under_noun(verb, head, infinitive)
    if infinitive and dep in ("xcomp", "ccomp", "advcl", "acl"):
        foreseen = lemma_of(head) == "expect" and any(c.dep_ in ("nsubj", "dobj", "dative") for c in (*verb.children, *head.rights))
        return (VOID, None) if foreseen else governed(head)
    if dep == "xcomp":
        return governed(head)
    if dep == "ccomp":
        return _in_content(head)
    if dep in ("dobj", "nsubj", "csubj", "attr", "nsubjpass", "pobj") and lemma_of(head) not in word_list("transparent"):
        return VOID, None  # a gerund as a thing that is spoken of
    if dep == "advcl" and any(c.dep_ in OWN_CLAUSE for c in verb.children):
        return None
    if dep == "advcl":
        above = own_stance(head)
        return Stance(future=above.future, hypothetical=above.hypothetical), head
    return PLAIN, head


def lemma_of(token: Token) -> str:
    """The lemma in small letters."""
    return token.lemma_.lower()


def governed(governor: Token) -> tuple[Stance, Token | None]:
    """What a verb does to the act in its infinitive or gerund ("began to", "plan to", "tried to")."""
    lemma = governor.lemma_.lower()
    if lemma == "have" and governor.tag_ != "VBD":
        return VOID, None  # "have to" obliges, "had to" tells that it was done
    if lemma in word_list("transparent"):
        return own_stance(governor), governor
    if lemma in word_list("deciding"):
        return Stance(decided=True).joined(own_stance(governor)), governor
    if lemma in word_list("planning"):
        passive = any(c.dep_ == "auxpass" for c in governor.children)
        return Stance(future=True, forecast=passive and lemma == "expect").joined(own_stance(governor)), governor
    if lemma in word_list("failing"):
        return replace(own_stance(governor), negated=True), governor
    if lemma in word_list("speech") and any(c.dep_ == "auxpass" for c in governor.children):
        return PLAIN, governor  # "is said to have fled"
    return VOID, None


def _in_content(governor: Token) -> tuple[Stance, Token | None] | None:
    """What a verb does to the clause that is its object: saying leaves it as it is, denying negates it, hoping voids it."""
    lemma = governor.lemma_.lower()
    own = own_stance(governor)
    if lemma in word_list("denial"):
        return (VOID, None) if own.negated else (Stance(negated=True), governor)
    if lemma in word_list("speech") or lemma in word_list("knowing"):
        return (VOID, None) if own.negated or own.hypothetical else (PLAIN, governor)
    if lemma in word_list("intending") or lemma in word_list("hoping") or own.negated or own.hypothetical:
        return VOID, None
    return PLAIN, governor


def _under_preposition(preposition: Token) -> tuple[Stance, Token | None]:
    word, head = preposition.lower_, preposition.head
    if word in word_list("void_preposition"):
        return VOID, None
    if word == "without":
        return Stance(negated=True), None
    if head.pos_ in ("VERB", "AUX"):
        lemma = head.lemma_.lower()
        if word in ("to", "on", "at", "for") and lemma in word_list("intending"):
            return VOID, None
        if lemma in word_list("planning"):
            return Stance(future=True), head
        above = own_stance(head)
        if word in ("by", "with", "in") and (above.negated or above.future or above.hypothetical):
            return above, head
        return PLAIN, head
    if head.pos_ in ("NOUN", "ADJ", "PROPN") and head.lemma_.lower() in word_list("intention_noun"):
        return VOID, None
    return PLAIN, None


def _under_noun(verb: Token, noun: Token, infinitive: bool) -> tuple[Stance, Token | None] | None:
    """An infinitive under a noun or adjective: a plan is a future, an attempt or a right is no act."""
    lemma = noun.lemma_.lower()
    if not infinitive:
        if any(c.dep_ == "nsubj" for c in noun.children):
            return _in_content(noun)  # a verb that the tagger took for a noun ("Chad hopes that ...")
        if verb.dep_ == "acl" and lemma in word_list("intention_noun"):
            return VOID, None
        return None
    if lemma in word_list("plan_noun"):
        return Stance(future=True), None
    if lemma in word_list("decision_noun"):
        return Stance(decided=True), None
    return VOID, None


# --- nominal triggers -----------------------------------------------------------------------------------------


def noun_stance(noun: Token) -> Stance:
    """The stance of an act that is named by a noun alone ("the raid on the mill"), from what the noun hangs on."""
    if any(t.text == "?" for t in noun.sent[-2:]) or any(
        c.lower_ in ("no", "any", "possible", "potential", "future", "further") for c in noun.lefts
    ):
        return VOID
    current = noun
    for _ in range(6):
        head, dep = current.head, current.dep_
        if dep in ("conj", "appos") and head.pos_ in ("NOUN", "PROPN"):
            current = head
        elif dep == "pobj" and head.dep_ == "prep":
            if head.lower_ == "against" and head.head.lemma_.lower() in word_list("protesting") and _is_definite(current):
                return PLAIN  # what is protested against has happened
            if head.lower_ in word_list("void_preposition") or head.lower_ == "without":
                return VOID
            above = head.head
            if above.pos_ in ("VERB", "AUX"):
                return _noun_in_clause(head, above)
            if above.lemma_.lower() in word_list("intention_noun") or above.pos_ == "ADJ":
                return VOID
            current = above
        elif dep in ("dobj", "nsubjpass", "nsubj", "attr", "oprd") and head.pos_ in ("VERB", "AUX"):
            return _noun_as_argument(current, head, dep)
        else:
            return VOID if dep in ("compound", "amod", "nmod", "poss") else PLAIN
    return PLAIN


def _is_definite(noun: Token) -> bool:
    return any(c.lower_ in ("the", "this", "that", "these", "those") or c.dep_ == "poss" for c in noun.lefts)


def _noun_in_clause(preposition: Token, verb: Token) -> Stance:
    own = own_stance(verb)
    if preposition.lower_ == "for" and any(c.dep_ == "dobj" and c.lemma_.lower() in word_list("intention_noun") for c in verb.children):
        return VOID  # "issued a warrant for the arrest of"
    if verb.lemma_.lower() in word_list("intending") and preposition.lower_ in ("for", "to", "of", "against", "on", "with"):
        return VOID
    if own.hypothetical or own.future or own.negated:
        return VOID if preposition.lower_ in ("in", "by", "with", "during", "for", "to", "on", "through") else PLAIN
    return VOID if preposition.lower_ in ("for", "to") and verb_stance(verb).void else PLAIN


def _noun_as_argument(noun: Token, verb: Token, dep: str) -> Stance:
    lemma = verb.lemma_.lower()
    own = verb_stance(verb)
    if lemma in word_list("occurring") and dep == "nsubj":
        return own
    if lemma in word_list("intending"):
        return VOID if dep != "nsubj" else PLAIN
    definite = _is_definite(noun)
    if own.void or own.negated or own.future or own.hypothetical:
        return PLAIN if dep == "nsubj" and definite else VOID
    return PLAIN
