-- Question: What came in with the last runs, and what was set aside?
-- Why: The morning look of whoever runs it.
-- How to read: In is out plus rejected for every stage; the reasons are in table rejects.
select
    h.started_at,
    h.flow_name,
    h.status,
    h.stage,
    h.n_in,
    h.n_out,
    h.n_rejected,
    h.n_reused,
    h.n_critical_failed,
    h.n_warnings,
    h.duration_s
from run_history h
order by
    h.started_at desc,
    h.run_id
limit 50
