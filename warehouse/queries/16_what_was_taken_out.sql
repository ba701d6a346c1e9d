-- Question: What was taken out of the articles, and by which rule?
-- Why: To see whether cleaning took text that belongs to the article.
-- How to read: Low confidence first. The text is still there: documents.text from start_char to end_char.
select
    kind,
    rule_id,
    confidence,
    text,
    why,
    publisher,
    source_uri
from removed_text
order by
    confidence,
    kind,
    source_uri,
    start_char
