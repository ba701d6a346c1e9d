"""Finds where the lexicon fires: a trigger with the construction around it, before anybody asks who the parties are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from transforms.extraction.event_patterns import NO_EVENT, Lexicon, Rule, Trigger, hyphenated, load_lexicon, singular, word_list
from transforms.extraction.event_roles import Names, Slot, fits, is_passive, misread_subject, prep_objects, shared_object, subjects
from transforms.extraction.event_status import own_stance

NAMING_LABELS = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "LAW")
"""Words inside names of these kinds are no triggers; names of happenings ("the Basra bombing") are left out, since they tell one."""

PUBLIC_SECTORS = {"GOV", "MIL", "COP", "JUD", "LEG", "SPY"}
"""Sectors of those who hold the power of a state."""

BLOCKING = ("relcl", "appos", "parataxis")
"""Dependencies that lead out of the content of a verb: a relative clause states a fact of its own."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One place where a rule fires.

    ``clause`` is the verb that carries the tense, or the trigger itself if that is a noun on its own; ``anchors``
    are the tokens whose prepositional phrases belong to the act; ``target`` is what the verb or its preposition
    acts on, ``object`` the one that a rule's object constraint matched; ``support`` tells how a noun hangs on its
    verb: light, undergo, occur or the empty string.
    """

    rule: Rule
    trigger: Token
    words: tuple[Token, ...]
    clause: Token
    anchors: tuple[Token, ...]
    object: Token | None = None
    support: str = ""
    target: tuple[Slot, ...] = ()
    passive: bool = False


def find_frames(sent: Span, lexicon: Lexicon, names: Names) -> list[list[Frame]]:
    """For every trigger of the sentence, in the order of the text, the rules that fire there, the strictest first."""
    found: list[list[Frame]] = []
    present = frozenset(form for t in sent for form in (t.lower_, t.lemma_.lower()))
    for token in sent:
        frames = _frames_at(token, lexicon, names, present)
        if frames and frames[0].rule.event_type != NO_EVENT:
            found.append([f for f in frames if f.rule.event_type != NO_EVENT])
    return found


def _frames_at(token: Token, lexicon: Lexicon, names: Names, present: frozenset[str]) -> list[Frame]:
    pos = token.pos_
    if names.label(token) in NAMING_LABELS and names.at[token.i][2]["mention_kind"] == "name":
        return []  # "the Armed Services Committee" arms nobody
    if pos in ("VERB", "AUX"):
        frames = _match_verbs(token, lexicon.verbs.get(lexicon.verb_lemma(token), ()), names, present)
        if frames:
            return frames
        if token.tag_ in ("VBG", "VBZ") and token.dep_ in ("csubj", "nsubj", "pobj", "dobj"):
            return _match_nouns(token, lexicon.nouns.get(token.lower_) or lexicon.nouns.get(token.lemma_.lower(), ()), names, present)
    elif token.lower_ in lexicon.forms and token.dep_ in ("amod", "compound", "nmod") and misread_subject(token) is not None:
        return _match_verbs(token, lexicon.verbs.get(lexicon.forms[token.lower_], ()), names, present)
    elif pos in ("NOUN", "PROPN"):
        lemma = hyphenated(token, singular(token))
        if lemma in lexicon.nouns:
            return _match_nouns(token, lexicon.nouns[lemma], names, present)
        lemma = lexicon.forms.get(token.lower_, lemma)
        if lemma in lexicon.verbs and pos == "NOUN" and any(c.dep_ == "nsubj" for c in token.children):
            return _match_verbs(token, lexicon.verbs[lemma], names, present)
    if pos == "ADJ" and token.dep_ in ("dobj", "pobj") and token.lower_ in lexicon.nouns:
        return _match_nouns(token, lexicon.nouns[token.lower_], names, present)
    if token.lower_ in lexicon.adjectives and pos in ("ADJ", "VERB"):
        return [f for t in lexicon.adjectives[token.lower_] if (f := _match_adjective(token, t))]
    return []


# --- verbs ----------------------------------------------------------------------------------------------------


def _match_verbs(verb: Token, triggers: Sequence[Trigger], names: Names, present: frozenset[str]) -> list[Frame]:
    """The rules that fire on a verb; triggers with a word that the sentence does not have are passed over."""
    if not triggers or verb.dep_ in ("aux", "auxpass"):
        return []
    if verb.dep_ in ("amod", "compound") and not any(c.dep_ == "nsubj" for c in verb.children) and misread_subject(verb) is None:
        return []
    own = shared_object(verb)
    return [f for t in triggers if present.issuperset(t.words) and (f := _match_verb(verb, t, names, own))]


def _match_verb(verb: Token, trigger: Trigger, names: Names, own: Sequence[Slot]) -> Frame | None:
    rule = trigger.rule
    words = _particles(verb, trigger.words)
    if words is None:
        return None
    found = _object_of_words(words) or own
    if not _object_allowed(rule, verb, found, names) or not _subject_allowed(rule, verb, names):
        return None
    obj = found[0].token if found and rule.object else None
    if not _near_allowed(rule, verb, obj) or not _needs_met(rule, verb, words):
        return None
    anchors = tuple(dict.fromkeys((verb, *words, *(slot.token for slot in found if slot.link != "coreference"))))
    passive = is_passive(verb) and not _is_misread(verb, words)
    return Frame(rule, verb, (verb, *words), verb, anchors, obj, "", tuple(found), passive)


def _is_misread(verb: Token, words: Sequence[Token]) -> bool:
    """True for a simple past that the parser took for a participle ("The bishops called for ..." as a noun phrase).

    A verb with its preposition has no passive without an auxiliary, so such a participle under the sentence's root is a main verb.
    """
    root = verb.head.dep_ == "ROOT" or verb.head.head.head.dep_ == "ROOT"
    return verb.dep_ == "acl" and root and any(c.dep_ == "pobj" for w in words for c in w.children)


def _particles(verb: Token, wanted: Sequence[str]) -> tuple[Token, ...] | None:
    """The tokens of the other words of a trigger, each a child of the verb or the word right after it; None if one is missing."""
    found: list[Token] = []
    for word in wanted:
        last = found[-1] if found else verb
        token = next((c for c in (*verb.children, *(g for f in found for g in f.children)) if c.lower_ == word and c.i > verb.i), None)
        if token is not None and _is_far(verb, token):
            token = None
        following = _next(last)
        if token is None and following is not None and following.lower_ == word:
            token = following
        if token is None or _is_dating(token):
            return None
        found.append(token)
    return tuple(found)


def _is_dating(preposition: Token) -> bool:
    """True for "on Friday" and "in May": the preposition dates the act and is no part of its verb."""
    return preposition.lower_ in ("on", "in", "at", "for") and any(
        c.dep_ == "pobj" and (c.ent_type_ in ("DATE", "TIME") or c.lower_ in word_list("day")) for c in preposition.children
    )


def _next(token: Token) -> Token | None:
    """The token behind it in its sentence."""
    doc = token.doc
    return doc[token.i + 1] if token.i + 1 < len(doc) and not doc[token.i + 1].is_sent_start else None


def _is_far(verb: Token, particle: Token) -> bool:
    """True if another prepositional phrase, one of time aside, stands before the particle ("stood outside his home with ...")."""
    for child in verb.children:
        if verb.i < child.i < particle.i and child.dep_ == "prep":
            inner = [c for c in child.children if c.dep_ == "pobj"]
            if inner and not inner[0].ent_type_ and inner[0].lower_ not in word_list("day"):
                return True
    return False


def _object_of_words(words: Sequence[Token]) -> list[Slot]:
    """The object of the preposition that is part of the trigger; empty if it has none."""
    for word in reversed(words):
        inner = [c for c in word.children if c.dep_ in ("pobj", "pcomp")]
        if inner:
            return [Slot(inner[0])]
    return []


def _next_fits(rule: Rule, verb: Token) -> bool:
    """True if the word after the verb is one of the rule's objects, though the parser made it something else ("sought refuge")."""
    following = _next(verb)
    return following is not None and following.lemma_.lower() in rule.object and following.pos_ != "VERB"


