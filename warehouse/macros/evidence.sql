-- What any row rests on: its characters, its sentence, the rule that made it, and where the text came from.
-- select * from evidence('evt_...'). The id of a group (happening, topic, remark, story, copies, entity, dispute) gives its rows.
-- The characters are documents.text from start_char to end_char; the raw bytes lie in raw/ under raw_sha256 or the file's sha256.
-- @id: Any id of any table, such as evt_, quo_, fig_, men_, tim_, sen_, seg_, pst_, doc_, blk_, ent_, loc_, hap_, top_, rem_, sto_, cpy_, dis_, rej_.
create macro evidence(id) as table
with found as (
    select 'documents' as table_name, document_id as row_id, document_id, cast(null as varchar) as sentence_id,
        0 as start_char, n_chars as end_char, cast(null as varchar) as rule_id, 'clean' as stage
    from documents
    where document_id = id
        or document_id in (select document_id from copy_groups where copy_group_id = id and entry_id is null)
        or document_id in (select document_id from story_members where story_id = id and entry_id is null)
    union all
    select 'entries', entry_id, document_id, null, start_char, end_char, null, 'clean'
    from entries
    where entry_id = id
        or entry_id in (select entry_id from copy_groups where copy_group_id = id)
        or entry_id in (select entry_id from story_members where story_id = id)
    union all
    select 'blocks', block_id, document_id, null, start_char, end_char, null, 'land'
    from blocks
    where block_id = id
    union all
    select 'segments', segment_id, document_id, null, start_char, end_char, rule_id, 'clean'
    from segments
    where segment_id = id
    union all
    select 'sentences', sentence_id, document_id, sentence_id, start_char, end_char, null, 'extract'
    from sentences
    where sentence_id = id
    union all
    select 'mentions', mention_id, document_id, sentence_id, start_char, end_char, rule_id, 'extract'
    from mentions
    where mention_id = id
        or entity_id = id
        or local_entity_id = id
    union all
    select 'times', time_id, document_id, sentence_id, start_char, end_char, rule_id, 'extract'
    from times
    where time_id = id
    union all
    select 'quotes', quote_id, document_id, sentence_id, start_char, end_char, rule_id, 'extract'
    from quotes
    where quote_id = id
        or remark_id = id
        or quote_id in (select quote_id from disputes where dispute_id = id)
        or quote_id in (select other_quote_id from disputes where dispute_id = id)
    union all
    select 'events', event_id, document_id, sentence_id, start_char, end_char, rule_id, 'extract'
    from events
    where event_id = id
        or happening_id = id
        or event_id in (select event_id from disputes where dispute_id = id)
    union all
    select 'figures', figure_id, document_id, sentence_id, start_char, end_char, rule_id, 'extract'
    from figures
    where figure_id = id
        or topic_id = id
    union all
    select 'rejects', reject_id, document_id, null, null, null, null, stage
    from rejects
    where reject_id = id
),
-- as in view who_said_what, for these few alone
quote_sentences as (
    select
        f.row_id,
        string_agg(s.text, ' ' order by s.start_char) as evidence_text
    from found f
    join quotes q
        on f.table_name = 'quotes'
        and q.quote_id = f.row_id
    join sentences s
        on s.document_id = q.document_id
        and s.start_char < greatest(q.end_char, coalesce(q.cue_end_char, q.end_char), coalesce(q.speaker_end_char, q.end_char))
        and s.end_char > least(q.start_char, coalesce(q.cue_start_char, q.start_char), coalesce(q.speaker_start_char, q.start_char))
    group by f.row_id
)
select
    f.table_name,
    f.row_id,
    f.document_id,
    f.start_char,
    f.end_char,
    case
        when f.table_name = 'rejects' then concat_ws(': ', j.reason, j.detail)
        else substring(d.text, f.start_char + 1, f.end_char - f.start_char)
    end as text,
    coalesce(w.evidence_text, s.text) as evidence_text,
    f.rule_id,
    r.meaning as rule_meaning,
    d.publisher,
    d.published_date,
    d.title,
    coalesce(d.source_uri, j.source_uri) as source_uri,
    d.url,
    d.raw_sha256,
    case
        when f.stage = 'clean' then d.maker_version
        else v.value
    end as maker_version
from found f
left join documents d
    on d.document_id = f.document_id
left join sentences s
    on s.sentence_id = f.sentence_id
left join quote_sentences w
    on w.row_id = f.row_id
left join rules r
    on r.rule_id = f.rule_id
left join rejects j
    on j.reject_id = f.row_id
left join warehouse_info v
    on v.key = 'maker_version_' || f.stage
order by
    d.published_date,
    f.document_id,
    f.start_char,
    f.table_name,
    f.row_id
