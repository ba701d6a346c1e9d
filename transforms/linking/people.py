"""Which nodes are one person, place or body beyond an equal key: always on evidence from the documents around them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from rapidfuzz import fuzz

from transforms.linking import names
from transforms.linking.groups import Groups
from transforms.linking.nodes import Node
from transforms.rules import load_rules

MAX_DOCUMENTS = 200
"""Documents of a node that are looked at for its company; enough for evidence, and bounded for entities that are everywhere."""


class Company:
    """Who stands together with whom: for each document the nodes in it that can serve as evidence."""

    def __init__(self, nodes: Sequence[Node], n_documents: int) -> None:
        rules = load_rules("linking")["entities"]
        limit = max(rules["hub_min"], rules["hub_share"] * n_documents)
        self._nodes = nodes
        self._of_document: dict[int, list[int]] = defaultdict(list)
        self._in_document: dict[int, list[int]] = defaultdict(list)
        self._near: dict[int, frozenset[int]] = {}
        for number, node in enumerate(nodes):
            counts = not node.loose and node.group in ("PERSON", "PLACE", "BODY") and len(node.documents) <= limit
            for document in node.documents:
                if counts:
                    self._of_document[document].append(number)
                if node.group == "PERSON":
                    self._in_document[document].append(number)

    def of_document(self, document: int) -> Sequence[int]:
        """Nodes of the document that can serve as evidence, rising."""
        return self._of_document.get(document, ())

    def people_in(self, document: int) -> Sequence[int]:
        """Persons that the document names."""
        return self._in_document.get(document, ())

    def near(self, number: int) -> frozenset[int]:
        """Nodes that stand in a document with this one."""
        if number not in self._near:
            documents = self._nodes[number].documents[:MAX_DOCUMENTS]
            self._near[number] = frozenset(n for d in documents for n in self.of_document(d))
        return self._near[number]

    def shared(self, a: int, b: int) -> int:
        """Nodes other than the two that stand with both."""
        return len((self.near(a) & self.near(b)) - {a, b})

    def together(self, a: int, b: int) -> bool:
        """One document names both."""
        return not set(self._nodes[a].documents).isdisjoint(self._nodes[b].documents)


def join_people(nodes: Sequence[Node], groups: Groups, company: Company) -> None:
    """Join full names of one person: middle names, initials, translated given names, close spellings."""
    full = [i for i, n in enumerate(nodes) if n.person is not None and n.person.is_full and not n.loose]
    by_ends: dict[tuple[str, ...], list[int]] = defaultdict(list)
    by_surname: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i in full:
        person = nodes[i].person
        assert person is not None
        if not names.is_korean(person):
            by_ends[person.tokens[0], person.tokens[-1], person.generation].append(i)
        by_surname[person.tokens[-1], person.generation].append(i)
    for block in by_ends.values():
        _join_middle_names(nodes, block, groups, company)
    for block in by_surname.values():
        _join_initials(nodes, block, groups, company)
        _join_translations(nodes, block, groups, company)
    _join_near(nodes, full, groups, company)


def _evidence(nodes: Sequence[Node], company: Company, a: int, b: int) -> bool:
    """They have company in common or the same country."""
    needed: int = load_rules("linking")["entities"]["min_shared_neighbours"]
    return bool(nodes[a].countries & nodes[b].countries) or company.shared(a, b) >= needed


def _person(node: Node) -> names.PersonName:
    assert node.person is not None
    return node.person


def _middle_fits(a: Sequence[str], b: Sequence[str]) -> bool:
    return len(a) == len(b) and all(x == y or (min(len(x), len(y)) == 1 and x[0] == y[0]) for x, y in zip(a, b, strict=True))


def _join_middle_names(nodes: Sequence[Node], block: list[int], groups: Groups, company: Company) -> None:
    """Same first and last token: one person if all middle names that occur fit each other."""
    if len(block) < 2:
        return
    middles = {i: _person(nodes[i]).tokens[1:-1] for i in block}
    given = sorted({m for m in middles.values() if m})
    if not all(_middle_fits(a, b) for n, a in enumerate(given) for b in given[n + 1 :]):
        return
    for i in block[1:]:
        if _evidence(nodes, company, block[0], i):
            groups.join(block[0], i)


def _join_initials(nodes: Sequence[Node], block: list[int], groups: Groups, company: Company) -> None:
    """An initial and a surname belong to the only full name that they fit."""
    for i in block:
        person = _person(nodes[i])
        if len(person.tokens[0]) > 1:
            continue
        fits = [j for j in block if len(_person(nodes[j]).tokens[0]) > 1 and _person(nodes[j]).raw[0][0] == person.raw[0][0]]
        if len({groups.find(j) for j in fits}) == 1 and _evidence(nodes, company, i, fits[0]):
            groups.join(i, fits[0])


def _join_translations(nodes: Sequence[Node], block: list[int], groups: Groups, company: Company) -> None:
    """One given name in two languages, the same surname, company in common, never both in one document."""
    by_class: dict[str, list[int]] = defaultdict(list)
    for i in block:
        class_ = names.translation_class(_person(nodes[i]).raw[0])
        if class_ is not None:
            by_class[class_].append(i)
    needed = load_rules("linking")["entities"]["min_shared_neighbours"]
    for members in by_class.values():
        for n, a in enumerate(members):
            for b in members[n + 1 :]:
                if company.shared(a, b) >= needed and not company.together(a, b):
                    groups.join(a, b)


def _join_near(nodes: Sequence[Node], full: list[int], groups: Groups, company: Company) -> None:
    """Close spellings of given name or surname, the other part equal, on more evidence than equal keys need."""
    rules = load_rules("linking")["entities"]
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in full:
        person = _person(nodes[i])
        if len(person.tokens) != 2 or person.generation or names.is_korean(person):
            continue
        given, surname = person.tokens
        blocks["given", given, surname[:1]].append(i)
        blocks["surname", surname, given[:1]].append(i)
    for block in blocks.values():
        if len(block) < 2:
            continue
        for n, a in enumerate(block):
            for b in block[n + 1 :]:
                if groups.find(a) == groups.find(b) or not _close(_person(nodes[a]), _person(nodes[b]), rules):
                    continue
                if company.shared(a, b) >= rules["min_shared_for_near"] and not company.together(a, b):
                    groups.join(a, b)


def _close(a: names.PersonName, b: names.PersonName, rules: dict[str, Any]) -> bool:
    for x, y in zip(a.tokens, b.tokens, strict=True):
        if x == y:
            continue
        if min(len(x), len(y)) < rules["near_min_length"] or names.differ_in_gender(x, y) or fuzz.ratio(x, y) < rules["near_ratio"]:
            return False
    return True


def place_short_names(nodes: Sequence[Node], groups: Groups, company: Company) -> None:
    """Join a node whose name some document uses as the short form of exactly one other node, and that shares its company.

    An acronym introduced in one article is so known in the others; two candidates leave it alone.
    """
    long_of: dict[tuple[str, str], set[int]] = defaultdict(set)
    for i, node in enumerate(nodes):
        for short in node.short:
            long_of[node.group, short].add(i)
    for i, node in enumerate(nodes):
        candidates = {groups.find(j) for j in long_of.get(node.key, ()) if j != i}
        if len(candidates) == 1 and node.group != "PERSON":
            other = min(candidates)
            if node.group == "PLACE" or _evidence(nodes, company, i, other):
                groups.join(i, other)


def place_bare_places(nodes: Sequence[Node], groups: Groups) -> None:
    """Join a place of unknown country to the only place of that name."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for i, node in enumerate(nodes):
        if node.group == "PLACE":
            for key in {node.key[1], *node.short}:
                name, _, country = key.partition("|")
                if country:
                    by_name[name].append(i)
    for i, node in enumerate(nodes):
        if node.group == "PLACE" and node.key[1].endswith("|"):
            known = {groups.find(j) for j in by_name.get(node.key[1][:-1], ())}
            if len(known) == 1:
                groups.join(i, min(known))


