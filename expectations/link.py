"""What linked rows must satisfy, over all documents."""

from __future__ import annotations

from expectations.checks import Check

CHECKS = (
    Check(
        "every_document_has_a_copy_group",
        "documents",
        "select document_id from documents where document_id not in (select document_id from copy_groups where entry_id is null)",
        "A text that nobody copied is a group of one.",
    ),
    Check(
        "group_has_one_original",
        "copy_groups",
        "select min(document_id) from copy_groups group by copy_group_id having count(*) filter (where relation = 'original') <> 1",
        "Copies are copies of something.",
    ),
    Check(
        "named_entity",
        "entities",
        "select entity_id from entities where length(trim(name)) = 0 or n_mentions < 1 or n_documents < 1",
        "An entity has a name and somebody mentions it.",
    ),
    Check(
        "name_is_one_of_its_spellings",
        "entities",
        "select entity_id from entities e where not exists (select 1 from entity_names n where n.entity_id = e.entity_id)",
        "An entity has at least one spelling.",
    ),
    Check(
        "no_name_with_two_types",
        "entities",
        "select min(entity_id) from entities where label in ('PERSON', 'ORG') group by name, country having count(distinct label) > 1",
        "One name as a person and as a body is more often one entity mislabelled than two; some are both.",
        severity="info",
    ),
    Check(
        "story_counts_are_counted",
        "stories",
        "select s.story_id from stories s join (select story_id, count(distinct document_id) as n from story_members group by 1) m using (story_id) "
        "where n_articles <> n or n_origins < 1 or n_origins > n_articles",
        "n_articles counts documents; independent origins are never more than articles.",
    ),
    Check(
        "story_has_members",
        "stories",
        "select story_id from stories where story_id not in (select story_id from story_members)",
        "A story is told by somebody.",
    ),
    Check(
        "dispute_has_two_sides",
        "disputes",
        "select dispute_id from disputes where quote_id is null or (other_quote_id is null and event_id is null) or quote_id = other_quote_id",
        "A dispute is between a statement and another statement or event.",
    ),
    Check(
        "correction_applies",
        "corrections",
        "select correction_id from corrections where not applied",
        "What a correction is about is there; its note says what is missing.",
        severity="warning",
    ),
)
