-- Delete the dirty rows of the locked members, and claim each member from the instant on that has to be evaluated. Run
-- without nested loops: the planner, which mostly sees an empty queue, would compare every row with every member.
WITH deleted AS (
    DELETE FROM lifecycle_dirty d USING _locked l
    WHERE d.member_id = l.member_id AND (d.since <= %(now)s OR d.since_day <= %(today)s)
    RETURNING d.member_id, d.since_day IS NOT NULL AS has_valuations,
        coalesce(d.since, lifecycle_day_start(d.since_day, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS since,
        coalesce(d.until, lifecycle_day_start(d.until_day, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS until
),
changed AS (
    SELECT d.member_id, min(d.since) AS since, max(d.until) AS until, bool_or(d.has_valuations) AS has_valuations
    FROM (
        SELECT * FROM deleted
        UNION ALL
        -- What an evaluation that failed has left to do, of any kind.
        SELECT f.member_id, true, f.since, f.until FROM lifecycle_evaluationfailure f JOIN _locked USING (member_id)
    ) d GROUP BY d.member_id
),
spans AS (
    SELECT c.member_id, c.since, c.until, c.has_valuations, l.evaluated_at, l.recorded_from, l.policy_version,
           l.first_invested_at,
           least(
               c.since,
               CASE WHEN l.due_at <= %(now)s THEN l.due_at END,
               CASE WHEN l.policy_version <> %(policy_version)s
                    THEN lifecycle_reevaluate_from(l.evaluated_at, %(policy_from)s) END
           ) AS from_at
    FROM changed c
    JOIN _locked l USING (member_id)
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
       has_valuations
FROM spans
