-- Question: What did somebody do, and what was done to them, day by day?
-- Why: A chronology over all articles and all spellings of the name.
-- How to read: roles says which side the entity is on. date_basis says where the date comes from; without a date the row comes last.
select
    date_start,
    date_precision,
    date_basis,
    roles,
    actors,
    event_type,
    recipients,
    places,
    status,
    claimant,
    evidence_text
from timeline('Russia', null, null)
