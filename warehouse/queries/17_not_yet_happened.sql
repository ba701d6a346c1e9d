-- Question: What is announced, threatened or only possible?
-- Why: Plans and threats are no events yet; they are kept, and kept apart.
-- How to read: status says how the text puts it; claimant is who says so.
select
    status,
    date_start,
    actors,
    event_type,
    recipients,
    claimant,
    publisher,
    published_date,
    evidence_text
from event_timeline
where list_contains(status, 'future')
    or list_contains(status, 'hypothetical')
order by
    published_date,
    document_id,
    start_char
