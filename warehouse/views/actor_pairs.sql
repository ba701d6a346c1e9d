-- Asserted events between two known entities, counted. One row per actor, recipient and event type.
-- Events whose actor or recipient is no known entity are left out, and so are negated, future, hypothetical and historical ones.
-- Read n_happenings for how often, n_origins for how well attested; n_events counts every telling.
-- @actor: Name of the entity that acts.
-- @actor_entity_id: The entity that acts.
-- @actor_country: Country of the entity that acts.
-- @recipient: Name of the entity that is acted upon.
-- @recipient_entity_id: The entity that is acted upon.
-- @recipient_country: Country of the entity that is acted upon.
-- @n_events: Event rows.
-- @n_happenings: Different acts: happenings, and events that stand alone.
-- @n_origins: Independent origins of the texts that tell it.
-- @first_date: First day of the earliest dated event; NULL if none is dated.
-- @last_date: Last day of the latest dated event; NULL if none is dated.
-- @evidence_text: A sentence that tells the earliest of them; publisher, date and source are those of this sentence.
-- @event_id: The event that evidence_text tells.
create view actor_pairs as
with placed as (
    select
        v.event_id,
        v.event_type,
        coalesce(v.happening_id, v.event_id) as act,
        v.date_start,
        v.date_end,
        s.text as evidence_text,
        d.publisher,
        d.published_date,
        d.source_uri,
        d.url,
        v.document_id,
        coalesce(own.relation, whole.relation) <> 'original' as is_copy,
        coalesce(own.origin_key, whole.origin_key, v.document_id) as origin_key
    from events v
    join documents d
        on d.document_id = v.document_id
    left join sentences s
        on s.sentence_id = v.sentence_id
    left join origins own
        on own.document_id = v.document_id
        and own.entry_id = s.entry_id
    left join origins whole
        on whole.document_id = v.document_id
        and whole.entry_id is null
    where list_contains(v.status, 'asserted')
),
pairs as (
    select distinct
        a.event_id,
        a.entity_id as actor_entity_id,
        r.entity_id as recipient_entity_id
    from event_roles a
    join event_roles r
        on r.event_id = a.event_id
        and r.role = 'recipient'
    where a.role = 'actor'
        and a.entity_id is not null
        and r.entity_id is not null
),
ranked as (
    select
        q.actor_entity_id,
        q.recipient_entity_id,
        v.*,
        row_number() over (
            partition by q.actor_entity_id, q.recipient_entity_id, v.event_type
            order by v.date_start nulls last, v.is_copy, v.published_date nulls last, v.event_id
        ) as place_in_line
    from pairs q
    join placed v
        on v.event_id = q.event_id
)
select
    any_value(a.name) as actor,
    t.actor_entity_id,
    any_value(a.country) as actor_country,
    t.event_type,
    any_value(r.name) as recipient,
    t.recipient_entity_id,
    any_value(r.country) as recipient_country,
    count(*) as n_events,
    count(distinct t.act) as n_happenings,
    count(distinct t.origin_key) as n_origins,
    min(t.date_start) as first_date,
    max(coalesce(t.date_end, t.date_start)) as last_date,
    max(t.evidence_text) filter (where t.place_in_line = 1) as evidence_text,
    max(t.publisher) filter (where t.place_in_line = 1) as publisher,
    max(t.published_date) filter (where t.place_in_line = 1) as published_date,
    max(t.source_uri) filter (where t.place_in_line = 1) as source_uri,
    max(t.url) filter (where t.place_in_line = 1) as url,
    max(t.event_id) filter (where t.place_in_line = 1) as event_id
from ranked t
join entities a
    on a.entity_id = t.actor_entity_id
join entities r
    on r.entity_id = t.recipient_entity_id
group by
    t.actor_entity_id,
    t.recipient_entity_id,
    t.event_type
