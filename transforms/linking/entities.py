"""One entity for all spellings of a person, body, state or place over all documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from transforms.linking import names
from transforms.linking.columns import NONE, Ints
from transforms.linking.corpus import Corpus
from transforms.linking.corrections import Correction, Verdict
from transforms.linking.groups import Groups
from transforms.linking.mentions import Facts, Mentions, most
from transforms.linking.nodes import Node, make_nodes
from transforms.linking.people import Company, join_people, place_bare_places, place_short_names, place_surnames
from transforms.linking.regroup import Cluster, regroup
from warehouse.schema import TABLES, Row, make_id


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: its row, and what other steps compare it by.

    ``kind`` is PERSON, NORP, PLACE, BODY, STATE or a label. ``actors`` holds the id, and the country for whoever acts
    as the country: the state, its adjective and its state bodies.
    """

    row: Row
    kind: str
    actors: frozenset[str]

    @property
    def entity_id(self) -> str:
        """The entity's id."""
        return str(self.row["entity_id"])


@dataclass(frozen=True, slots=True)
class Entities:
    """All entities, and for each local entity the number of its entity or ``NONE``.

    ``verdicts`` tells by its id what became of each correction of entities.
    """

    entities: list[Entity]
    of_local: Ints
    names: list[Row]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    def links(self, corpus: Corpus, mentions: Mentions) -> pa.Table:
        """The table entity_links: one row per local entity that has an entity."""
        known = np.flatnonzero(self.of_local != NONE)
        ids = pa.array([entity.entity_id for entity in self.entities], pa.string())
        columns = {
            "document_id": pa.array(corpus.document_ids, pa.string()).take(pa.array(mentions.document[known])),
            "local_entity_id": mentions.local_ids.take(pa.array(known)),
            "entity_id": ids.take(pa.array(self.of_local[known])),
        }
        return pa.table(columns).cast(TABLES["entity_links"].arrow)


STATE_SECTORS = frozenset({"GOV", "MIL", "SPY", "COP", "LEG", "JUD"})


def link_entities(corpus: Corpus, mentions: Mentions, corrections: Sequence[Correction] = ()) -> Entities:
    """Entities over all documents, merged and split as corrections say; a local entity that has no name gets none."""
    nodes = make_nodes(mentions)
    groups = Groups(len(nodes))
    company = Company(nodes, len(corpus.document_ids))
    join_people(nodes, groups, company)
    place_short_names(nodes, groups, company)
    place_bare_places(nodes, groups)
    bare = place_surnames(nodes, groups, company, mentions.document.tolist())
    clusters = _clusters(nodes, groups, bare, corpus, mentions)
    made = _entities(clusters, mentions)
    if not any(c.table == "entities" for c in corrections):
        return made
    regrouped = regroup(clusters, [e.row for e in made.entities], made.names, corrections, mentions, corpus)
    return _entities(regrouped.clusters, mentions, regrouped.verdicts)


def _entities(clusters: Mapping[str, Cluster], mentions: Mentions, verdicts: Mapping[str, Verdict] | None = None) -> Entities:
    of_local = np.full(len(mentions), NONE, np.int64)
    by_id = sorted(clusters.items())
    for number, (_, cluster) in enumerate(by_id):
        of_local[cluster.locals] = number
    entities, name_rows = [], []
    for number, facts in mentions.facts(of_local):
        entity_id, cluster = by_id[number]
        entities.append(_entity(entity_id, cluster, facts, mentions))
        name_rows += _name_rows(entity_id, facts)
    return Entities(entities, of_local, name_rows, verdicts or {})


def _clusters(
    nodes: list[Node], groups: Groups, bare: dict[int, tuple[int, int | None]], corpus: Corpus, mentions: Mentions
) -> dict[str, Cluster]:
    """Entity id -> the node that names it and its local entities, rising."""
    by_group: dict[tuple[int, int | None], list[int]] = {}
    for i, node in enumerate(nodes):
        for local in node.locals:
            target = bare.get(local, (groups.find(i), None))
            by_group.setdefault((groups.find(target[0]), target[1]), []).append(local)
    out = {}
    for (group, first), locals_ in by_group.items():
        key: tuple[str, ...] = nodes[group].key
        if first is not None:
            key = (*key, corpus.document_ids[mentions.document[first]], mentions.local_ids[first].as_py())
        elif "/" in key[1]:
            only = locals_[0]
            key = (key[0], corpus.document_ids[mentions.document[only]], mentions.local_ids[only].as_py())
        out[make_id("ent", *key)] = Cluster(nodes[group], sorted(locals_))
    return out


def _entity(entity_id: str, cluster: Cluster, facts: Facts, mentions: Mentions) -> Entity:
    node, locals_ = cluster.node, cluster.locals
    country = node.state or most(facts.countries)
    sectors = most(facts.sectors)
    geonames = next(iter(facts.geonames)) if len(facts.geonames) == 1 else None
    point = next(iter(facts.points)) if len(facts.points) == 1 else (None, None)
    label = cluster.label or ("GPE" if node.state else most(facts.labels))
    row: Row = {
        "entity_id": entity_id,
        "name": cluster.name or _canonical(node, facts),
        "label": label,
        "country": country,
        "sectors": sectors.split("|") if sectors else None,
        "latitude": point[0],
        "longitude": point[1],
        "geonames_id": geonames,
        "admin1": most(facts.admin1) if len(facts.admin1) == 1 else None,
        "n_documents": len(set(mentions.document[locals_].tolist())),
        "n_mentions": int(mentions.n_mentions[locals_].sum()),
    }
    return Entity(row, node.group, _actors(entity_id, node, country, row["sectors"]))


def _actors(entity_id: str, node: Node, country: str | None, sectors: list[str] | None) -> frozenset[str]:
    """What an event's participant may be matched by."""
    official = node.group == "BODY" and bool(STATE_SECTORS.intersection(sectors or ()))
    as_country = country is not None and (node.group in ("STATE", "NORP") or official)
    return frozenset({entity_id, f"country {country}"} if as_country else {entity_id})


def _canonical(node: Node, facts: Facts) -> str:
    """The most frequent full form; the state's own name for a state, the listed name for a listed body."""
    if node.state:
        return names.state_names()[node.state]
    counts: Counter[str] = Counter()
    for form, n in facts.forms.items():
        counts[_shown(form, node.group)] += n
    if node.group == "BODY":
        listed = next((names.body_aliases()[k] for k in sorted(map(names.simple, counts)) if k in names.body_aliases()), None)
        if listed is not None:
            return listed
    full = [form for form in counts if _is_full(form, node)] or list(counts)
    return min(full, key=lambda form: (-counts[form], form))


def _shown(form: str, group: str) -> str:
    """The form without article, possessive and, for persons, titles."""
    shown = names.tidy(form)
    if group == "PERSON":
        words = shown.split()
        while len(words) > 1 and names.is_title(words[0]):
            words = words[1:]
        shown = " ".join(words)
    return shown or form


def _is_full(form: str, node: Node) -> bool:
    if node.group == "PERSON":
        return names.person_name(form).is_full
    if node.group == "BODY":
        state = node.key[1].rpartition("|")[2]
        return not names.is_acronym(form) and (len(state) != 3 or names.split_country(names.simple(form))[1] is not None)
    return True


def _name_rows(entity_id: str, facts: Facts) -> list[Row]:
    """One row per spelling, blanks made one."""
    counts: Counter[str] = Counter()
    for form, n in facts.forms.items():
        counts[names.tidy(form) or form] += n
    return [{"entity_id": entity_id, "name": name, "n_mentions": counts[name]} for name in sorted(counts)]
