-- Which outlets only retell one source?
select n_articles as articles, n_origins as origins, max(origin) as wire,
    string_agg(distinct coalesce(publisher, 'unknown'), ', ' order by coalesce(publisher, 'unknown')) as one_source, count(distinct document_id) as texts, story_title as evidence
from story_sources
group by story_id, n_articles, n_origins, story_title, origin_key
having count(distinct document_id) > 1
order by count(distinct publisher) desc, texts desc, story_title
