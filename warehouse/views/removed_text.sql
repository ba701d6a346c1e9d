-- What was taken out of a text, and why: the segments that are not part of the article, with the rule that decided.
-- One row per segment that is not blank. Nothing is deleted: the characters stay in documents.text.
-- @kind: What the segment is, such as byline, caption, related, promo or other_boilerplate.
-- @text: The characters that were taken out.
-- @why: What the rule says.
-- @evidence_text: The same characters: the segment is its own evidence.
create view removed_text as
with removed as (
    select
        g.*,
        substring(d.text, g.start_char + 1, g.end_char - g.start_char) as text,
        d.publisher,
        d.published_date,
        d.title,
        d.source_uri,
        d.url
    from segments g
    join documents d
        on d.document_id = g.document_id
    where g.kind not in ('body', 'subhead', 'title', 'subtitle', 'live_segment_header')
)
select
    x.document_id,
    x.start_char,
    x.end_char,
    x.kind,
    x.text,
    x.rule_id,
    r.meaning as why,
    x.confidence,
    x.text as evidence_text,
    x.publisher,
    x.published_date,
    x.title,
    x.source_uri,
    x.url,
    x.entry_id,
    x.segment_id
from removed x
left join rules r
    on r.rule_id = x.rule_id
where regexp_matches(x.text, '[^\s\p{Z}]')
order by
    x.document_id,
    x.start_char
