-- Who is stored as matching and does not, and the other way round, and who matches without what follows from it; of
-- those about whom nothing waits to be decided.
WITH waiting AS (
    SELECT member_id FROM loyalty_incentive_dirty WHERE member_id IS NOT NULL
    UNION
    SELECT member_id FROM loyalty_ruledue WHERE rule_id = %(rule)s AND due_at <= %(now)s
),
holds AS MATERIALIZED (
    SELECT m.id AS member_id FROM {source} WHERE m.known_at <= %(now)s AND ({condition})
),
stored AS MATERIALIZED (
    SELECT member_id FROM loyalty_rulematch WHERE rule_id = %(rule)s
),
differing AS (
    (SELECT member_id, 1 AS missing, 0 AS extra, 0 AS unrecorded
     FROM (SELECT member_id FROM holds EXCEPT SELECT member_id FROM stored) d)
    UNION ALL
    (SELECT member_id, 0, 1, 0 FROM (SELECT member_id FROM stored EXCEPT SELECT member_id FROM holds) d)
    UNION ALL
    (SELECT member_id, 0, 0, 1 FROM holds h WHERE NOT EXISTS (
        SELECT FROM loyalty_badgeaward w
        WHERE w.member_id = h.member_id AND w.incentive_id = %(incentive)s AND w.superseded_at IS NULL
          AND w.period = CASE WHEN %(by_period)s
              THEN to_char(%(now)s::timestamptz AT TIME ZONE %(zone)s, %(pattern)s) ELSE '' END
    ))
)
SELECT coalesce(sum(missing), 0), coalesce(sum(extra), 0), coalesce(sum(unrecorded), 0)
FROM differing WHERE member_id NOT IN (SELECT member_id FROM waiting)