def _object_allowed(rule: Rule, verb: Token, found: Sequence[Slot], names: Names) -> bool:
    if rule.object and not any(fits(slot.token, rule.object, names) for slot in found) and not _next_fits(rule, verb):
        return False
    return not any(fits(slot.token, rule.not_object, names) for slot in found) if rule.not_object else True


def _subject_allowed(rule: Rule, verb: Token, names: Names) -> bool:
    if not rule.subject and not rule.not_subject:
        return True
    passive = is_passive(verb)
    found = prep_objects((verb,), "by") if passive else subjects(verb)
    if passive and not found:
        return rule.agentless or "any_subject" in rule.actor
    if rule.subject and not any(
        _pronoun_may_be(slot.token, rule) or fits(slot.token, rule.subject, names) or _acts_for_state(slot.token, rule, names)
        for slot in found
    ):
        return False
    return not any(fits(slot.token, rule.not_subject, names) for slot in found)


def _acts_for_state(token: Token, rule: Rule, names: Names) -> bool:
    """True for somebody in office, or a people, where the rule asks for a state or body: they act for it."""
    if not rule.subject & {"@state", "@body"}:
        return False
    if names.label(token) == "NORP" or token.lemma_.lower() in word_list("office"):
        return True
    covered = names.at.get(token.i)
    return covered is not None and bool(set(covered[2]["sectors"] or ()) & PUBLIC_SECTORS)


