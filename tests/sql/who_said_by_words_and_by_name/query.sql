select
    'shelter' as topic,
    quote_id
from who_said('shelter')
union all
select
    'Moscow',
    quote_id
from who_said('Moscow')
union all
select
    'nothing',
    quote_id
from who_said('')
