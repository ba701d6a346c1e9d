select
    entity,
    mention_text,
    label,
    country,
    publisher,
    evidence_text
from entity_mentions
where entity_id = 'ent_director'
order by mention_id
