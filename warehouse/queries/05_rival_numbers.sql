-- Question: On which numbers do the sources disagree, and who gives which?
-- Why: Rival counts are kept apart here, never merged or averaged.
-- How to read: Rows of one topic_id are about the same thing. A part (16 of the 63) is no rival of its whole. Copies share copy_group_id.
select
    topic_id,
    measure,
    counted,
    comparator,
    value_low,
    value_high,
    unit,
    coalesce(claimant, 'told by ' || coalesce(publisher, source_uri)) as according_to,
    as_of_start,
    published_date,
    part_of,
    evidence_text
from conflicting_figures
where n_values >= 2
order by
    topic_id,
    is_part,
    published_date,
    value_low
