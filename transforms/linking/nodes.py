"""Local entities brought to nodes: what has one key is one thing without further evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from transforms.linking import names
from transforms.linking.mentions import Facts, Mentions, most
from transforms.rules import load_rules

GROUPS = {"PERSON": "PERSON", "NORP": "NORP", "GPE": "PLACE", "LOC": "PLACE", "ORG": "BODY", "FAC": "BODY"}
"""Labels that are mistaken for each other share a group; any other label is a group of its own."""

Key = tuple[str, str]


@dataclass(slots=True)
class Node:
    """Local entities that share a key.

    ``key`` is the group and the folded name. ``short`` are keys of shorter names that stood for it inside a document.
    ``loose`` says that the key alone proves nothing (a bare surname): its local entities are placed one by one.
    """

    key: Key
    locals: list[int] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    short: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    person: names.PersonName | None = None
    loose: bool = False
    state: str | None = None

    @property
    def group(self) -> str:
        """PERSON, NORP, PLACE, BODY, STATE or a label."""
        return self.key[0]


def make_nodes(mentions: Mentions) -> list[Node]:
    """The nodes of all local entities that have a name, sorted by key."""
    nodes: dict[Key, Node] = {}
    remembered: dict[tuple[object, ...], Node | None] = {}
    for local, facts in mentions.facts():
        alike = _signature(facts)
        if alike in remembered:
            made = remembered[alike]
        else:
            made = _node(facts, f"{mentions.document[local]}/{mentions.local_ids[local].as_py()}")
            if alike and (made is None or "/" not in made.key[1]):
                remembered[alike] = made
        if made is None:
            continue
        node = nodes.get(made.key)
        if node is None:
            node = nodes[made.key] = replace(made, locals=[], documents=[], short=set(), countries=set())
        node.locals.append(local)
        document = int(mentions.document[local])
        if not node.documents or node.documents[-1] != document:
            node.documents.append(document)
        node.short |= made.short
        node.countries |= made.countries
    return [nodes[key] for key in sorted(nodes)]


def _signature(facts: Facts) -> tuple[object, ...]:
    """What decides the node of a local entity with one spelling; empty for others."""
    if len(facts.forms) > 1:
        return ()
    return (next(iter(facts.forms)), *(most(counts) for counts in (facts.labels, facts.countries, facts.sectors)), most(facts.geonames))


def _node(facts: Facts, own: str) -> Node | None:
    """The node of one local entity; ``own`` is a key that no other local entity has."""
    label = most(facts.labels) or ""
    country = most(facts.countries)
    group = GROUPS.get(label, label)
    if group == "PERSON":
        node = _person(facts)
    elif group == "NORP":
        node = _norp(facts)
    elif group == "PLACE":
        node = _state(facts, country) or _place(facts, country)
    else:
        node = _body(facts, group, country, own)
    if node is not None and country is not None:
        node.countries.add(country)
    return node


def _person(facts: Facts) -> Node | None:
    forms = [(names.person_name(form), n, form) for form, n in facts.forms.items()]
    forms = [f for f in forms if f[0].tokens]
    if not forms:
        return None
    name, *_ = min(forms, key=lambda f: (-min(len(f[0].tokens), 4), -f[1], f[2]))
    key = names.people_aliases().get(name.key)
    if key is not None:
        name = names.person_name(key)
    return Node(("PERSON", name.key), person=name, loose=not name.is_full)


def _norp(facts: Facts) -> Node | None:
    form = most(facts.forms) or ""
    key = names.norp_key(form)
    code = names.adjective_codes().get(key)
    return Node(("NORP", f"{code} adjective" if code else key)) if key else None


def _state(facts: Facts, country: str | None) -> Node | None:
    """The node of the state, if a form names it, its identifier is the state's, or a capital stands for it."""
    code = next((c for form in sorted(facts.forms) if (c := names.state_of(names.simple(form), country))), None)
    if code is None:
        code = names.state_geonames().get(most(facts.geonames) or 0)
    sectors = most(facts.sectors) or ""
    if code is None and load_rules("linking")["entities"]["capital_is_state"] and sectors.split("|")[0] == "GOV" and "GPE" in facts.labels:
        code = country if country in names.state_names() else None
    return Node(("STATE", code), state=code) if code else None


def _place(facts: Facts, country: str | None) -> Node | None:
    key = names.place_key(most(facts.forms) or "")
    if not key:
        return None
    if names.as_region(key) in {names.place_key(form) for form in facts.forms}:
        key = names.as_region(key)
    key = names.common_place_key(key, country)
    geonames = most(facts.geonames)
    if geonames is not None:
        return Node(("PLACE", f"{geonames} geonames"), short={f"{key}|{country or ''}"})
    return Node(("PLACE", f"{key}|{country or ''}"))


def _body(facts: Facts, group: str, country: str | None, own: str) -> Node | None:
    keys = {form: names.simple(form) for form in facts.forms}
    keys = {form: key for form, key in keys.items() if key}
    if not keys:
        return None
    alias = next((names.body_aliases()[keys[f]] for f in sorted(keys) if keys[f] in names.body_aliases()), None)
    full = min(keys, key=lambda f: (names.is_acronym(f), -len(keys[f].split()), -facts.forms[f], f))
    short = {keys[f] for f in keys} - {keys[full]}
    if group == "BODY" and alias is not None:
        return Node((group, names.simple(alias)), short=short | {keys[full]} - {names.simple(alias)})
    rest, named = names.split_country(keys[full])
    if group == "BODY" and names.is_generic(rest):
        state = named or country
        return Node((group, f"{names.body_key(rest, state)}|{state or own}"))
    return Node((group, keys[full]), short=short)