def place_surnames(
    nodes: Sequence[Node], groups: Groups, company: Company, document_of: Sequence[int]
) -> dict[int, tuple[int, int | None]]:
    """Where each local entity known by a bare surname belongs.

    Gives local entity -> (node, None) of the full name that it belongs to, or (own node, first local entity of the
    bunch) where no full name is proven: bare surnames are one only when they share company.
    """
    index = _index_surnames(nodes, groups)
    out: dict[int, tuple[int, int | None]] = {}
    for i, node in enumerate(nodes):
        if not node.loose:
            continue
        candidates = index.get(_person(node).tokens[0], {})
        left: list[int] = []
        for local in node.locals:
            found = _full_name_for(int(document_of[local]), candidates, groups=groups, company=company, nodes=nodes)
            if found is None:
                left.append(local)
            else:
                out[local] = (found, None)
        for bunch in _bunches(left, document_of, company):
            for local in bunch:
                out[local] = (i, bunch[0])
    return out


def _index_surnames(nodes: Sequence[Node], groups: Groups) -> dict[str, dict[int, list[int]]]:
    """Surname -> group -> its nodes."""
    index: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, node in enumerate(nodes):
        if node.person is not None and node.person.is_full:
            person = node.person
            index[person.tokens[0] if names.is_korean(person) else person.tokens[-1]][groups.find(i)].append(i)
    return index


def _full_name_for(
    document: int, candidates: dict[int, list[int]], *, nodes: Sequence[Node], groups: Groups, company: Company
) -> int | None:
    """The full name that a bare surname of this document belongs to, or None."""
    rules = load_rules("linking")["entities"]
    here = set(company.of_document(document))
    present = {groups.find(j) for j in company.people_in(document)}
    proven: Counter[int] = Counter()
    for group, members in candidates.items():
        if group in present:
            continue
        if any(len((company.near(j) & here) - set(members)) >= rules["min_shared_neighbours"] for j in members):
            proven[group] = sum(len(nodes[j].documents) for j in members)
    if not proven:
        return None
    best, n = min(proven.items(), key=lambda item: (-item[1], item[0]))
    others = sum(proven.values()) - n
    return best if not others or n >= rules["surname_dominance"] * others else None


def _bunches(locals_: Iterable[int], document_of: Sequence[int], company: Company) -> list[list[int]]:
    """Local entities joined where their documents share company."""
    members = list(locals_)
    groups, first = Groups(len(members)), dict[int, int]()
    for place, local in enumerate(members):
        for neighbour in company.of_document(int(document_of[local])):
            groups.join(first.setdefault(neighbour, place), place)
    return [[members[k] for k in bunch] for bunch in groups.members().values()]
