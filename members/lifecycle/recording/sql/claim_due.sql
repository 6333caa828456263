-- Claim members whose stored answer is due; those whose evaluation failed wait until their facts change.
WITH locked AS MATERIALIZED (
    SELECT member_id, due_at, evaluated_at, policy_version, first_invested_at FROM lifecycle_standing s
    WHERE due_at <= %(now)s AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
    LIMIT %(batch)s
    FOR UPDATE OF s SKIP LOCKED
),
spans AS (
    SELECT member_id, evaluated_at, first_invested_at,
           least(due_at, CASE WHEN policy_version <> %(policy_version)s
                              THEN lifecycle_reevaluate_from(evaluated_at, %(policy_from)s) END) AS from_at
    FROM locked
)
INSERT INTO _claim
SELECT member_id, from_at, false, from_at <= evaluated_at, NULL, false, true,
       CASE WHEN from_at > evaluated_at THEN first_invested_at END
FROM spans
