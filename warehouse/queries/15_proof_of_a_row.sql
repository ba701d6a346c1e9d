-- Question: What does a row rest on?
-- Why: Every row can be checked against the very characters of the file.
-- How to read: text is documents.text from start_char to end_char; rule_id and maker_version say how the row was made.
select
    x.table_name,
    x.row_id,
    x.start_char,
    x.end_char,
    x.text,
    x.evidence_text,
    x.rule_id,
    x.rule_meaning,
    x.publisher,
    x.source_uri,
    x.raw_sha256,
    x.maker_version
from evidence((select min(event_id) from events)) x
