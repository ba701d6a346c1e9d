select
    story_id,
    n_articles,
    n_origins,
    document_id,
    entry_id,
    publisher,
    title,
    relation,
    origin_key,
    evidence_text
from story_sources
