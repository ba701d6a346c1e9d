-- Question: Which acts are told by one claimant alone, and which by several?
-- Why: An act that only one side tells is a claim; one that several tell is better attested.
-- How to read: told_by_outlets counts reports in the outlet's own voice; claimants lists those who are cited.
select
    coalesce(happening_id, event_id) as happening,
    min(date_start) as day,
    any_value(event_type) as event_type,
    count(distinct claimant) as n_claimants,
    string_agg(distinct claimant, ', ' order by claimant) as claimants,
    count(*) filter (where voice = 'outlet') as told_by_outlets,
    first(evidence_text order by published_date, event_id) as evidence_text
from event_timeline
where list_contains(status, 'asserted')
group by coalesce(happening_id, event_id)
order by
    n_claimants desc,
    day,
    happening
