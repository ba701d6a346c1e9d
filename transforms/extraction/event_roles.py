"""Who stands in which place of a clause: subjects, objects, prepositional phrases, and the noun phrases that can be a party."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.tokens import Token

from transforms.extraction.event_patterns import hyphenated, load_lexicon, singular, word_list
from transforms.language import NewsDoc
from warehouse.schema import Row

PARTY_LABELS = ("PERSON", "NORP", "ORG", "GPE")
PLACE_LABELS = ("GPE", "LOC", "FAC")
WH_TAGS = ("WDT", "WP", "WP$", "WRB")
MODIFIERS = ("amod", "compound", "nmod", "poss")
QUOTE_MARKS = ('"', "“", "”", "''", "``")
SETTING_TYPES = ("GPE", "LOC", "FAC", "DATE", "TIME")
ABSTRACT_ENDINGS = (
    "ion",
    "ions",
    "ity",
    "ities",
    "ment",
    "ments",
    "ness",
    "ism",
    "ship",
    "ance",
    "ence",
    "ing",
    "ings",
    "ure",
    "age",
    "hood",
    "acy",
)
AMOUNT_TYPES = ("MONEY", "PERCENT", "QUANTITY")
CLASSES = ("person", "body", "place", "weapon", "thing", "statement")
MENTION_RANK = {"name": 0, "nominal": 1, "pronoun": 2}


@dataclass(frozen=True, slots=True)
class Party:
    """A noun phrase that can fill a role: span of tokens [first, last], head, mention and the link to the trigger."""

    first: int
    last: int
    head: Token
    mention: Row | None
    link: str = "clause"


@dataclass(frozen=True, slots=True)
class Slot:
    """A token that stands in a syntactic place of a trigger, and how it came there."""

    token: Token
    link: str = "clause"


@dataclass(frozen=True, slots=True)
class Names:
    """The document's mentions by token: ``at[i]`` is the best mention that covers token ``i``."""

    at: dict[int, tuple[int, int, Row]]

    @classmethod
    def of(cls, news: NewsDoc) -> Names:
        """Names before descriptions before pronouns, then the shortest."""
        at: dict[int, tuple[int, int, Row]] = {}
        rank: dict[int, tuple[int, int]] = {}
        for row in news.mentions:
            span = news.span_at(row["start_char"], row["end_char"])
            if span is None:
                continue
            key = (MENTION_RANK.get(row["mention_kind"], 3), len(span))
            for token in span:
                if token.i not in rank or key < rank[token.i]:
                    rank[token.i] = key
                    at[token.i] = (span.start, span.end - 1, row)
        return cls(at)

    def label(self, token: Token) -> str:
        """Entity label of the mention that covers the token, or the empty string."""
        found = self.at.get(token.i)
        return str(found[2]["label"]) if found else ""


# --- what a noun denotes --------------------------------------------------------------------------------------


def noun_classes(token: Token, names: Names) -> frozenset[str]:
    """Classes of the thing a noun denotes: person, body, state, place, weapon, thing, statement (see words.toml)."""
    label = names.label(token)
    if label == "PERSON" and token.pos_ == "NOUN" and noun_lemma(token) in word_list("weapon"):
        return frozenset(("weapon",))  # "Drones" at the head of a sentence is taken for people
    by_label = {"PERSON": "person", "NORP": "person", "ORG": "body", "GPE": "state", "LOC": "place", "FAC": "place"}
    if label in by_label:
        return frozenset((by_label[label],))
    lemma = noun_lemma(token)
    if token.i and f"{token.nbor(-1).lower_} {lemma}" in word_list("body"):
        return frozenset(("body",))  # "the upper house"
    return _lemma_classes(lemma, token.pos_)


def noun_lemma(token: Token) -> str:
    """The lemma in small letters; a capitalised plural ("Commandos"), which taggers leave as it is, loses its "s"."""
    lemma = hyphenated(token, singular(token))
    return lemma[:-1] if token.pos_ == "PROPN" and lemma.endswith("s") and not token.ent_type_ and len(lemma) > 4 else lemma


@lru_cache(maxsize=16384)
def _lemma_classes(lemma: str, pos: str) -> frozenset[str]:
    found = [name for name in CLASSES if lemma in word_list(name)]
    if not found and pos == "NOUN" and looks_like_people(lemma):
        found = ["person"]
    return frozenset(found)


