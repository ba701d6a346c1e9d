"""Entities merged and split by hand, after linking has made them and before anything rests on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from transforms.linking import names
from transforms.linking.columns import NONE
from transforms.linking.corpus import Corpus
from transforms.linking.corrections import Correction, Verdict, is_id
from transforms.linking.mentions import Mentions
from transforms.linking.nodes import GROUPS, Node
from warehouse.schema import Row, make_id


@dataclass(frozen=True, slots=True)
class Cluster:
    """The local entities of one entity, rising, and the node that names it; ``name`` and ``label`` where they are given by hand."""

    node: Node
    locals: list[int]
    name: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What an entity can be found by."""

    name: str
    label: str
    spellings: frozenset[str]


def plain(name: str) -> str:
    """A name as table entity_names has it."""
    return names.tidy(name) or name


@dataclass(slots=True)
class Regrouping:
    """Entities while corrections are applied to them one after another, in the order of the file.

    ``by_name`` gives for a name or spelling the entities that bore it at the start, and the parts that splits have made;
    ``now`` tells for an entity that was merged into another which one that is.
    """

    clusters: dict[str, Cluster]
    known: dict[str, Known]
    by_name: dict[str, list[str]]
    mentions: Mentions
    corpus: Corpus
    now: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def apply(self, corrections: Sequence[Correction]) -> None:
        """Merges and splits as the corrections say."""
        for correction in corrections:
            if correction.table == "entities":
                make = self._merge if correction.action == "merge" else self._split
                self.verdicts[correction.correction_id] = make(correction)

    def _find(self, target: str, label: str | None) -> tuple[str | None, str | None]:
        """The entity that an id or a name means now; else None and why not."""
        if is_id(target):
            entity_id = self.now.get(target, target)
            return (entity_id, None) if entity_id in self.clusters else (None, f"there is no entity {target}")
        name = plain(target)
        bearers = sorted({self.now.get(e, e) for e in self.by_name.get(name, ())})
        labelled = [e for e in bearers if self.known[e].label == label]
        fitting = [e for e in labelled if plain(self.known[e].name) == name] or [e for e in labelled if name in self.known[e].spellings]
        if len(fitting) == 1:
            return fitting[0], None
        if not fitting:
            return None, f'no entity of label {label} is called "{target}"'
        return None, f'{len(fitting)} entities of label {label} are called "{target}" ({", ".join(fitting[:3])}): give the id'

    def _merge(self, correction: Correction) -> Verdict:
        """The first keeps id, name and label; those that are not found are left as they are."""
        found, notes = [], []
        for target in correction.targets:
            entity_id, missing = self._find(target, correction.label)
            if entity_id is None:
                notes.append(str(missing))
            elif entity_id not in found:
                found.append(entity_id)
        for other in found[1:]:
            self._join(found[0], other)
        return Verdict(tuple(found), "; ".join(notes) or None)

    def _join(self, first: str, other: str) -> None:
        whole, part = self.clusters[first], self.clusters.pop(other)
        known, its = self.known[first], self.known.pop(other)
        self.clusters[first] = Cluster(whole.node, sorted(whole.locals + part.locals), known.name, known.label)
        self.known[first] = replace(known, spellings=known.spellings | its.spellings)
        self.now = {old: first if new == other else new for old, new in self.now.items()} | {other: first}

    def _split(self, correction: Correction) -> Verdict:
        """Mentions with these spellings, in these documents, become an entity of their own."""
        entity_id, missing = self._find(correction.targets[0], correction.label)
        if entity_id is None:
            return Verdict((), missing)
        spelled = self._spellings(self.clusters[entity_id].locals)
        wanted = {plain(s) for s in correction.spellings}
        documents = {local: self.corpus.document_ids[self.mentions.document[local]] for local in spelled}
        taken = [
            local for local, forms in spelled.items()
            if (not wanted or wanted & forms) and (not correction.documents or documents[local] in correction.documents)
        ]  # fmt: skip
        notes = [
            f'no mention of it is spelled "{s}"' for s in correction.spellings if not any(plain(s) in forms for forms in spelled.values())
        ]
        notes += [f"document {d} does not name it" for d in correction.documents if d not in documents.values()]
        if not taken or len(taken) == len(spelled):
            notes = notes if notes and not taken else [*notes, "nothing is split off" if not taken else "nothing of it would be left"]
            return Verdict((entity_id,), "; ".join(notes))
        return Verdict((entity_id, self._part(correction, entity_id, taken, spelled)), "; ".join(notes) or None)

    def _part(self, correction: Correction, entity_id: str, taken: list[int], spelled: Mapping[int, frozenset[str]]) -> str:
        """Makes the part an entity; gives its id."""
        whole, known = self.clusters[entity_id], self.known[entity_id]
        part_id = make_id("ent", "split", correction.correction_id)
        rest = [local for local in whole.locals if local not in set(taken)]
        self.clusters[entity_id] = replace(whole, locals=rest)
        node = Node((GROUPS.get(known.label, known.label), correction.correction_id))
        self.clusters[part_id] = Cluster(node, sorted(taken), label=known.label)
        self.known[part_id] = Known("", known.label, frozenset().union(*(spelled[local] for local in taken)))
        for spelling in self.known[part_id].spellings:
            self.by_name.setdefault(spelling, []).append(part_id)
        left = frozenset().union(*(spelled[local] for local in rest if local in spelled))
        self.known[entity_id] = replace(known, spellings=left)
        return part_id

    def _spellings(self, locals_: Sequence[int]) -> dict[int, frozenset[str]]:
        """Local entity -> its spellings, of those that have a name."""
        own = np.full(len(self.mentions), NONE, np.int64)
        own[locals_] = locals_
        return {number: frozenset(plain(form) for form in facts.forms) for number, facts in self.mentions.facts(own)}


def regroup(
    clusters: Mapping[str, Cluster],
    rows: Sequence[Row],
    spellings: Sequence[Row],
    corrections: Sequence[Correction],
    mentions: Mentions,
    corpus: Corpus,
) -> Regrouping:
    """The clusters after merges and splits, sorted by entity, and what became of each correction.

    ``rows`` and ``spellings`` are the rows of entities and entity_names that the clusters make without corrections.
    """
    forms: dict[str, set[str]] = {str(row["entity_id"]): set() for row in rows}
    for row in spellings:
        forms[row["entity_id"]].add(row["name"])
    known = {str(row["entity_id"]): Known(row["name"], row["label"], frozenset(forms[row["entity_id"]])) for row in rows}
    by_name: dict[str, list[str]] = {}
    for entity_id, found in known.items():
        for name in sorted({plain(found.name), *found.spellings}):
            by_name.setdefault(name, []).append(entity_id)
    regrouping = Regrouping(dict(clusters), known, by_name, mentions, corpus)
    regrouping.apply(corrections)
    return regrouping
