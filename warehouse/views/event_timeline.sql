-- Who did what to whom, when, where, and who says so. One row per reported event.
-- Rows of one act share happening_id: count distinct happenings, not rows.
-- Look at status before counting: only asserted rows are told as having happened.
-- @actors: Who acts: names of the entities, else the words as written; NULL if the text names nobody.
-- @recipients: Towards whom: names of the entities, else the words as written; NULL if the text names nobody.
-- @places: Where: names of the entities, else the words as written; NULL if the text gives no place.
-- @claimant: Who says so, where somebody is cited: name of the entity, else the speaker's words.
-- @voice: outlet: told in the outlet's own voice; quoted: somebody is cited. See claimant.
-- @event_text: The clause that tells the event.
-- @evidence_text: The sentence that tells the event.
create view event_timeline as
with named as (
    select
        r.event_id,
        r.role,
        coalesce(e.name, r.text) as name,
        min(r.start_char) as start_char
    from event_roles r
    left join entities e
        on e.entity_id = r.entity_id
    group by
        r.event_id,
        r.role,
        coalesce(e.name, r.text)
),
participants as (
    select
        event_id,
        list(name order by start_char, name) filter (where role = 'actor') as actors,
        list(name order by start_char, name) filter (where role = 'recipient') as recipients,
        list(name order by start_char, name) filter (where role = 'place') as places
    from named
    group by event_id
)
select
    v.event_id,
    v.date_start,
    v.date_end,
    v.date_precision,
    v.date_basis,
    n.actors,
    v.event_type,
    v.modes,
    n.recipients,
    n.places,
    v.status,
    p.speaker as claimant,
    v.claimant_entity_id,
    case when v.quote_id is null then 'outlet' else 'quoted' end as voice,
    v.contexts,
    v.quad,
    v.intensity,
    v.dead,
    v.injured,
    v.size,
    v.happening_id,
    v.story_id,
    v.text as event_text,
    s.text as evidence_text,
    d.publisher,
    d.published_date,
    d.source_uri,
    d.url,
    v.document_id,
    s.entry_id,
    v.start_char,
    v.end_char,
    v.quote_id,
    coalesce(g.copy_group_id, d.copy_group_id) as copy_group_id,
    v.rule_id
from events v
join documents d
    on d.document_id = v.document_id
left join sentences s
    on s.sentence_id = v.sentence_id
left join copy_groups g
    on g.document_id = v.document_id
    and g.entry_id = s.entry_id
left join participants n
    on n.event_id = v.event_id
left join speakers p
    on p.quote_id = v.quote_id
