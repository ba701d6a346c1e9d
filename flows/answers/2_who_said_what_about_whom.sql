-- Who said what about whom?
select
    w.speaker, string_agg(distinct e.name, ', ' order by e.name) as about, w.kind, w.publisher,
    w.published_date as day, w.evidence_text as evidence
from who_said_what w
join mentions m on m.document_id = w.document_id and m.start_char >= w.start_char and m.end_char <= w.end_char
join entities e on e.entity_id = m.entity_id and e.entity_id is distinct from w.speaker_entity_id
where w.speaker_status = 'named' and m.mention_kind = 'name' and e.label in ('PERSON', 'ORG', 'GPE', 'NORP')
group by w.speaker, w.kind, w.publisher, w.published_date, w.evidence_text, w.document_id, w.start_char
order by w.published_date, w.document_id, w.start_char
