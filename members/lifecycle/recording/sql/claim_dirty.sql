-- Take the marks of the members held, and say from where on each is to be recomputed. To be run without nested
-- loops: the planner, which mostly sees an empty queue, would compare every mark with every member.
WITH gone AS (
    DELETE FROM lifecycle_dirty d USING _held h
    WHERE d.member_id = h.member_id AND (d.since <= %(now)s OR d.since_day <= %(today)s)
    RETURNING d.member_id, d.since_day IS NOT NULL AS by_day,
        coalesce(d.since, lifecycle_day_start(d.since_day, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS since,
        coalesce(d.until, lifecycle_day_start(d.until_day, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS until
),
marks AS (
    SELECT g.member_id, min(g.since) AS since, max(g.until) AS until, bool_or(g.by_day) AS by_day
    FROM gone g GROUP BY g.member_id
),
spans AS (
    SELECT k.member_id, k.since, k.until, k.by_day, m.evaluated_at, m.recorded_from, m.policy_version, m.first_invested_at,
           least(
               k.since,
               CASE WHEN m.due_at <= %(now)s THEN m.due_at END,
               CASE WHEN m.policy_version <> %(policy_version)s
                    THEN lifecycle_reevaluate_from(m.evaluated_at, %(policy_from)s) END
           ) AS from_at
    FROM marks k
    JOIN _held m USING (member_id)
)
INSERT INTO _claim
SELECT member_id, from_at,
       coalesce(since = until AND since = from_at AND since > evaluated_at, false)
           AND policy_version = %(policy_version)s,
       coalesce(from_at <= evaluated_at, true),
       until,
       recorded_from IS NULL,
       from_at < since,
       CASE WHEN from_at > evaluated_at THEN first_invested_at END,
       by_day
FROM spans
