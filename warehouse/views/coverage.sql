-- How much each outlet brings on each day. One row per publisher and day of publication, either of them NULL where unknown.
-- @n_documents: Documents.
-- @n_origins: Independent origins of these documents; fewer than documents where copies or texts of one agency are among them.
-- @n_copies: Documents that copy another one of the warehouse.
-- @n_events: Event rows of these documents.
-- @n_quotes: Quotations and reported statements of these documents.
-- @n_figures: Figures of these documents.
create view coverage as
with events_of as (
    select document_id, count(*) as n
    from events
    group by document_id
),
quotes_of as (
    select document_id, count(*) as n
    from quotes
    group by document_id
),
figures_of as (
    select document_id, count(*) as n
    from figures
    group by document_id
)
select
    d.publisher,
    d.published_date,
    count(*) as n_documents,
    count(distinct coalesce(o.origin_key, d.document_id)) as n_origins,
    count(*) filter (where o.relation <> 'original') as n_copies,
    cast(sum(d.n_body_chars) as bigint) as n_body_chars,
    cast(coalesce(sum(v.n), 0) as bigint) as n_events,
    cast(coalesce(sum(q.n), 0) as bigint) as n_quotes,
    cast(coalesce(sum(f.n), 0) as bigint) as n_figures
from documents d
left join origins o
    on o.document_id = d.document_id
    and o.entry_id is null
left join events_of v
    on v.document_id = d.document_id
left join quotes_of q
    on q.document_id = d.document_id
left join figures_of f
    on f.document_id = d.document_id
group by
    d.publisher,
    d.published_date
order by
    d.published_date,
    d.publisher
