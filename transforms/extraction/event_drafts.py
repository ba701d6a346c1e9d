"""From a place where a rule fires to an act with its parties: filling roles, and what wishes, plans and refusals make of a type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from spacy.tokens import Token

from transforms.extraction.event_matching import Frame, content_roots, is_content
from transforms.extraction.event_patterns import word_list
from transforms.extraction.event_roles import (
    MODIFIERS,
    PARTY_LABELS,
    Names,
    Party,
    Slot,
    is_passive,
    noun_classes,
    noun_lemma,
    objects,
    parties,
    prep_objects,
    shared_object,
    subjects,
    two_sides,
)
from transforms.extraction.event_status import Stance, noun_stance, own_stance, verb_stance
from transforms.rules import load_rules

SETTING = ("after", "during", "following", "in", "at")
"""Prepositions under which a nominal act is something that the subject of the clause took part in."""

RECIPIENT_NEEDED = ("COOPERATE", "SANCTION")
"""PLOVER counts these only with a recipient; for AID it may be missing where the text names the place of need."""

SPOKEN_TYPES = ("AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT")
"""Acts of speech: one that was not made, or that might be made, is nothing to report."""

FRIENDLY_TYPES = ("CONSULT", "COOPERATE", "AID")
"""A meeting, joint act or help that only might be is talk."""

SOCIAL_TYPES = ("AGREE", "CONSULT", "REQUEST", "REJECT", "SUPPORT", "CONCEDE", "THREATEN")
"""Types whose words private people use among themselves every day."""

TARGETED_TYPES = ("ASSAULT", "COERCE", "AID", "RETREAT", "SANCTION")
"""Material acts that may be directed at anything."""

HOSTILE_TYPES = ("ASSAULT", "COERCE", "SANCTION")

ADOPTING = ("AGREE", "REQUEST", "REJECT", "THREATEN", "SUPPORT", "AID", "CONCEDE")
"""Types whose recipient may be named only in what is asked, promised or refused."""

CONTENT_PREPOSITIONS = ("to", "with", "against", "on", "from", "for", "in", "into")


@dataclass(frozen=True, slots=True)
class Draft:
    """An act on its way to a row; parties are empty until they are found, ``aimed`` if its content is an act of the lexicon."""

    frame: Frame
    event_type: str
    modes: tuple[str, ...]
    rule_id: str
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    instruments: tuple[Party, ...] = ()
    status: tuple[str, ...] = ()
    aimed: bool = False
    merged: tuple[Frame, ...] = field(default=())


# --- slots ----------------------------------------------------------------------------------------------------


def slot_tokens(name: str, frame: Frame, names: Names) -> list[Slot]:
    """The tokens that stand in a named place of the frame; see the README of the rules for the names."""
    verb = frame.clause
    if name.startswith("prep:"):
        if name in ("prep:between", "prep:among"):
            return two_sides((*frame.anchors, *_carriers(frame)), name[5:])
        return prep_objects(frame.anchors, name[5:])
    if frame.rule.part == "nouns":
        return _noun_slot(name, frame, names)
    passive = frame.passive
    if name in ("nsubj", "any_subject"):
        return subjects(verb) if not passive or name == "any_subject" else []
    if name == "agent":
        return prep_objects((verb,), "by") if passive else []
    if name == "dobj":
        return [] if passive else list(frame.target)
    if name == "nsubjpass":
        return subjects(verb) if passive else []
    if name == "direct":
        return shared_object(verb)
    if name == "dative":
        return _datives(verb)
    if name == "object":
        return [Slot(frame.object)] if frame.object is not None else []
    if name == "addressee":
        return _addressee(verb)
    if name == "clause_subject":
        return [Slot(g) for c in verb.children if c.dep_ == "ccomp" for g in c.children if g.dep_ in ("nsubj", "nsubjpass")]
    raise ValueError(f"rule {frame.rule.id}: no place is called {name}")


def _carriers(frame: Frame) -> tuple[Token, ...]:
    """Where else the two sides of an act may hang: the verb that it is the subject of, or a participle ("fighting that erupted between")."""
    if frame.rule.part != "nouns":
        return ()
    noun = frame.trigger
    above = (noun.head,) if noun.dep_ in ("nsubj", "nsubjpass", "csubj") else ()
    return (*above, *(c for c in noun.children if c.dep_ in ("acl", "relcl")))


def _datives(verb: Token) -> list[Slot]:
    for child in verb.children:
        if child.dep_ == "dative" and child.pos_ in ("NOUN", "PROPN", "PRON"):
            return [Slot(child)]
        if child.dep_ == "dative":
            return [Slot(g) for g in child.children if g.dep_ == "pobj"]
    return []


def _addressee(verb: Token) -> list[Slot]:
    """The one who is asked or told: the object, or the subject of the infinitive or "that" clause."""
    found = objects(verb) or _datives(verb)
    if found:
        return found
    return [Slot(g) for c in verb.children if c.dep_ in ("ccomp", "xcomp") for g in c.children if g.dep_ in ("nsubj", "nsubjpass")]


def _noun_slot(name: str, frame: Frame, names: Names) -> list[Slot]:
    noun, verb = frame.trigger, frame.clause
    if name == "light":
        if frame.support != "light":
            return []
        return prep_objects((verb,), "by") if is_passive(verb) else subjects(verb)
    if name == "undergoer":
        return subjects(verb) if frame.support == "undergo" else []
    if name == "passive_subject":
        return subjects(verb) if frame.support == "light" and is_passive(verb) else []
    if name == "light_dative":
        return _datives(verb) if frame.support == "light" else []
    if name in ("poss", "poss_if_of", "poss_no_of"):
        has_of = any(c.lower_ == "of" for c in noun.children)
        if (name == "poss_if_of" and not has_of) or (name == "poss_no_of" and has_of):
            return []
        return [Slot(c) for c in noun.lefts if c.dep_ == "poss" and c.pos_ != "PRON"]
    if name == "setting":
        return _of_setting(noun)
    if name in ("origin", "modifier"):
        # "A Chilean drone strike": the parser may hang the adjective on the noun between
        before = [c for left in noun.lefts for c in ((*left.lefts, left) if left.dep_ == "compound" else (left,))]
        return [Slot(c) for c in before if c.dep_ in MODIFIERS and c.dep_ != "poss" and _is_origin(c, names, name == "modifier")]
    raise ValueError(f"rule {frame.rule.id}: no place is called {name}")


def _of_setting(noun: Token) -> list[Slot]:
    """The subject of the clause that the act is the setting of: "After talks with the envoy, the premier said ..."."""
    top = noun.head
    if noun.dep_ != "pobj" or top.lower_ not in SETTING or top.head.pos_ != "VERB":
        return []
    return prep_objects((top.head,), "by") if is_passive(top.head) else subjects(top.head)


def _is_origin(modifier: Token, names: Names, any_place: bool) -> bool:
    """ "Chilean", "Taliban" and "US" before an act name the one who acts; "Kabul" names where."""
    label = names.label(modifier)
    if label == "GPE":
        return any_place or modifier.lower_ in word_list("state_modifiers")
    classes = noun_classes(modifier, names)
    return label in PARTY_LABELS or (modifier.dep_ == "compound" and bool(classes & {"person", "body"}) and "place" not in classes)


# --- roles ----------------------------------------------------------------------------------------------------


def draft(frame: Frame, names: Names) -> Draft:
    """The act of a frame with the parties that stand in the places its rule names."""
    rule = frame.rule
    instruments: tuple[Party, ...] = ()
    actors: tuple[Party, ...] = ()
    for name in rule.actor:
        for slot in slot_tokens(name, frame, names):
            if rule.event_type == "ASSAULT" and _is_means(slot.token, names):
                instruments = tuple(parties(slot, names, things=True, inside=False))
            actors += tuple(p for p in parties(slot, names) if not _is_means(p.head, names))
        if actors:
            break
    for name in rule.partner if actors or not rule.actor else ():
        for slot in slot_tokens(name, frame, names):
            actors += tuple(p for p in parties(slot, names, inside=False) if not _overlaps(p, actors))
    recipients: tuple[Party, ...] = ()
    for name in rule.recipient:
        for slot in slot_tokens(name, frame, names):
            found = parties(slot, names, things=True, unclassed=rule.event_type in TARGETED_TYPES)
            recipients += tuple(p for p in found if not _overlaps(p, (*actors, *instruments)))
        if recipients:
            break
    if rule.event_type == "ASSAULT" and not instruments:
        holders = [t for p in actors for t in (p.head, *(c for c in p.head.children if c.dep_ == "acl"))]  # "men armed with knives"
        used = (s for w in ("with", "using") for s in prep_objects((*frame.anchors, *holders), w) if _is_means(s.token, names))
        instruments = tuple(p for s in used for p in parties(s, names, things=True, inside=False))
    modes = rule.modes or (weapon_modes(frame, instruments) if rule.event_type == "ASSAULT" else ())
    return Draft(frame, rule.event_type, modes, rule.id, actors, recipients, instruments)


def weapon_modes(frame: Frame, instruments: Sequence[Party]) -> tuple[str, ...]:
    """The mode that the means gives an assault whose words give none: "attacked with knives", "an artillery strike"."""
    tokens = [p.head for p in instruments]
    if frame.rule.part == "nouns":
        tokens += [c for c in frame.trigger.lefts if c.dep_ in ("compound", "amod", "nmod")]
    for token in tokens:
        for child in (token, *(c for c in token.lefts if c.dep_ == "compound")):
            mode = _modes_of_weapons().get(noun_lemma(child))
            if mode:
                return (mode,)
    return ()


@lru_cache(maxsize=1)
def _modes_of_weapons() -> dict[str, str]:
    """Mode by the lemma of a weapon."""
    return {word: mode for mode, words in load_rules("events/shifts")["weapon_mode"].items() for word in words}


def _is_means(token: Token, names: Names) -> bool:
    classes = noun_classes(token, names)
    named = token.i in names.at and names.at[token.i][2]["mention_kind"] == "name"
    return not named and "weapon" in classes and not classes & {"person", "body"}


def _overlaps(party: Party, others: Sequence[Party]) -> bool:
    """True if one of the others is the same phrase or the same entity."""
    for other in others:
        if party.first <= other.last and other.first <= party.last:
            return True
        if party.mention and other.mention and party.mention["local_entity_id"] == other.mention["local_entity_id"]:
            return True
    return False


# --- what somebody asks, promises or refuses ------------------------------------------------------------------


def choose(frames: Sequence[Frame], names: Names) -> Draft:
    """The act of the strictest rule that finds its parties; of the strictest of all if none does."""
    first: Draft | None = None
    for frame in frames:
        current = draft(frame, names)
        first = first or current
        if is_complete(current) or (frame.rule.content == "drop" and current.actors and not frame.rule.needs & {"pair", "two"}):
            return current
    assert first is not None
    return first


def drafts_of(frames: Sequence[Sequence[Frame]], names: Names) -> list[Draft]:
    """The acts of a sentence; what is only asked, promised or refused is folded into the act of doing so."""
    found = [choose(options, names) for options in frames]
    folded: set[int] = set()
    denied: set[int] = set()
    for n, current in enumerate(found):
        if current.frame.rule.content == "keep":
            continue
        roots = content_roots(current.frame)
        inner = [m for m, other in enumerate(found) if m != n and is_content(current.frame, roots, other.frame)]
        if current.frame.rule.content == "negate":
            denied.update(inner)
            continue
        folded.update(inner)
        found[n] = _with_content(current, [found[m] for m in inner], roots, names)
    return [replace(d, status=("negated",)) if n in denied else d for n, d in enumerate(found) if n not in folded]


def _with_content(outer: Draft, inner: Sequence[Draft], roots: Sequence[Token], names: Names) -> Draft:
    """The outer act with the mode that its content gives and, if it names nobody, with the recipient of its content."""
    modes = outer.modes
    if outer.event_type == "AGREE" and inner and inner[0].event_type in HOSTILE_TYPES:
        # Whoever agrees or promises to do harm threatens with it.
        outer = replace(outer, event_type="THREATEN")
    if not modes and inner:
        modes = content_modes(outer.event_type, inner[0].event_type, inner[0].modes)
    recipients = outer.recipients
    if not recipients and outer.event_type in ADOPTING:
        pools = [d.actors if outer.event_type == "REQUEST" else d.recipients or d.actors for d in inner]
        if outer.event_type == "AID":
            pools.append(_served(outer.frame, names))
        pools.append(_content_parties(roots, names, request=outer.event_type == "REQUEST"))
        for pool in pools:
            recipients = tuple(replace(p, link="clause") if p.link == "coreference" else p for p in pool if not _overlaps(p, outer.actors))
            if recipients:
                break
    return replace(outer, modes=modes, recipients=recipients, aimed=bool(inner))


def _content_parties(roots: Sequence[Token], names: Names, *, request: bool) -> tuple[Party, ...]:
    """Named parties of a content that no rule knows: whom the wished act is directed at, or who is to do it."""
    for root in roots:
        if root.pos_ in ("VERB", "AUX"):
            slots = [s for s in (*subjects(root),) if s.token.head == root] if request else []
            slots += objects(root) + _datives(root) + [s for w in CONTENT_PREPOSITIONS for s in prep_objects((root, *_objects_of(root)), w)]
        else:
            slots = [Slot(root), *(s for w in CONTENT_PREPOSITIONS for s in prep_objects((root,), w))]
        for slot in slots:
            named = tuple(p for p in parties(slot, names) if p.mention is not None)
            if named:
                return named
    return ()


def _served(frame: Frame, names: Names) -> tuple[Party, ...]:
    """Whom help serves: a named party after "to", "for" or "in", or the object of a purpose ("to assist Samoa"), behind the verb."""
    for token in frame.clause.subtree:
        if token.i < frame.trigger.i:
            continue
        slots: list[Slot] = []
        if token.dep_ == "prep" and token.lower_ in ("to", "for", "in"):
            slots = [Slot(c) for c in token.children if c.dep_ == "pobj"]
        elif (
            token.dep_ in ("advcl", "acl", "xcomp", "pcomp")
            and token.pos_ == "VERB"
            and token.lemma_ in ("help", "assist", "support", "aid", "serve")
        ):
            slots = objects(token)
        for slot in slots:
            named = tuple(p for p in parties(slot, names) if p.mention is not None)
            if named:
                return named
    return ()


def _objects_of(verb: Token) -> tuple[Token, ...]:
    return tuple(s.token for s in objects(verb))


@lru_cache(maxsize=1)
def _shifts() -> dict[str, Any]:
    return load_rules("events/shifts")


def content_modes(outer: str, inner: str, modes: Sequence[str]) -> tuple[str, ...]:
    """The mode that the content of a request, refusal or threat gives it; empty where PLOVER has none."""
    table = _shifts()["content_mode"].get(outer, {})
    found = next((table[f"{inner}.{mode}"] for mode in modes if f"{inner}.{mode}" in table), table.get(inner))
    return (found,) if found else ()


# --- status ---------------------------------------------------------------------------------------------------


def stance_of(frame: Frame) -> Stance:
    """The stance of the clause that tells the act."""
    if frame.clause == frame.trigger and frame.rule.part == "nouns":
        return noun_stance(frame.trigger)
    if frame.clause.dep_ in ("acl", "relcl") and frame.clause.head in frame.anchors:
        return own_stance(frame.clause).joined(noun_stance(frame.clause.head))
    return verb_stance(frame.clause)


def settle(current: Draft) -> Draft | None:
    """The act with its final type and status, or None where the text tells no act.

    A type that carries a wish or a plan of its own wins over type and status: a meeting to come is AGREE, a refusal
    to send help is REJECT, an attack that is announced is THREATEN.
    """
    stance = stance_of(current.frame)
    if "negation" in current.frame.rule.needs:
        stance = replace(stance, negated=False, future=False)
    if (
        stance.void
        or _is_attribute(current)
        or (stance.hypothetical and current.event_type in FRIENDLY_TYPES)
        or (stance.hypothetical and (stance.negated or current.event_type in (*SPOKEN_TYPES, "CONCEDE")))
    ):
        return None
    denied = current.status == ("negated",)
    status = [name for name in ("negated", "future", "hypothetical") if getattr(stance, name)]
    if denied and "negated" not in status:
        status.insert(0, "negated")
    refused = stance.negated and stance.future
    kind = "refused" if refused else "future" if stance.future else "decided" if stance.decided else ""
    if kind and not stance.hypothetical:
        shift = _shift(current, kind)
        if shift is not None:
            if stance.forecast and shift["to"] != "AGREE":
                return None
            modes = content_modes(shift["to"], current.event_type, current.modes)
            return replace(current, event_type=shift["to"], modes=modes, rule_id=shift["id"], status=())
        if refused or stance.forecast:
            return None
    if stance.negated and current.event_type in (*SPOKEN_TYPES, "CONCEDE"):
        return None
    if current.frame.rule.status and current.frame.rule.status not in status:
        status.append(current.frame.rule.status)
    if stance.pluperfect:
        status.append("historical")
    return replace(current, status=tuple(status))


def _is_attribute(current: Draft) -> bool:
    """True for what only describes somebody: lasting support ("groups that back the mayor"), suspicion ("a man suspected of theft")."""
    frame = current.frame
    if current.event_type == "ACCUSE" and frame.clause.dep_ == "acl" and frame.clause.lemma_ in ("suspect", "accuse") and frame.passive:
        return not current.actors
    return (
        current.event_type == "SUPPORT"
        and frame.clause.dep_ in ("relcl", "acl")
        and frame.clause.lemma_ in ("support", "back")
        and frame.clause.tag_ != "VBD"
    )


def _shift(current: Draft, kind: str) -> dict[str, Any] | None:
    for shift in _shifts()["shift"]:
        if current.event_type in shift["from"] and kind in shift["when"]:
            return dict(shift)
    return None


# --- is it enough? --------------------------------------------------------------------------------------------


def is_complete(current: Draft) -> bool:
    """True if the act has the parties that a row needs."""
    frame, rule = current.frame, current.frame.rule
    needs = rule.needs
    if "recipient" in needs and not current.recipients:
        return False
    if current.actors and all(_is_anybody(p, frame.clause) for p in current.actors):
        return False
    if "two" in needs and not _are_two(current):
        return False
    if "aim" in needs and not (current.aimed or current.recipients or any(_is_institution(p) for p in current.actors)):
        return False
    if "pair" in needs and len(current.actors) < 2:
        return False
    if current.event_type in RECIPIENT_NEEDED and not current.recipients and not _are_two(current):
        return False
    if current.event_type in SOCIAL_TYPES and _is_private_matter(current):
        return False
    standing = rule.part == "nouns" and not frame.support and all(m.rule.part == "nouns" for m in current.merged)
    if standing and not _stands_alone(current):
        return False
    if current.actors:
        return True
    if current.event_type != rule.event_type or current.status == ("negated",):
        return False  # who plans, refuses or threatens, or who is said not to have acted, must be named
    if not rule.agentless and not current.instruments and not _is_violence(current):
        return False
    active = rule.part == "verbs" and not frame.passive and "nsubj" not in rule.recipient
    if active and not current.instruments and not _is_violence(current):
        return False
    return bool(current.recipients)


def _is_violence(current: Draft) -> bool:
    """True if what kills or hits is itself an act of violence ("The shelling killed two nurses"), though nobody says whose."""
    if current.event_type not in ("ASSAULT", "SANCTION"):
        return False
    clause = current.frame.clause
    found = prep_objects((clause,), "by") if is_passive(clause) else subjects(clause)
    return any(noun_lemma(s.token) in word_list("violence") for s in found)


def _is_private_matter(current: Draft) -> bool:
    """True if nobody in a public part acts, or if one of two who meet has none."""
    private = [_is_private(p) for p in current.actors]
    if current.event_type == "CONSULT":
        return any(private)
    return bool(private) and all(private) and not any(_is_public(p) for p in current.recipients)


def _is_private(party: Party) -> bool:
    if party.mention is None and party.head.pos_ == "PRON":
        return True  # nobody knows who it is
    sectors = (party.mention["sectors"] or []) if party.mention and party.mention["label"] == "PERSON" else []
    if sectors:
        return set(sectors) <= {"CVL"} and party.head.tag_ not in ("NNS", "NNPS")
    own = party.mention is None or party.mention["mention_kind"] == "nominal"
    return own and party.head.lemma_.lower() in word_list("private_person") and party.head.tag_ == "NN"


def _is_public(party: Party) -> bool:
    """True for a state, people or body, or for a person whose office the text names."""
    if party.mention is None:
        return party.head.lemma_.lower() in word_list("body")
    return party.mention["label"] != "PERSON" or bool(set(party.mention["sectors"] or ()) - {"CVL"})


def _is_institution(party: Party) -> bool:
    """True for a state or body: whatever it promises is a public matter."""
    if party.mention is not None and party.mention["label"] in ("GPE", "ORG"):
        return True
    return noun_lemma(party.head) in word_list("body")


def _is_anybody(party: Party, clause: Token) -> bool:
    """ "People who attack ..." in the present speaks of a kind of people, not of an act."""
    return party.head.lower_ in ("people", "anyone", "anybody", "those", "everyone", "person") and clause.tag_ in ("VBP", "VBZ", "VB")


def _are_two(current: Draft) -> bool:
    if len(current.actors) > 1:
        return True
    return any(p.head.tag_ in ("NNS", "NNPS") or p.head.lower_ in ("sides", "people") for p in current.actors)


def _stands_alone(current: Draft) -> bool:
    """A noun without a verb of its own must say who and to whom, or name a definite act on somebody named."""
    if len(current.actors) > 1 and current.frame.rule.partner:
        return True
    if "two" in current.frame.rule.needs and current.event_type == "CONSULT" and _are_two(current):
        return _is_definite(current.frame.trigger)
    if current.event_type == "PROTEST" and current.actors:
        return _is_definite(current.frame.trigger)  # whoever holds it is all that a protest needs
    if current.actors and (current.recipients or ("recipient" not in current.frame.rule.needs and _is_definite(current.frame.trigger))):
        return bool(current.recipients)
    named = any(p.mention is not None or p.head.pos_ == "NOUN" for p in current.recipients)
    noun = current.frame.trigger
    # "Drone strikes on an oil terminal": several acts, but on a thing that is this one
    return named and (_is_definite(noun) or (noun.tag_ == "NNS" and any(_is_definite(p.head) for p in current.recipients)))


def _is_definite(noun: Token) -> bool:
    return any(c.lower_ in ("the", "this", "that", "these", "those", "a", "an") or c.dep_ == "poss" for c in noun.lefts)
