-- Question: How much does each outlet bring per day, and how much of it is its own?
-- Why: A count over time means little if an outlet is missing on some days.
-- How to read: Publisher or day are NULL where neither input nor text gives them.
select
    published_date,
    publisher,
    n_documents,
    n_copies,
    round(1 - n_copies / n_documents, 2) as own_share,
    n_events,
    n_quotes,
    n_figures
from coverage
