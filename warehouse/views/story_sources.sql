-- Which outlets tell a story, and which of them only reprint another text.
-- One row per document or entry that tells the story. n_origins, not n_articles, says how many independent sources there are.
-- @story_title: Title of the story.
-- @relation: What the text is to its group of copies. One of: original, exact, near, part.
-- @origin_key: The independent origin: the credited agency, else the group of copies.
-- @evidence_text: The first sentence of the text that tells the story.
create view story_sources as
with lead_sentences as (
    select
        m.story_id,
        m.document_id,
        m.entry_id,
        first(s.text order by g.kind <> 'body', s.start_char) as evidence_text
    from story_members m
    join sentences s
        on s.document_id = m.document_id
        and (m.entry_id is null or s.entry_id = m.entry_id)
    join segments g
        on g.segment_id = s.segment_id
    group by
        m.story_id,
        m.document_id,
        m.entry_id
)
select
    m.story_id,
    t.title as story_title,
    t.date_start,
    t.date_end,
    t.n_articles,
    t.n_publishers,
    t.n_origins,
    d.publisher,
    d.published_date,
    coalesce(e.title, d.title) as title,
    coalesce(own.relation, whole.relation) as relation,
    coalesce(own.similarity, whole.similarity) as similarity,
    d.origin,
    coalesce(own.origin_key, whole.origin_key) as origin_key,
    coalesce(own.copy_group_id, whole.copy_group_id) as copy_group_id,
    v.evidence_text,
    d.source_uri,
    d.url,
    m.document_id,
    m.entry_id
from story_members m
join stories t
    on t.story_id = m.story_id
join documents d
    on d.document_id = m.document_id
left join entries e
    on e.entry_id = m.entry_id
left join origins own
    on own.document_id = m.document_id
    and own.entry_id = m.entry_id
left join origins whole
    on whole.document_id = m.document_id
    and whole.entry_id is null
left join lead_sentences v
    on v.story_id = m.story_id
    and v.document_id = m.document_id
    and v.entry_id is not distinct from m.entry_id
order by
    m.story_id,
    d.published_date,
    m.document_id,
    m.entry_id
