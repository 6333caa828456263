-- Claim members evaluated under another policy version than the one in force, or never.
WITH locked AS MATERIALIZED (
    SELECT member_id, due_at, evaluated_at, recorded_from FROM lifecycle_standing s
    WHERE (policy_version < %(policy_version)s OR policy_version > %(policy_version)s)
      AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
    LIMIT %(batch)s
    FOR UPDATE OF s SKIP LOCKED
),
spans AS (
    SELECT member_id, evaluated_at, recorded_from,
           least(CASE WHEN due_at <= %(now)s THEN due_at END,
                 lifecycle_reevaluate_from(evaluated_at, %(policy_from)s)) AS from_at
    FROM locked
)
INSERT INTO _claim
SELECT member_id, from_at, false, coalesce(from_at <= evaluated_at, true), NULL, recorded_from IS NULL, true
FROM spans
