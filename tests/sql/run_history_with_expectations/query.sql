-- instants as text, so that the reader's time zone does not matter
select
    run_id,
    flow_name,
    status,
    epoch(started_at) as started,
    run_duration_s,
    stage,
    n_in,
    n_out,
    n_rejected,
    n_reused,
    duration_s,
    n_expectations,
    n_critical_failed,
    n_warnings
from run_history
