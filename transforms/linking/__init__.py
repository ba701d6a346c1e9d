"""What belongs together over all documents: entities, copies, stories, happenings, figures, remarks, disputes; and what people corrected of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from transforms.linking.columns import READ
from transforms.linking.copies import find_copies
from transforms.linking.corpus import Corpus
from transforms.linking.corrections import Correction, make_corrections
from transforms.linking.disputes import find_disputes
from transforms.linking.entities import link_entities
from transforms.linking.events import Events
from transforms.linking.figures import Context
from transforms.linking.happenings import find_happenings
from transforms.linking.mentions import Mentions
from transforms.linking.quotes import find_remarks, read_quotes, word_weights
from transforms.linking.standing import Standing
from transforms.linking.stories import find_stories
from transforms.linking.topics import find_topics
from warehouse.schema import TABLES, Row

__all__ = ["READ", "Correction", "link_documents", "make_corrections"]


def link_documents(tables: Mapping[str, pa.Table], corrections: Sequence[Correction] = ()) -> dict[str, pa.Table]:
    """The link tables over all documents, each sorted by its key.

    ``tables`` gives the tables of clean and extract by name, over all documents; of each only the columns in ``READ`` are
    needed, and each is asked for once, so that a mapping may read it then and forget it. The result depends on their rows
    and the corrections alone, not on the order of the rows: it always equals a full recomputation. Without documents every
    table but corrections is empty. Rows that corrections reject are as if they had never been read.
    """
    out: dict[str, pa.Table] = {}

    def keep(name: str, rows: Iterable[Row]) -> None:
        """Rows become Arrow as soon as they are made: as Python values they take several times the memory."""
        out[name] = TABLES[name].conform(rows)

    tables = standing = Standing(tables, corrections)
    corpus = Corpus(tables)
    mentions = Mentions(corpus, tables["mentions"])
    entities = link_entities(corpus, mentions, corrections)
    mentions.forget_names()
    keep("entities", (entity.row for entity in entities.entities))
    keep("entity_names", entities.names)
    out["entity_links"] = entities.links(corpus, mentions)
    copies = find_copies(corpus)
    keep("copy_groups", copies.rows)
    events = Events(corpus, mentions, entities, tables["events"], tables["event_roles"])
    stories = find_stories(corpus, mentions, entities, events, copies)
    keep("stories", stories.stories)
    keep("story_members", stories.members)
    keep("happenings", find_happenings(events, stories))
    quotes = read_quotes(corpus, mentions, entities, stories, tables["quotes"])
    keep("figure_topics", find_topics(Context(corpus, mentions, entities, stories, events, quotes), tables["figures"]))
    weights = word_weights(quotes)
    keep("remark_groups", find_remarks(quotes, copies, weights))
    disputes = find_disputes(quotes, events, stories, weights)
    keep("disputes", disputes)
    standing.see(str(row["dispute_id"]) for row in disputes)
    keep("corrections", standing.rows(entities.verdicts, corrections))
    return out
