-- Take members whose facts changed and whose change has come. A member that another worker holds stays queued.
WITH ripe AS MATERIALIZED (
    SELECT id, member_id FROM lifecycle_dirty
    WHERE since <= %(now)s OR since_day <= %(today)s
    LIMIT %(batch)s
),
mine AS MATERIALIZED (
    SELECT s.member_id, s.evaluated_at, s.due_at, s.recorded_from, s.policy_version
    FROM lifecycle_standing s
    WHERE s.member_id IN (SELECT member_id FROM ripe)
    ORDER BY s.member_id
    FOR UPDATE SKIP LOCKED
),
gone AS (
    DELETE FROM lifecycle_dirty d USING ripe, mine
    WHERE d.id = ripe.id AND ripe.member_id = mine.member_id
    RETURNING d.member_id,
        coalesce(d.since, d.since_day::timestamp AT TIME ZONE %(zone)s) AS since,
        coalesce(d.until, d.until_day::timestamp AT TIME ZONE %(zone)s) AS until
),
marks AS (
    SELECT g.member_id, min(g.since) AS since, max(g.until) AS until FROM gone g GROUP BY g.member_id
),
spans AS (
    SELECT k.member_id, k.since, k.until, m.evaluated_at, m.recorded_from, m.policy_version,
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
       recorded_from IS NULL
FROM spans
