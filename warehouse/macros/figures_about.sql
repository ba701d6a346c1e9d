-- Figures about a topic, each with who says so: the sentence of the figure has all the words, or the figure is about an entity
-- or place under any of its spellings. Rows that share topic_id are rival or overlapping counts of one thing: never add them up.
-- select claimant, figure_text, evidence_text from figures_about('drones Izmail').
-- @topic: Words, or any spelling of a name.
create macro figures_about(topic) as table
with meant as (
    select entity_id
    from entity_names
    where plain_words(name) = plain_words(topic)
),
naming as (
    select m.mention_id
    from meant n
    join mentions m
        on m.entity_id = n.entity_id
)
select
    p.speaker as claimant,
    case when f.quote_id is null then 'outlet' else 'quoted' end as voice,
    f.comparator,
    f.value_low,
    f.value_high,
    f.unit,
    f.currency,
    f.measure,
    f.counted,
    f.as_of_start,
    f.as_of_end,
    f.text as figure_text,
    s.text as evidence_text,
    d.publisher,
    d.published_date,
    d.source_uri,
    d.url,
    f.topic_id,
    f.figure_id,
    f.part_of_figure_id,
    f.claimant_entity_id,
    f.document_id,
    f.start_char,
    f.end_char,
    coalesce(g.copy_group_id, d.copy_group_id) as copy_group_id
from figures f
join documents d
    on d.document_id = f.document_id
join sentences s
    on s.sentence_id = f.sentence_id
left join copy_groups g
    on g.document_id = f.document_id
    and g.entry_id = s.entry_id
left join speakers p
    on p.quote_id = f.quote_id
where has_words(s.text, topic)
    or f.subject_mention_id in (select mention_id from naming)
    or f.place_mention_id in (select mention_id from naming)
order by
    f.measure,
    f.topic_id,
    d.published_date,
    f.document_id,
    f.start_char