def looks_like_people(lemma: str) -> bool:
    """True for a noun that the lists do not hold but whose ending names people ("glassblowers", "a trombonist")."""
    return len(lemma) > 4 and lemma.endswith(tuple(word_list("people_endings"))) and lemma not in word_list("not_people")


def fits(token: Token, wanted: frozenset[str], names: Names) -> bool:
    """True if the noun, or what it counts ("dozens of masks"), is one of the wanted lemmas or of a wanted class ("@person")."""
    if _fits_itself(token, wanted, names):
        return True
    if token.pos_ == "NUM" or noun_lemma(token) in word_list("partitive"):
        counted = _of_object(token)
        return counted is not None and _fits_itself(counted, wanted, names)
    return False


def _fits_itself(token: Token, wanted: frozenset[str], names: Names) -> bool:
    if names.label(token) == "PERSON" and token.pos_ == "PROPN" and names.at[token.i][2]["mention_kind"] == "name":
        return bool(wanted & {"@person", "@party", "@name", "@human"})  # "King" may be a name
    if noun_lemma(token) in wanted or (token.pos_ == "PROPN" and token.lower_.removesuffix("s") in wanted):
        return True
    classes = {name[1:] for name in wanted if name[0] == "@"}
    if not classes:
        return False
    if "name" in classes and token.i in names.at and names.at[token.i][2]["mention_kind"] == "name":
        return True
    if "human" in classes and names.label(token) == "PERSON" and token.pos_ == "PROPN":
        return True
    if classes & {"human", "name", "party", "person", "body", "state"} and token.i not in names.at and _is_unknown_name(token):
        return True
    if "act" in classes and noun_lemma(token) in load_lexicon().nouns:
        return True
    if "unknown" in classes and _is_unclassed(token, names):
        return True
    if "counted" in classes and _is_unclassed(token, names) and any(c.dep_ == "nummod" for c in token.lefts):
        return True
    if "party" in classes:
        classes |= {"person", "body", "state"}
    return bool(classes & noun_classes(token, names)) or ("pronoun" in classes and token.pos_ == "PRON")


def _is_unclassed(token: Token, names: Names) -> bool:
    """True for a noun of a clause that no list knows: most of these name people by a trade or a role ("a beekeeper", "two welders")."""
    return (
        token.pos_ == "NOUN"
        and token.i not in names.at
        and not _is_amount(token)
        and not noun_classes(token, names)
        and token.lemma_.lower() not in word_list("not_people")
        and not token.lower_.endswith(ABSTRACT_ENDINGS)
        and token.lemma_.lower() not in load_lexicon().nouns
    )


# --- the places of a clause -----------------------------------------------------------------------------------


def conjuncts(token: Token) -> Iterator[Slot]:
    """The token and those joined to it by "and" or a comma, in the order of the text."""
    yield Slot(token)
    waiting = [token]
    while waiting:
        for child in waiting.pop(0).children:
            if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ"):
                yield Slot(child, "list")
                waiting.append(child)


def is_passive(verb: Token) -> bool:
    """True if the surface subject of the verb is the one that something is done to."""
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass", "nsubjpass", "nsubj", "csubj")]
    if any(c.dep_ in ("auxpass", "nsubjpass") for c in auxiliaries):
        return any(c.dep_ == "auxpass" for c in auxiliaries) or not any(c.dep_ == "dobj" for c in verb.children)
    if verb.lemma_.lower() in word_list("intransitive"):
        return False
    if verb.lemma_ in word_list("victim_verb") and not any(c.dep_ in ("aux", "dobj") for c in verb.children):
        if verb.tag_ == "VBN":
            return True  # "Two villagers killed", "left nine others wounded"
        if verb.tag_ == "VBD" and verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not auxiliaries:
            return is_passive(verb.head)  # "was convicted and jailed"
    if verb.tag_ != "VBN" or auxiliaries:
        return False
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return is_passive(verb.head) and not any(c.dep_ == "dobj" for c in verb.children)
    if verb.dep_ == "amod" and misread_subject(verb) is not None:
        return False
    return verb.dep_ in ("acl", "advcl", "amod") and not any(c.dep_ == "dobj" for c in verb.children)


