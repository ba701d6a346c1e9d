select
    'izmail' as topic,
    figure_id,
    claimant,
    voice
from figures_about('izmail')
union all
select
    'launched drones',
    figure_id,
    claimant,
    voice
from figures_about('launched drones')
