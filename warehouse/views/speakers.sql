-- Who speaks in each quotation: the entity's name where the speaker is known, else the words that name the speaker.
-- One row per quotation.
-- @speaker: Name of the entity that speaks, else the speaker's words as written; NULL if nobody was found.
-- @speaker_words: The words that name the speaker, as written.
create view speakers as
with words as (
    select
        q.quote_id,
        min(substring(s.text, q.speaker_start_char - s.start_char + 1, q.speaker_end_char - q.speaker_start_char)) as speaker_words
    from quotes q
    join sentences s
        on s.document_id = q.document_id
        and s.start_char <= q.speaker_start_char
        and s.end_char >= q.speaker_end_char
    group by q.quote_id
)
select
    q.quote_id,
    q.document_id,
    q.speaker_entity_id,
    coalesce(e.name, w.speaker_words, m.text) as speaker,
    coalesce(w.speaker_words, m.text) as speaker_words,
    q.speaker_status
from quotes q
left join words w
    on w.quote_id = q.quote_id
left join mentions m
    on m.mention_id = q.speaker_mention_id
left join entities e
    on e.entity_id = q.speaker_entity_id
