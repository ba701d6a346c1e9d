-- Where each article's text originates: copies of one text share an origin, and so do texts that credit one news agency.
-- Count distinct origin_key, never documents, to say how many independent sources there are.
-- One row per document, and one per live-blog post or story of a page that is grouped on its own.
-- @origin_key: The independent origin: the credited agency, else the group of copies.
-- @relation: What the text is to its group. One of: original, exact, near, part.
create view origins as
with credited as (
    select
        g.copy_group_id,
        min(lower(d.origin)) as agency
    from copy_groups g
    join documents d
        on d.document_id = g.document_id
    group by g.copy_group_id
)
select
    g.document_id,
    g.entry_id,
    g.copy_group_id,
    g.relation,
    g.similarity,
    coalesce(c.agency, g.copy_group_id) as origin_key,
    d.origin,
    d.publisher,
    d.published_date,
    d.title,
    d.source_uri,
    d.url
from copy_groups g
join documents d
    on d.document_id = g.document_id
join credited c
    on c.copy_group_id = g.copy_group_id