def _pronoun_may_be(token: Token, rule: Rule) -> bool:
    """True for a pronoun that may stand for what the rule asks; what it does stand for is settled with the roles."""
    if token.pos_ != "PRON":
        return False
    if rule.subject & {"@party", "@person", "@pronoun", "@name"}:
        return True
    return bool(rule.subject & {"@state", "@body"}) and token.lower_ in ("it", "they", "which", "that")


def near_lemmas(tokens: Iterable[Token]) -> set[str]:
    """Lemmas of the words around a trigger; a fire that spreads ("when a fire tore through") is a blaze, and no gunfire."""
    return {"blaze" if t.lower_ == "fire" and _is_blaze(t) else t.lemma_.lower() for t in tokens}


def _is_blaze(fire: Token) -> bool:
    after = fire.nbor(1) if fire.i + 1 < len(fire.doc) else None
    return (fire.dep_ in ("nsubj", "nsubjpass") and fire.head.pos_ == "VERB") or (
        after is not None and after.lower_ in word_list("blazing")
    )


def _near_allowed(rule: Rule, verb: Token, obj: Token | None) -> bool:
    """Words that must (or must not) stand in the object, or in the trigger's own phrase where no object is asked for."""
    if not rule.near and not rule.not_near:
        return True
    if rule.needs & {"infinitive", "complement"} and obj is None and not rule.clause_near:
        return _complement_near(rule, verb)
    around = near_lemmas(obj.subtree if obj is not None and not rule.clause_near else verb.subtree)
    return (not rule.near or bool(around & rule.near)) and not around & rule.not_near


def _complement_near(rule: Rule, verb: Token) -> bool:
    """The same for what somebody wants to do: only the infinitive with its own words counts, and it must not be negated for ``near``."""
    carriers = (verb, *(c for c in verb.children if c.dep_ in ("dobj", "dative", "prep")))
    for root in (c for t in carriers for c in t.children if _is_complement(c)):
        own = {
            root.lemma_.lower(),
            *(c.lemma_.lower() for c in root.children),
            *(g.lemma_.lower() for c in root.children for g in c.children),
        }
        negated = any(c.dep_ == "neg" for c in root.children)
        return not (own & rule.not_near or (rule.near and (negated or not own & rule.near)))
    return not rule.near


