-- Question: What has one person said, each remark once?
-- Why: Reprints and translations repeat a remark; a list of quotations must not count it again.
-- How to read: n_renderings says in how many articles the remark stands; the words are those of the earliest.
select
    coalesce(w.remark_id, w.quote_id) as remark,
    min(w.published_date) as first_published,
    first(w.quote_text order by w.published_date, w.quote_id) as quote_text,
    count(distinct w.document_id) as n_renderings,
    string_agg(distinct w.publisher, ', ' order by w.publisher) as publishers
from who_said_what w
join entity_names n
    on n.entity_id = w.speaker_entity_id
where plain_words(n.name) = plain_words('Oleksandr Bilyavskyi')
group by coalesce(w.remark_id, w.quote_id)
order by first_published, remark
