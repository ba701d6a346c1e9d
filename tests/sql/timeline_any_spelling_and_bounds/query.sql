select
    'all' as bounds,
    event_id,
    roles,
    date_start
from timeline('Ізмаїл', null, null)
union all
select
    'until',
    event_id,
    roles,
    date_start
from timeline('IZMAIL', null, '2025-03-15')
union all
select
    'since',
    event_id,
    roles,
    date_start
from timeline('Izmail', date '2025-03-12', null)
