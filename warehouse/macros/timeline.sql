-- Events that an entity takes part in or that happen there, in order of time: select * from timeline('Izmail', '2025-03-01', null).
-- The entity is found by any of its spellings; where several entities share one, all are told and entity_id tells them apart.
-- Events without a date come last, and only where neither since nor until is given.
-- @entity_name: Any spelling of the entity.
-- @since: First day, as a date or 'YYYY-MM-DD'; NULL for no bound.
-- @until: Last day, as a date or 'YYYY-MM-DD'; NULL for no bound.
create macro timeline(entity_name, since, until) as table
with meant as (
    select distinct entity_id
    from entity_names
    where plain_words(name) = plain_words(entity_name)
),
takes_part as (
    select
        r.event_id,
        r.entity_id,
        string_agg(distinct r.role, ', ' order by r.role) as roles
    from event_roles r
    join meant n
        on n.entity_id = r.entity_id
    group by
        r.event_id,
        r.entity_id
)
select
    v.date_start,
    v.date_end,
    v.date_precision,
    v.date_basis,
    t.roles,
    v.actors,
    v.event_type,
    v.modes,
    v.recipients,
    v.places,
    v.status,
    v.claimant,
    v.voice,
    v.event_text,
    v.evidence_text,
    v.publisher,
    v.published_date,
    v.source_uri,
    v.url,
    v.happening_id,
    v.story_id,
    v.event_id,
    t.entity_id,
    v.document_id,
    v.start_char,
    v.end_char
from takes_part t
join event_timeline v
    on v.event_id = t.event_id
where (cast(since as date) is null or coalesce(v.date_end, v.date_start) >= cast(since as date))
    and (cast(until as date) is null or v.date_start <= cast(until as date))
order by
    v.date_start nulls last,
    v.date_end,
    v.published_date,
    v.document_id,
    v.start_char