def _needs_met(rule: Rule, verb: Token, words: Sequence[Token]) -> bool:
    if "complement" in rule.needs and not any(_is_complement(c) for t in (verb, *words) for c in t.children):
        return False
    carriers = (verb, *words, *(c for c in verb.children if c.dep_ in ("dobj", "dative")))
    if "infinitive" in rule.needs and not any(_is_complement(c) and _has_to(c) for t in carriers for c in t.children):
        return False
    if "passive" in rule.needs and not is_passive(verb):
        return False
    if "object" in rule.needs and not any(c.dep_ in ("dobj", "nsubjpass") for c in verb.children):
        return False
    if "negation" in rule.needs and not own_stance(verb).negated:
        return False
    if "no_object" in rule.needs and any(c.dep_ == "dobj" for c in verb.children):
        return False
    if "no_infinitive" in rule.needs and _is_only_infinitive(verb):
        return False
    if "bare" in rule.needs and not _has_one_object(verb):
        return False
    if "past" in rule.needs and verb.tag_ in ("VBZ", "VBP"):
        return False
    if rule.modal:
        clauses = [c for c in verb.children if c.dep_ == "ccomp"]
        return any(g.dep_ == "aux" and g.lower_ in rule.modal for c in clauses for g in c.children)
    return True


def _is_only_infinitive(verb: Token) -> bool:
    """True if the verb has an infinitive and no object ("are fighting to keep the boy")."""
    children = list(verb.children)
    return not any(c.dep_ == "dobj" for c in children) and any(c.dep_ in ("xcomp", "advcl") and _has_to(c) for c in children)


def _has_one_object(verb: Token) -> bool:
    """True if nothing more is said of the object, as in "called the premier on Friday" but not in "called the premier weak"."""
    inner = [c for c in verb.children if c.dep_ in ("dobj", "dative", "oprd", "xcomp", "ccomp", "attr")]
    if len(inner) != 1 or inner[0].dep_ not in ("dobj", "dative") or inner[0].i < verb.i:
        return False
    last = inner[0].right_edge.i
    follower = verb.doc[last + 1] if last + 1 < verb.sent.end else None
    return (
        follower is None
        or follower.pos_ in ("ADP", "PART", "ADV", "CCONJ", "SCONJ")
        or follower.text in ".,;"
        or follower.lower_ in word_list("day")
    )


def _is_complement(token: Token) -> bool:
    return token.dep_ in ("xcomp", "ccomp", "pcomp") or (token.dep_ in ("advcl", "acl") and _has_to(token))


