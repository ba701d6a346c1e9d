"""What belongs together over all documents: entities, copies, stories, happenings, figures, remarks, disputes."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from transforms.linking.copies import find_copies
from transforms.linking.corpus import Corpus
from transforms.linking.disputes import find_disputes
from transforms.linking.entities import link_entities
from transforms.linking.events import Events
from transforms.linking.happenings import find_happenings
from transforms.linking.mentions import Mentions
from transforms.linking.quotes import find_remarks, read_quotes, word_weights
from transforms.linking.stories import find_stories
from transforms.linking.topics import Context, find_topics
from warehouse.schema import TABLES

__all__ = ["link_documents"]


def link_documents(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The ten link tables over all documents, each sorted by its key.

    ``tables`` are the tables of clean and extract by name, over all documents. The result depends on their rows alone,
    not on the order of the rows: it always equals a full recomputation. Without documents every table is empty.
    """
    corpus = Corpus(tables)
    mentions = Mentions(corpus, tables["mentions"])
    entities = link_entities(corpus, mentions)
    copies = find_copies(corpus)
    events = Events(corpus, mentions, entities, tables["events"], tables["event_roles"])
    stories = find_stories(corpus, mentions, entities, events, copies)
    happenings = find_happenings(events, stories)
    quotes = read_quotes(corpus, mentions, entities, stories, tables["quotes"])
    weights = word_weights(quotes)
    context = Context(corpus, mentions, entities, stories, events, happenings, quotes)
    rows = {
        "entities": [entity.row for entity in entities.entities],
        "entity_names": entities.names,
        "entity_links": entities.links,
        "copy_groups": copies.rows,
        "stories": stories.stories,
        "story_members": stories.members,
        "happenings": happenings,
        "figure_topics": find_topics(context, tables["figures"]),
        "remark_groups": find_remarks(quotes, copies, weights),
        "disputes": find_disputes(quotes, events, stories, weights),
    }
    return {name: TABLES[name].conform(found) for name, found in rows.items()}
