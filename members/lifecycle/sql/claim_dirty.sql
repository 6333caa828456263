-- Take members whose facts changed and whose change has come. A member that another worker holds stays queued.
WITH mine AS MATERIALIZED (
    SELECT DISTINCT ON (member_id) member_id, evaluated_at, due_at, recorded_from, policy_version, first_invested_at
    FROM (
        SELECT s.member_id, s.evaluated_at, s.due_at, s.recorded_from, s.policy_version, s.first_invested_at
        FROM lifecycle_dirty d
        JOIN lifecycle_standing s USING (member_id)
        WHERE d.since <= %(now)s OR d.since_day <= %(today)s
        LIMIT %(batch)s
        FOR UPDATE OF s SKIP LOCKED  -- whoever takes marks off holds their member's standing
    ) held
),
gone AS (
    DELETE FROM lifecycle_dirty d USING mine
    WHERE d.member_id = mine.member_id AND (d.since <= %(now)s OR d.since_day <= %(today)s)
    RETURNING d.member_id,
        coalesce(d.since, lifecycle_day_start(d.since_day, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS since,
        coalesce(d.until, lifecycle_day_start(d.until_day, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS until
),
marks AS (
    SELECT g.member_id, min(g.since) AS since, max(g.until) AS until FROM gone g GROUP BY g.member_id
),
spans AS (
    SELECT k.member_id, k.since, k.until, m.evaluated_at, m.recorded_from, m.policy_version, m.first_invested_at,
           least(
               k.since,
               CASE WHEN m.due_at <= %(now)s THEN m.due_at END,
               CASE WHEN m.policy_version <> %(policy_version)s
                    THEN lifecycle_policy_since(m.evaluated_at, %(policy_from)s) END
           ) AS from_at
    FROM marks k
    JOIN mine m USING (member_id)
)
INSERT INTO _claim
SELECT member_id, from_at,
       coalesce(since = until AND since = from_at AND since > evaluated_at, false)
           AND policy_version = %(policy_version)s,
       coalesce(from_at <= evaluated_at, true),
       until,
       recorded_from IS NULL,
       from_at < since,
       CASE WHEN from_at > evaluated_at THEN first_invested_at END
FROM spans
