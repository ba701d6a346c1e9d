-- three tellings of one strike, all from one wire text; the hypothetical help is left out
select *
from actor_pairs
order by event_type desc
