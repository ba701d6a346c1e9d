-- Question: How many were killed and injured, happening by happening, without counting twice?
-- Why: Ten articles on one strike are one strike.
-- How to read: lowest and highest are the bounds of what the event rows of the happening say; n_reports says how many rows there are.
select
    coalesce(happening_id, event_id) as happening,
    min(date_start) as day,
    any_value(event_type) as event_type,
    min(dead) as lowest_dead,
    max(dead) as highest_dead,
    min(injured) as lowest_injured,
    max(injured) as highest_injured,
    count(*) as n_reports,
    first(evidence_text order by published_date, event_id) as evidence_text
from event_timeline
where list_contains(status, 'asserted')
    and (dead is not null or injured is not null)
group by coalesce(happening_id, event_id)
order by
    day,
    happening
