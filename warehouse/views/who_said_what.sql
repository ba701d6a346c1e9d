-- Who said what: quotations and reported statements with their speakers, and the sentences that show it.
-- One row per quotation. Renderings of one remark share remark_id; copies of one text share copy_group_id.
-- @speaker: Name of the entity that speaks, else the speaker's words as written; NULL if nobody was found.
-- @speaker_words: The words that name the speaker, as written.
-- @quote_text: The content as written; where the cue interrupts it, its pieces joined by ' … '.
-- @kind: direct (in quotation marks), indirect (reported) or mixed.
-- @cue: The words that introduce the speech.
-- @reported_by: Speaker of the statement that this one stands in (A said that B had said: A).
-- @is_disputed: Does another statement deny or dispute this one? See table disputes.
-- @evidence_text: The sentences that hold content, cue and speaker, joined by a blank.
create view who_said_what as
with reach as (
    select
        quote_id,
        document_id,
        least(start_char, coalesce(cue_start_char, start_char), coalesce(speaker_start_char, start_char)) as first_char,
        greatest(end_char, coalesce(cue_end_char, end_char), coalesce(speaker_end_char, end_char)) as last_char,
        cue_start_char,
        cue_end_char
    from quotes
),
evidence_of as (
    select
        r.quote_id,
        string_agg(s.text, ' ' order by s.start_char) as evidence_text,
        min(
            case
                when s.start_char <= r.cue_start_char and s.end_char >= r.cue_end_char
                then substring(s.text, r.cue_start_char - s.start_char + 1, r.cue_end_char - r.cue_start_char)
            end
        ) as cue
    from reach r
    join sentences s
        on s.document_id = r.document_id
        and s.start_char < r.last_char
        and s.end_char > r.first_char
    group by r.quote_id
),
content_of as (
    select
        quote_id,
        string_agg(text, ' … ' order by position) as quote_text
    from quote_spans
    group by quote_id
),
disputed as (
    select distinct other_quote_id as quote_id
    from disputes
    where other_quote_id is not null
)
select
    q.quote_id,
    p.speaker,
    q.speaker_entity_id,
    p.speaker_words,
    q.speaker_status,
    q.kind,
    c.quote_text,
    v.cue,
    outer_speaker.speaker as reported_by,
    q.parent_quote_id,
    x.quote_id is not null as is_disputed,
    q.remark_id,
    v.evidence_text,
    d.publisher,
    d.published_date,
    d.title,
    d.source_uri,
    d.url,
    q.document_id,
    s.entry_id,
    q.start_char,
    q.end_char,
    coalesce(g.copy_group_id, d.copy_group_id) as copy_group_id,
    q.rule_id
from quotes q
join documents d
    on d.document_id = q.document_id
join speakers p
    on p.quote_id = q.quote_id
left join sentences s
    on s.sentence_id = q.sentence_id
left join copy_groups g
    on g.document_id = q.document_id
    and g.entry_id = s.entry_id
left join content_of c
    on c.quote_id = q.quote_id
left join evidence_of v
    on v.quote_id = q.quote_id
left join speakers outer_speaker
    on outer_speaker.quote_id = q.parent_quote_id
left join disputed x
    on x.quote_id = q.quote_id
