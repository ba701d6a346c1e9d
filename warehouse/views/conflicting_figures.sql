-- Figures of one topic side by side, each with who says so: topics with at least two different values or claimants.
-- One row per figure. Never add them up: they are rival or overlapping counts of one thing.
-- A figure that is a part of another one of its topic (16 of the 63) is shown as a part and makes no conflict.
-- Copies of one text repeat a figure: they share copy_group_id.
-- @n_values: Different values within the topic, parts left out.
-- @n_claimants: Different claimants within the topic, parts left out; the outlet's own voice counts once per independent origin.
-- @claimant: Who says so, where somebody is cited: name of the entity, else the speaker's words.
-- @voice: outlet: told in the outlet's own voice; quoted: somebody is cited. See claimant.
-- @figure_text: The quantity as written.
-- @subject: Whom or what the quantity is about: name of the entity, else the words as written.
-- @place: Where it holds: name of the entity, else the words as written.
-- @is_part: Is it a part of another figure of the topic?
-- @part_of: That figure, as written.
-- @evidence_text: The sentence that gives the figure.
create view conflicting_figures as
with claims as (
    select
        f.*,
        p.speaker as claimant,
        d.publisher,
        d.published_date,
        d.source_uri,
        d.url,
        coalesce(own.copy_group_id, d.copy_group_id) as copy_group_id,
        s.text as evidence_text,
        s.entry_id,
        w.figure_id is not null as is_part,
        w.text as part_of,
        case
            when f.value_low is null and f.value_high is null then f.comparator
            else concat(f.value_low, ' to ', f.value_high)
        end as value_key,
        coalesce(
            f.claimant_entity_id,
            lower(p.speaker_words) || ' in ' || coalesce(own.origin_key, whole.origin_key, f.document_id),
            own.origin_key,
            whole.origin_key,
            f.document_id
        ) as claimant_key
    from figures f
    join documents d
        on d.document_id = f.document_id
    left join sentences s
        on s.sentence_id = f.sentence_id
    left join speakers p
        on p.quote_id = f.quote_id
    left join figures w
        on w.figure_id = f.part_of_figure_id
        and w.topic_id = f.topic_id
    left join origins own
        on own.document_id = f.document_id
        and own.entry_id = s.entry_id
    left join origins whole
        on whole.document_id = f.document_id
        and whole.entry_id is null
    where f.topic_id is not null
),
topics as (
    select
        topic_id,
        count(distinct value_key) as n_values,
        count(distinct claimant_key) as n_claimants
    from claims
    where not is_part
    group by topic_id
    having count(distinct value_key) >= 2
        or count(distinct claimant_key) >= 2
)
select
    c.topic_id,
    t.n_values,
    t.n_claimants,
    c.measure,
    c.counted,
    c.comparator,
    c.value_low,
    c.value_high,
    c.unit,
    c.currency,
    c.claimant,
    c.claimant_entity_id,
    case when c.quote_id is null then 'outlet' else 'quoted' end as voice,
    c.as_of_start,
    c.as_of_end,
    c.is_part,
    c.part_of,
    c.text as figure_text,
    coalesce(subject_entity.name, subject_mention.text) as subject,
    coalesce(place_entity.name, place_mention.text) as place,
    c.evidence_text,
    c.publisher,
    c.published_date,
    c.source_uri,
    c.url,
    c.figure_id,
    c.part_of_figure_id,
    c.document_id,
    c.entry_id,
    c.start_char,
    c.end_char,
    c.quote_id,
    c.copy_group_id,
    c.rule_id
from claims c
join topics t
    on t.topic_id = c.topic_id
left join mentions subject_mention
    on subject_mention.mention_id = c.subject_mention_id
left join entities subject_entity
    on subject_entity.entity_id = subject_mention.entity_id
left join mentions place_mention
    on place_mention.mention_id = c.place_mention_id
left join entities place_entity
    on place_entity.entity_id = place_mention.entity_id
order by
    c.topic_id,
    c.is_part,
    c.published_date,
    c.value_low,
    c.document_id,
    c.start_char
