-- Question: Under which spellings is one person or place mentioned, and by whom?
-- Why: Transliterations differ from outlet to outlet; a search for one spelling misses the rest.
-- How to read: All rows are one entity; n_mentions counts names only, not pronouns.
select
    m.entity,
    m.mention_text,
    count(*) as n_mentions,
    string_agg(distinct m.publisher, ', ' order by m.publisher) as publishers
from entity_mentions m
join entity_names n
    on n.entity_id = m.entity_id
where plain_words(n.name) = plain_words('Biliavskyi')
    and m.mention_kind = 'name'
group by
    m.entity,
    m.mention_text
order by
    n_mentions desc,
    m.mention_text
