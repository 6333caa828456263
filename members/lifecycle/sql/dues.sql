-- Further instants: where time alone changes an answer before the next one is evaluated.
WITH followed AS (
    SELECT member_id, due_at, lead(at) OVER (PARTITION BY member_id ORDER BY at) AS next_at
    FROM _answer
)
INSERT INTO _pair
SELECT member_id, due_at, (due_at AT TIME ZONE %(zone)s)::date, lifecycle_policy_at(due_at)
FROM followed
WHERE due_at < coalesce(next_at, 'infinity') AND due_at <= %(now)s
