-- Where entities are mentioned, under which spelling, by which outlet. One row per mention.
-- @entity: Name of the entity; NULL where the mention belongs to none that is known over all documents.
-- @mention_text: The words of the mention.
-- @evidence_text: The sentence of the mention.
create view entity_mentions as
select
    m.entity_id,
    e.name as entity,
    m.label,
    coalesce(e.country, m.country) as country,
    m.text as mention_text,
    m.mention_kind,
    s.text as evidence_text,
    d.publisher,
    d.published_date,
    d.source_uri,
    d.url,
    m.mention_id,
    m.document_id,
    s.entry_id,
    m.start_char,
    m.end_char,
    coalesce(g.copy_group_id, d.copy_group_id) as copy_group_id,
    m.rule_id
from mentions m
join documents d
    on d.document_id = m.document_id
left join sentences s
    on s.sentence_id = m.sentence_id
left join copy_groups g
    on g.document_id = m.document_id
    and g.entry_id = s.entry_id
left join entities e
    on e.entity_id = m.entity_id
