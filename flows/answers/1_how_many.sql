-- Who disagrees on how many?
select
    measure, figure_text as how_many, coalesce(claimant, publisher, parse_filename(source_uri)) as says_who, voice,
    published_date as day, evidence_text as evidence
from conflicting_figures
where n_values >= 2 and not is_part
qualify row_number() over (partition by topic_id, copy_group_id, figure_text, claimant order by published_date, figure_id) = 1
order by n_claimants desc, topic_id, published_date, value_low, figure_id