def subjects(verb: Token, depth: int = 0) -> list[Slot]:
    """The surface subjects of a verb, found through conjunction, control, participles and relative clauses."""
    if depth > 6:
        return []
    own = _own_subjects(verb)
    if own and (own[0].tag_ in WH_TAGS or (own[0].lower_ == "that" and verb.dep_ == "relcl")):
        return _antecedent(verb)
    if own:
        return [Slot(_before_adverb(c)) for c in own if c.i < verb.i] or [Slot(c) for c in own]
    before = misread_subject(verb)
    if before is not None:
        return [Slot(before)]
    if verb.tag_ in ("VBD", "VBP", "VBZ") and verb.dep_ in ("ROOT", "ccomp"):
        loose = [c for c in verb.lefts if c.dep_ in ("compound", "nmod", "dep") and c.pos_ in ("NOUN", "PROPN")]
        if loose:
            return [Slot(loose[-1])]  # "Zambian troops participate", read as a noun phrase
    head = verb.head
    if verb.dep_ == "relcl" or (verb.dep_ == "acl" and not _is_infinitive(verb)):
        return _antecedent(verb)
    if verb.dep_ == "acl":
        return _noun_subject(head, depth)
    if head == verb:
        return []
    if verb.dep_ == "pcomp" or (head.dep_ == "prep" and verb.dep_ in ("pobj",)):
        head = head.head
    if head.pos_ not in ("VERB", "AUX"):
        # "accusing the firm of hiding it": the parser hangs "of hiding" on the firm
        if verb.dep_ == "pcomp" and head.dep_ in ("dobj", "nsubjpass") and head.head.lemma_.lower() in word_list("object_control"):
            return [Slot(head)]
        return _noun_subject(head, depth) if verb.dep_ in ("pcomp", "acl", "xcomp", "ccomp") else []
    doer = verb.dep_ == "pcomp" and verb.head.lower_ == "for"
    if doer or (head.lemma_.lower() in word_list("object_control") and (verb.dep_ in ("xcomp", "ccomp", "pcomp") or _is_infinitive(verb))):
        found = objects(head)
        if found:
            return found
    if verb.dep_ in ("conj", "xcomp", "advcl", "pcomp", "ccomp", "dep"):
        if verb.dep_ == "ccomp" and not _is_infinitive(verb) and verb.tag_ != "VBG":
            return []
        return subjects(head, depth + 1)
    return []


def _before_adverb(subject: Token) -> Token:
    """The noun before an adverb that was taken for the subject ("The council sharply criticised ...")."""
    if subject.tag_ == "NN" and subject.lower_.endswith("ly") and subject.i and subject.nbor(-1).head == subject:
        return subject.nbor(-1) if subject.nbor(-1).pos_ in ("NOUN", "PROPN") else subject
    return subject


def _own_subjects(verb: Token) -> list[Token]:
    """The subjects that hang on the verb, or on its auxiliary where the parser left them there."""
    own = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
    if own:
        return own
    return [g for c in verb.children if c.dep_ in ("aux", "auxpass") for g in c.children if g.dep_ in ("nsubj", "nsubjpass")]


def misread_subject(verb: Token) -> Token | None:
    """The subject of a past tense that the parser took for a modifier of its own object; None if it is a modifier.

    "The court on Monday freed two men" and "The union withdrew its claim" come out as noun phrases. A real modifier
    stands behind a determiner or an adjective, or its noun goes on as the subject of another verb.
    """
    if (
        verb.dep_ not in ("amod", "compound", "nmod")
        or verb.i < 1
        or verb.head.i < verb.i
        or verb.head.dep_ in ("nsubj", "nsubjpass", "poss")
    ):
        return None
    place = verb.i - 1
    while place > verb.sent.start and (
        verb.doc[place].lower_ in word_list("day") or verb.doc[place].lower_ == "on" or verb.doc[place].pos_ == "ADV"
    ):
        place -= 1
    before = verb.doc[place]
    if before.i < verb.sent.start or before.dep_ == "poss":
        return None
    if before.lower_ in ("have", "has", "had") and before.pos_ in ("AUX", "VERB"):
        return next((c for c in before.children if c.dep_ == "nsubj"), None)
    return before if before.pos_ in ("NOUN", "PROPN") else None


def _noun_subject(noun: Token, depth: int) -> list[Slot]:
    """The subject of the clause that a noun or adjective is the complement of ("is willing to send", "made a promise to send")."""
    own = [Slot(c) for c in noun.children if c.dep_ == "nsubj"]
    if own:
        return own  # a verb that the tagger took for a noun ("The president plans to ...")
    verb = noun.head
    return subjects(verb, depth + 1) if verb.pos_ in ("VERB", "AUX") and noun.dep_ in ("dobj", "acomp", "attr", "prep") else []


