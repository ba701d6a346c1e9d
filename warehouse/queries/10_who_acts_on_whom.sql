-- Question: Which pairs of actors stand against each other most often?
-- Why: Pair counts are the usual entry into event data; here reprints do not blow them up.
-- How to read: n_happenings counts acts, n_origins independent sources; n_events counts every telling.
select
    actor,
    event_type,
    recipient,
    n_happenings,
    n_origins,
    n_events,
    first_date,
    last_date,
    evidence_text
from actor_pairs
where event_type in ('ACCUSE', 'REJECT', 'THREATEN', 'PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT')
order by
    n_happenings desc,
    n_origins desc,
    actor,
    recipient
limit 50
