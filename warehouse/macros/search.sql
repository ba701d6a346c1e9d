-- Sentences that have all the words, with where they come from, the latest first: select * from search('grain terminal').
-- Case and accents do not matter; a word is found where one begins with it.
-- @words: The words, parted by blanks.
create macro search(words) as table
select
    s.text as evidence_text,
    d.publisher,
    d.published_date,
    d.title,
    d.source_uri,
    d.url,
    g.kind,
    s.document_id,
    s.entry_id,
    s.sentence_id,
    s.start_char,
    s.end_char,
    coalesce(c.copy_group_id, d.copy_group_id) as copy_group_id
from sentences s
join documents d
    on d.document_id = s.document_id
join segments g
    on g.segment_id = s.segment_id
left join copy_groups c
    on c.document_id = s.document_id
    and c.entry_id = s.entry_id
where has_words(s.text, words)
order by
    d.published_date desc nulls last,
    s.document_id,
    s.start_char