def _is_infinitive(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def _antecedent(verb: Token) -> list[Slot]:
    """The noun that a relative clause or participle hangs on; a coordinated relative clause asks its first one."""
    while verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    if verb.dep_ not in ("relcl", "acl") or verb.head.pos_ not in ("NOUN", "PROPN", "PRON", "NUM"):
        return []
    noun = verb.head
    if noun.lemma_.lower() in word_list("carrier") and noun.dep_ in ("dobj", "pobj"):
        # "issued a statement urging ...": the one who issues it urges.
        above = noun.head.head if noun.dep_ == "pobj" else noun.head
        if above.pos_ == "VERB":
            return prep_objects((above,), "by") if is_passive(above) else subjects(above)
    return [Slot(noun, "coreference")]


def objects(verb: Token) -> list[Slot]:
    """What a verb acts on: its object, the passive subject, or the noun that its relative clause leaves a gap for."""
    if is_passive(verb):
        return subjects(verb)
    found = [c for c in verb.children if c.dep_ in ("dobj", "obj", "attr")] or [
        c for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP"
    ]
    if verb.dep_ == "amod" and not found:
        return [Slot(verb.head)]  # taggers read "Police tightened security" as a noun phrase
    plain = [c for c in found if c.tag_ not in WH_TAGS]
    if plain:
        return [Slot(_receiver(plain[0]))]
    if found:
        return _antecedent(verb)
    named = [c for c in verb.children if c.dep_ == "nsubj"]
    if len(named) > 1 and named[0].i < verb.i < named[-1].i:
        return [Slot(named[-1])]  # an object that the parser took for a second subject
    if verb.dep_ == "relcl":
        own = [c for c in verb.children if c.dep_ == "nsubj"]
        stranded = any(c.dep_ == "prep" and not list(c.children) for c in verb.children)
        if own and own[0].tag_ not in WH_TAGS and own[0].lower_ != "that" and not stranded and verb.tag_ != "VBG":
            return _antecedent(verb)
    return []


def _receiver(head: Token) -> Token:
    """The one who is given or made to pay an amount, where the parser read both as one phrase ("fined the bank 20 million euros")."""
    if head.lemma_.lower() not in word_list("measure"):
        return head
    left = list(head.doc[head.left_edge.i : head.i])
    number = next((n for n, t in enumerate(left) if t.like_num or t.is_currency), 0)
    return left[number - 1] if number and left[number - 1].pos_ in ("NOUN", "PROPN") else head


def shared_object(verb: Token) -> list[Slot]:
    """The object of a verb, or of the last verb joined to it ("seized and burned the hut")."""
    found = objects(verb)
    if found or is_passive(verb):
        return found
    for child in verb.children:
        if (
            child.dep_ == "conj"
            and child.pos_ == "VERB"
            and child.i - verb.i <= 3
            and not any(g.dep_ in ("nsubj", "nsubjpass") for g in child.children)
        ):
            return objects(child)
    return []


def prep_objects(anchors: Sequence[Token], preposition: str) -> list[Slot]:
    """Objects of a preposition that hangs on one of the anchors, or on their place or time ("talks in Riga with Sweden").

    Labels of prepositions vary, so any child with that word counts.
    """
    for anchor in anchors:
        for child in (*anchor.children, *_behind_place(anchor)):
            if child.lower_ != preposition:
                continue
            for grandchild in child.children:
                if grandchild.dep_ in ("pobj", "pcomp") and grandchild.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"):
                    return [Slot(grandchild)]
                if grandchild.dep_ == "prep":  # "out of", "because of"
                    inner = [g for g in grandchild.children if g.dep_ == "pobj"]
                    if inner:
                        return [Slot(inner[0])]
    return []


def two_sides(anchors: Sequence[Token], preposition: str) -> list[Slot]:
    """The parties after "between"; the second is looked for behind "and" where the parser lost it."""
    found = prep_objects(anchors, preposition)
    if len(found) != 1 or len(list(conjuncts(found[0].token))) > 1:
        return found
    doc, end = found[0].token.doc, found[0].token.sent.end
    joint = next((t for t in doc[found[0].token.i + 1 : min(found[0].token.i + 9, end)] if t.lower_ == "and"), None)
    if joint is None:
        return found
    phrase: list[Token] = []
    for token in doc[joint.i + 1 : end]:
        if token.pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "PART") and (phrase or token.tag_ != "VBZ"):
            break
        phrase.append(token)
    return [*found, Slot(phrase[-1], "list")] if phrase else found


