-- Question: Which reported events does somebody deny?
-- Why: Before an event is counted, see whether it is contested.
-- How to read: status says how the event is told; denied_by is who speaks against it.
select
    v.date_start,
    v.actors,
    v.event_type,
    v.recipients,
    v.status,
    v.claimant,
    v.evidence_text,
    w.speaker as denied_by,
    w.quote_text as denial,
    w.evidence_text as denial_evidence
from disputes d
join event_timeline v
    on v.event_id = d.event_id
join who_said_what w
    on w.quote_id = d.quote_id
order by
    v.date_start,
    v.event_id
