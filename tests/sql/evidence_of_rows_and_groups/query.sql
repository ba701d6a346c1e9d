select
    'evt_threat' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('evt_threat')
union all
select
    'quo_outer' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('quo_outer')
union all
select
    'fig_40' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('fig_40')
union all
select
    'men_wire_air' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('men_wire_air')
union all
select
    'tim_wire' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('tim_wire')
union all
select
    'sen_doc_wire_0' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('sen_doc_wire_0')
union all
select
    'seg_doc_wire_1' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('seg_doc_wire_1')
union all
select
    'pst_two' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('pst_two')
union all
select
    'blk_header' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('blk_header')
union all
select
    'loc_led_russia' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('loc_led_russia')
union all
select
    'ent_air' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('ent_air')
union all
select
    'hap_strike' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('hap_strike')
union all
select
    'top_killed' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('top_killed')
union all
select
    'rem_34' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('rem_34')
union all
select
    'dis_shelter' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('dis_shelter')
union all
select
    'sto_help' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('sto_help')
union all
select
    'rej_empty' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('rej_empty')
union all
select
    'evt_unknown' as asked,
    table_name,
    row_id,
    start_char,
    end_char,
    text,
    rule_meaning,
    source_uri,
    maker_version
from evidence('evt_unknown')
