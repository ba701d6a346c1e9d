-- Question: Which outlets tell a story of their own, and which only reprint one wire report?
-- Why: Ten articles can be one source.
-- How to read: relation exact, near or part is a copy; rows with the same origin_key are one independent source.
select
    story_id,
    story_title,
    n_articles,
    n_origins,
    publisher,
    published_date,
    relation,
    similarity,
    origin_key,
    title,
    url
from story_sources
where n_articles > n_origins
