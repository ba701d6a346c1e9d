-- Question: Who said something about the shelters, and in which words?
-- Why: One look at all voices on a topic, each with the sentence that shows it.
-- How to read: A remark that several outlets bring stands here once per article; rows with the same remark_id are one remark.
select
    published_date,
    publisher,
    speaker,
    speaker_status,
    kind,
    quote_text,
    remark_id,
    evidence_text
from who_said('shelter')
