-- the sentence of an event, the sentences of a quotation, none for a segment
select
    row_id,
    evidence_text,
    publisher,
    published_date
from evidence('evt_threat')
union all
select
    row_id,
    evidence_text,
    publisher,
    published_date
from evidence('quo_shelter')
union all
select
    row_id,
    evidence_text,
    publisher,
    published_date
from evidence('seg_doc_wire_1')
