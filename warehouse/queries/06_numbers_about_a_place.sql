-- Question: How many drones at Izmail, according to whom, when?
-- Why: Numbers without a claimant and a date cannot be used.
-- How to read: voice outlet means that nobody is cited. value_low and value_high are NULL for words such as dozens: see comparator.
select
    claimant,
    voice,
    comparator,
    value_low,
    value_high,
    measure,
    counted,
    as_of_start,
    published_date,
    publisher,
    evidence_text
from figures_about('Izmail')
where unit = 'drone'