def _behind_place(anchor: Token) -> Iterator[Token]:
    """Prepositions that the parser hung on the place or the time of an act, or on the day beside it, instead of on the act."""
    for child in anchor.children:
        if child.dep_ == "prep" and child.lower_ in ("in", "at", "on", "near", "for"):
            for inner in child.children:
                if inner.dep_ == "pobj" and (inner.ent_type_ in SETTING_TYPES or inner.lower_ in word_list("day")):
                    yield from (g for g in inner.children if g.dep_ == "prep" and g.lower_ not in ("of", "in"))
        elif child.dep_ == "npadvmod" and child.ent_type_ in ("DATE", "TIME"):
            yield from (g for g in child.children if g.dep_ == "prep" and g.lower_ not in ("of", "in"))


# --- noun phrases as parties ----------------------------------------------------------------------------------


def parties(slot: Slot, names: Names, *, things: bool = False, inside: bool = True, unclassed: bool = False) -> list[Party]:
    """The parties that a slot names, each conjunct on its own; empty if none of them can be a participant.

    Args:
        slot: Where the noun phrase stands.
        names: The document's mentions.
        things: Places, buildings, vehicles and weapons count too.
        inside: If the head is no party, the one inside the phrase counts ("Chile's offer" is Chile's).
        unclassed: Nouns that no list holds count too, if no party stands inside their phrase.
    """
    found: list[Party] = []
    inner = _of_object(slot.token)
    counting = slot.token.lemma_.lower() in word_list("partitive") and slot.token.i not in names.at and inner is not None
    for n, part in enumerate(conjuncts(inner if counting and inner is not None else slot.token)):
        party = _party(part.token, names, things=things, inside=inside, depth=0)
        if party is None and unclassed and _is_unclassed(part.token, names):
            party = _noun_phrase(part.token, names)
        if party is not None:
            link = slot.link if slot.link != "clause" else (party.link if n == 0 else "list")
            found.append(replace(party, link=link))
    return found


def _party(token: Token, names: Names, *, things: bool, inside: bool, depth: int) -> Party | None:
    if depth > 3:
        return None
    lemma = singular(token)
    if _is_amount(token):
        return None
    if lemma in word_list("partitive") or (token.pos_ in ("NUM", "DET", "PRON") and _of_object(token) is not None):
        inner = _of_object(token)
        if inner is not None:
            whole = _party(inner, names, things=things, inside=inside, depth=depth + 1)
            return replace(whole, link="clause") if whole else None
        if token.tag_ == "NNS" and lemma in word_list("crowd_number"):
            return _noun_phrase(token, names)  # "Thousands marched"
    covered = names.at.get(token.i)
    if covered is not None and (token.pos_ != "PRON" or covered[2]["mention_kind"] == "pronoun"):
        first, last, row = covered
        label = row["label"]
        if label in PARTY_LABELS or (things and label in (*PLACE_LABELS, "PRODUCT")):
            link = "coreference" if row["mention_kind"] == "pronoun" else "clause"
            return Party(first, last, token, row, link)
        return None
    if token.pos_ == "PRON":
        return _resolve_pronoun(token, names) or _unresolved(token)
    apposed = next((c for c in token.children if c.dep_ == "appos" and names.label(c) in PARTY_LABELS), None)
    if apposed is not None:
        first, last, row = names.at[apposed.i]
        return Party(first, last, apposed, row, "apposition")
    classes = noun_classes(token, names)
    if classes & {"person", "body"} or (things and classes & {"place", "thing", "weapon"}) or _is_unknown_name(token):
        return _noun_phrase(token, names)
    return _inner_party(token, names, things=things, depth=depth) if inside else None


def _is_amount(token: Token) -> bool:
    """True for money, shares and measures, which nobody can be ("20 million euros")."""
    return token.ent_type_ in AMOUNT_TYPES or token.lemma_.lower() in word_list("measure") or token.text in "$€£%"


def _is_unknown_name(token: Token) -> bool:
    """True for a proper noun in a main place of a clause that no mention covers: a name that was not found."""
    return (
        token.tag_ in ("NNP", "NNPS")
        and token.ent_type_ in ("", *PARTY_LABELS)
        and token.dep_ in ("nsubj", "nsubjpass", "dobj", "dative")
        and token.is_title
    )


