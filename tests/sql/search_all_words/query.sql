select
    evidence_text,
    publisher,
    source_uri,
    entry_id,
    start_char,
    copy_group_id
from search('TERMINAL burgermeister')
union all by name
select
    evidence_text,
    publisher,
    source_uri,
    entry_id,
    start_char,
    copy_group_id
from search('burgermeister SPEAK')
union all by name
select
    evidence_text,
    publisher,
    source_uri,
    entry_id,
    start_char,
    copy_group_id
from search('hospital paper')
