select
    event_id,
    actors,
    recipients,
    places,
    status,
    claimant,
    voice,
    date_start,
    date_basis,
    happening_id,
    story_id,
    copy_group_id,
    evidence_text
from event_timeline
order by event_id