def _of_object(token: Token) -> Token | None:
    for child in token.children:
        if child.lower_ == "of" and child.dep_ == "prep":
            return next((g for g in child.children if g.dep_ == "pobj"), None)
    return None


def _noun_phrase(head: Token, names: Names) -> Party:
    """The noun phrase without determiner and clauses, with the mention inside it that says whose people they are."""
    left = [c for c in head.lefts if c.dep_ in (*MODIFIERS, "nummod", "quantmod", "advmod", "npadvmod", "punct")]
    left = [c for c in left if not any(g.dep_ == "nsubj" for g in c.children)]
    first = min((c.left_edge.i for c in left), default=head.i)
    while first < head.i and (head.doc[first].is_punct or head.doc[first].tag_ in ("DT", "PDT", "PRP$") or head.doc[first].dep_ == "det"):
        first += 1
    last = head.i
    mention = next((names.at[c.i][2] for c in left if c.dep_ in MODIFIERS and _owns(c, head, names)), None)
    inner = _of_object(head)
    if inner is not None and names.label(inner) in PARTY_LABELS and inner.i - head.i <= 6:
        last = max(names.at[inner.i][1], inner.i)
        mention = mention or names.at[inner.i][2]
    return Party(first, last, head, mention)


def _owns(modifier: Token, head: Token, names: Names) -> bool:
    """True if the modifier names the state, people or body that the head belongs to; persons own only forces and offices."""
    label = names.label(modifier)
    if label in ("NORP", "GPE", "ORG"):
        return True
    return label == "PERSON" and modifier.dep_ == "poss" and head.lemma_.lower() in word_list("owned_by_person")


def _inner_party(token: Token, names: Names, *, things: bool, depth: int) -> Party | None:
    """The party that a thing or an act belongs to: its possessor, its origin, the one after "by", "of" or "from"."""
    for child in token.children:
        if child.dep_ in MODIFIERS and names.label(child) in PARTY_LABELS:
            first, last, row = names.at[child.i]
            return Party(first, last, child, row)
        if child.dep_ == "compound" and child.pos_ == "NOUN" and "body" in noun_classes(child, names):
            return _noun_phrase(child, names)  # "a navy helicopter"
        if child.dep_ == "poss" and child.pos_ in ("NOUN", "PROPN"):
            return _party(child, names, things=False, inside=True, depth=depth + 1)
    # The victim of a nominal act stands after "of"; it is not the one that the act belongs to.
    prepositions = ("by", "from") if token.lemma_.lower() in load_lexicon().nouns else ("by", "from", "of")
    for child in token.children:
        if child.lower_ in prepositions and child.dep_ in ("prep", "agent"):
            for inner in child.children:
                if inner.dep_ == "pobj":
                    return _party(inner, names, things=False, inside=True, depth=depth + 1)
    return None


def _resolve_pronoun(token: Token, names: Names) -> Party | None:
    """A pronoun subject inside what somebody says stands for the speaker if number and kind agree ("Chile said it will")."""
    verb = token.head
    if token.dep_ not in ("nsubj", "nsubjpass") or token.lower_ not in ("it", "they", "he", "she", "we"):
        return None
    while verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    head = verb.head
    if verb.dep_ != "ccomp" or head.lemma_.lower() not in word_list("speech") or (head.i > token.i and verb.i < head.i):
        return None
    if any(t.text in QUOTE_MARKS for t in head.sent):
        return None  # in words that are quoted a pronoun is the speaker's own
    for speaker in subjects(head):
        if speaker.token.i == token.i or speaker.token.pos_ == "PRON":
            continue
        party = _party(speaker.token, names, things=False, inside=False, depth=1)
        if party is not None and _agrees(token, speaker.token, names):
            return replace(party, link="coreference")
    return None


def _unresolved(token: Token) -> Party | None:
    """A person whom the text names by a pronoun alone: the pronoun itself, with no mention behind it."""
    return Party(token.i, token.i, token, None) if token.lower_ in ("he", "she", "they", "him", "her", "them") else None


def _agrees(pronoun: Token, noun: Token, names: Names) -> bool:
    label = names.label(noun)
    plural = noun.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in noun.children)
    classes = noun_classes(noun, names)
    if pronoun.lower_ == "it":
        return not plural and (label in ("ORG", "GPE") or "body" in classes)
    if pronoun.lower_ in ("they", "we"):
        return plural or label in ("ORG", "NORP") or "body" in classes
    return not plural and (label == "PERSON" or (not label and "person" in classes))
