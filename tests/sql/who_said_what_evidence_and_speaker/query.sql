-- a quotation that its cue interrupts, a statement within a statement, one that is disputed
select
    quote_id,
    speaker,
    speaker_words,
    speaker_status,
    cue,
    quote_text,
    reported_by,
    is_disputed,
    publisher,
    published_date,
    source_uri,
    url,
    evidence_text
from who_said_what
where quote_id in ('quo_shelter', 'quo_inner')
order by quote_id