def _has_to(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


# --- adjectives -----------------------------------------------------------------------------------------------


def _match_adjective(adjective: Token, trigger: Trigger) -> Frame | None:
    """Predicative only: "is willing to send", "is guilty of"; the clause is the verb that the adjective completes."""
    rule = trigger.rule
    if adjective.dep_ not in ("acomp", "oprd", "attr", "conj", "xcomp", "ROOT") or (
        adjective.dep_ != "ROOT" and adjective.head.pos_ not in ("VERB", "AUX")
    ):
        return None
    words = _particles(adjective, trigger.words)
    if words is None or not _needs_met(rule, adjective, words):
        return None
    if not _near_allowed(rule, adjective, None):
        return None
    return Frame(rule, adjective, (adjective, *words), adjective.head, (adjective, *words, adjective.head))


# --- nouns ----------------------------------------------------------------------------------------------------


def _match_nouns(noun: Token, triggers: Sequence[Trigger], names: Names, present: frozenset[str]) -> list[Frame]:
    """The rules that fire on a noun; triggers with a word that the sentence does not have are passed over."""
    return [f for t in triggers if present.issuperset(t.words) and (f := _match_noun(noun, t, names))]


def _match_noun(noun: Token, trigger: Trigger, names: Names) -> Frame | None:
    rule = trigger.rule
    if noun.dep_ in ("compound", "nmod", "amod", "poss"):
        return None
    modifiers: list[Token] = []
    for word in trigger.words:
        found = next((c for c in noun.lefts if c.lower_ == word or c.lemma_.lower() == word), None)
        if found is None:
            return None
        modifiers.append(found)
    if rule.near or rule.not_near:
        around = near_lemmas(noun.head.subtree if rule.clause_near else noun.subtree)
        if (rule.near and not around & rule.near) or around & rule.not_near:
            return None
    top = _whole_of(noun)
    support, verb = find_support(top, rule)
    if "light" in rule.needs and support not in ("light", "undergo") and not (support == "occur" and rule.partner):
        return None
    if support == "light" and verb is not None and not _subject_allowed(rule, verb, names):
        return None
    words = (*modifiers, noun)
    clause = verb if verb is not None else noun
    inner = [g for c in noun.children if c.lower_ == "of" for g in c.children if g.dep_ == "pobj"]
    anchors = tuple(dict.fromkeys((noun, top, *((verb,) if verb is not None and support != "occur" else ()), *inner)))
    return Frame(rule, noun, words, clause, anchors, None, support, (), verb is not None and is_passive(verb))


def _whole_of(noun: Token) -> Token:
    """The noun, or the counting noun above it ("a wave of raids")."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_.lower() in word_list("partitive"):
        return noun.head.head
    return noun


def find_support(noun: Token, rule: Rule) -> tuple[str, Token | None]:
    """How a verb carries a nominal act ("launched an attack", "came under fire", "talks began"), and that verb."""
    light = rule.light or word_list("light")
    while noun.dep_ == "conj" and noun.head.pos_ in ("NOUN", "PROPN"):
        noun = noun.head
    head = noun.head
    if noun.dep_ in ("dobj", "nsubjpass", "attr", "oprd") and head.pos_ in ("VERB", "AUX"):
        name = _with_particle(head)
        if light & name:
            return "light", head
        if noun.dep_ == "dobj" and name & word_list("undergoing"):
            return "undergo", head
    if noun.dep_ == "pobj" and head.head.pos_ in ("VERB", "AUX"):
        phrase = f"{head.head.lemma_.lower()} {head.lower_}"
        if phrase in light:
            return "light", head.head
        if phrase in word_list("undergoing"):
            return "undergo", head.head
    for child in noun.children:
        if child.dep_ in ("acl", "relcl") and light & _with_particle(child) and (is_passive(child) or child.dep_ == "relcl"):
            return "light", child
    if noun.dep_ in ("nsubj", "nsubjpass") and head.lemma_.lower() in word_list("occurring"):
        return "occur", head
    return "", None


def _with_particle(verb: Token) -> frozenset[str]:
    """The lemma alone and with each particle ("carry", "carry out")."""
    lemma = load_lexicon().verb_lemma(verb)
    return frozenset((lemma, *(f"{lemma} {c.lower_}" for c in verb.children if c.dep_ in ("prt", "prep", "advmod"))))


# --- content --------------------------------------------------------------------------------------------------


def content_roots(frame: Frame) -> list[Token]:
    """The tokens that head what is asked, promised, refused or alleged by the frame."""
    roots: list[Token] = []
    carriers = list(dict.fromkeys((*frame.words, *frame.anchors)))
    for carrier in carriers:
        for child in carrier.children:
            if (
                (child.dep_ in ("xcomp", "ccomp", "pcomp") and child not in carriers)
                or (child.dep_ in ("advcl", "acl") and _has_to(child))
                or (child.dep_ in ("dobj", "dative") and child not in carriers)
            ):
                roots.append(child)
            elif child.dep_ in ("prep", "dative", "prt", "agent") and child.lower_ not in (
                "by",
                "after",
                "during",
                "since",
                "following",
                "amid",
                "in",
            ):
                roots.extend(g for g in child.children if g.dep_ in ("pobj", "pcomp"))
            elif child.dep_ == "nsubjpass" and child not in carriers:
                roots.append(child)
    return roots


def is_content(frame: Frame, roots: Sequence[Token], other: Frame) -> bool:
    """True if the other frame's act is what this frame is about, not a fact told beside it."""
    wanted = {t.i for t in roots}
    token = other.trigger if other.support != "light" else other.clause
    for _ in range(20):
        if token.i in wanted:
            return True
        if token.dep_ in BLOCKING or token.head == token or (token.dep_ == "acl" and not _has_to(token)):
            return False
        if token.dep_ == "advcl" and not _has_to(token):
            return False
        token = token.head
    return False
