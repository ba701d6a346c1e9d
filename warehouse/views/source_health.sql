-- How each publisher's supply does: when it last brought something, how much on its last whole day against its usual day, how much of it
-- is set aside, and how much of its text is body. One row per publisher, NULL where unknown. A day is the day of arrival in UTC; the newest
-- day of the warehouse may not be over, so the last whole day of a publisher is its last day before that.
-- @publisher: Publisher of its documents; of what was set aside before it was read, the one that its source says.
-- @last_landed_at: When its last document arrived.
-- @days_since_last: Days from then to the newest arrival of the warehouse. Unit: days.
-- @median_gap_days: Median of the days from one day with arrivals to the next. Unit: days.
-- @n_documents: Documents.
-- @n_days: Days on which something of it arrived or was set aside.
-- @n_last_day: Documents of its last whole day.
-- @median_per_day: Median of documents per day over the days before that one.
-- @n_rejected: Things of it that were set aside, at any stage.
-- @reject_share: Of what arrived, the share that was set aside. Unit: share.
-- @reject_share_last_day: The same on its last whole day. Unit: share.
-- @body_share: Of the characters of its texts, the share that is body. Unit: share.
-- @body_share_last_day: The same on its last whole day. Unit: share.
-- @drift: What is unlike its four or more days before, NULL if nothing is: silent (no arrival for more than twice its usual gap and
-- a day), few (less than a quarter of its median), rejects (over 10 % and over twice the share before), body (under half the share before).
create view source_health as
with arrived as (
    select
        l.document_id,
        any_value(coalesce(d.publisher, json_extract_string(l.source_said, '$.publisher'))) as publisher,
        min(l.landed_at) as landed_at,
        cast(make_timestamp(epoch_us(min(l.landed_at))) as date) as day,
        any_value(d.n_chars) as n_chars,
        any_value(d.n_body_chars) as n_body_chars
    from landings l
    left join documents d
        on d.document_id = l.document_id
    group by l.document_id
),
set_aside as (
    select
        coalesce(a.publisher, json_extract_string(r.source_said, '$.publisher')) as publisher,
        coalesce(a.day, cast(make_timestamp(epoch_us(u.started_at)) as date)) as day,
        a.document_id
    from rejects r
    left join arrived a
        on a.document_id = r.document_id
    left join runs u
        on u.run_id = r.run_id
),
daily as (
    select
        publisher,
        day,
        count(*) filter (where is_document) as n_documents,
        count(*) filter (where is_rejected) as n_rejected,
        count(*) filter (where is_document or not was_document) as n_things,
        sum(n_chars) as n_chars,
        sum(n_body_chars) as n_body_chars,
        max(landed_at) as landed_at
    from (
        select publisher, day, landed_at, n_chars, n_body_chars, true as is_document, false as is_rejected, false as was_document
        from arrived
        union all
        select publisher, day, null, null, null, false, true, document_id is not null
        from set_aside
        where day is not null
    ) things
    group by
        publisher,
        day
),
newest as (
    select max(day) as day
    from arrived
),
placed as (
    select
        y.*,
        date_diff('day', lag(y.day) over (partition by y.publisher order by y.day), y.day) as gap,
        y.day = max(y.day) filter (where y.day < n.day) over (partition by y.publisher) as is_last,
        y.day < max(y.day) filter (where y.day < n.day) over (partition by y.publisher) as is_before
    from daily y
    cross join newest n
),
summed as (
    select
        p.publisher,
        max(p.landed_at) as last_landed_at,
        date_diff('day', max(p.day) filter (where p.n_documents > 0), any_value(n.day)) as days_since_last,
        median(p.gap) as median_gap_days,
        cast(sum(p.n_documents) as bigint) as n_documents,
        count(*) as n_days,
        cast(sum(p.n_documents) filter (where p.is_last) as bigint) as n_last_day,
        median(p.n_documents) filter (where p.is_before) as median_per_day,
        cast(sum(p.n_rejected) as bigint) as n_rejected,
        round(sum(p.n_rejected) / sum(p.n_things), 4) as reject_share,
        round(sum(p.n_rejected) filter (where p.is_last) / sum(p.n_things) filter (where p.is_last), 4) as reject_share_last_day,
        sum(p.n_rejected) filter (where p.is_before) / sum(p.n_things) filter (where p.is_before) as reject_share_before,
        round(sum(p.n_body_chars) / sum(p.n_chars), 4) as body_share,
        round(sum(p.n_body_chars) filter (where p.is_last) / sum(p.n_chars) filter (where p.is_last), 4) as body_share_last_day,
        sum(p.n_body_chars) filter (where p.is_before) / sum(p.n_chars) filter (where p.is_before) as body_share_before,
        count(*) filter (where p.is_before) as n_before
    from placed p
    cross join newest n
    group by p.publisher
)
select
    publisher,
    last_landed_at,
    days_since_last,
    median_gap_days,
    n_documents,
    n_days,
    n_last_day,
    median_per_day,
    n_rejected,
    reject_share,
    reject_share_last_day,
    body_share,
    body_share_last_day,
    case when n_before >= 4 then nullif(concat_ws(
        ', ',
        case when days_since_last > 2 * median_gap_days + 1 then 'silent' end,
        case when n_last_day < median_per_day / 4 then 'few' end,
        case when reject_share_last_day > 0.1 and reject_share_last_day > 2 * reject_share_before then 'rejects' end,
        case when body_share_last_day < 0.5 * body_share_before then 'body' end
    ), '') end as drift
from summed
order by publisher
