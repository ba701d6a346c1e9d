-- What ran, what each stage made, and whether its expectations held. One row per stage of a run.
-- @n_expectations: Expectations checked in this stage of this run, over all parts.
-- @n_critical_failed: Of these, critical ones that failed: the rows were set aside, or the stage stopped.
-- @n_warnings: Of these, warnings that did not hold.
-- @run_duration_s: Time that the whole run took. Unit: seconds.
-- @status: How the run ended. One of: running, completed, failed.
create view run_history as
with checked as (
    select
        run_id,
        stage,
        count(*) as n_expectations,
        count(*) filter (where not success and severity = 'critical') as n_critical_failed,
        count(*) filter (where not success and severity = 'warning') as n_warnings
    from expectation_results
    group by
        run_id,
        stage
)
select
    r.run_id,
    r.flow_name,
    r.status,
    r.started_at,
    r.finished_at,
    r.duration_s as run_duration_s,
    s.stage,
    s.n_in,
    s.n_out,
    s.n_rejected,
    s.n_reused,
    s.duration_s,
    coalesce(c.n_expectations, 0) as n_expectations,
    coalesce(c.n_critical_failed, 0) as n_critical_failed,
    coalesce(c.n_warnings, 0) as n_warnings
from runs r
left join stage_results s
    on s.run_id = r.run_id
left join checked c
    on c.run_id = s.run_id
    and c.stage = s.stage
order by
    r.started_at,
    r.run_id,
    s.started_at
