-- Who said something about a topic: quotations whose content has all the words, or mentions an entity under any of its spellings.
-- Columns are those of view who_said_what: select speaker, quote_text from who_said('grain terminal').
-- @topic: Words, or any spelling of a name.
create macro who_said(topic) as table
with meant as (
    select entity_id
    from entity_names
    where plain_words(name) = plain_words(topic)
),
naming as (
    select distinct q.quote_id
    from meant n
    join mentions m
        on m.entity_id = n.entity_id
    join quotes q
        on q.document_id = m.document_id
        and q.start_char <= m.start_char
        and q.end_char >= m.end_char
)
select w.*
from who_said_what w
where has_words(w.quote_text, topic)
    or w.quote_id in (select quote_id from naming)
order by
    w.published_date,
    w.document_id,
    w.start_char
