-- Question: What happened at Izmail in March 2025?
-- Why: A place is an entity like any other: as place, or as target of an event.
-- How to read: One row per report; rows of one happening_id are one act. Undated events are left out because bounds are given.
select
    date_start,
    actors,
    event_type,
    modes,
    recipients,
    status,
    coalesce(claimant, 'told by ' || coalesce(publisher, source_uri)) as according_to,
    happening_id,
    evidence_text
from timeline('Izmail', '2025-03-01', '2025-03-31')
