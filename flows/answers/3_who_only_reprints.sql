-- Which outlets only retell one source?
with texts as (select *, coalesce(publisher, parse_filename(source_uri)) as outlet from story_sources)
select
    n_articles as articles, n_origins as origins, max(origin) as wire,
    string_agg(distinct outlet, ', ' order by outlet) as one_source, story_title as evidence
from texts
group by story_id, n_articles, n_origins, story_title, origin_key
having count(distinct outlet) > 1
order by count(distinct outlet) desc, story_title, story_id
