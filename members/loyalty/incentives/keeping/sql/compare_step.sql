-- Who is on the quest, in time and at this step, matches and has not done it; of those about whom nothing waits.
WITH waiting AS (
    SELECT member_id FROM loyalty_incentive_dirty WHERE member_id IS NOT NULL
    UNION
    SELECT member_id FROM loyalty_ruledue WHERE rule_id = %(rule)s AND due_at <= %(now)s
),
holds AS MATERIALIZED (
    SELECT m.id AS member_id FROM {source}
    JOIN loyalty_questprogress q ON q.member_id = m.id AND q.version_id = %(version)s
     AND q.completed_at IS NULL AND q.superseded_at IS NULL AND (q.ends_at IS NULL OR q.ends_at > %(now)s)
    WHERE m.known_at <= %(now)s AND ({condition})
      AND NOT EXISTS (
        SELECT FROM loyalty_stepdone d
        WHERE d.member_id = m.id AND d.version_id = %(version)s AND d.position = %(position)s
          AND d.superseded_at IS NULL
      )
      AND (NOT %(in_order)s OR %(position)s = 1 OR EXISTS (
        SELECT FROM loyalty_stepdone d
        WHERE d.member_id = m.id AND d.version_id = %(version)s AND d.position = %(position)s - 1
          AND d.superseded_at IS NULL
      ))
)
SELECT 0, 0, (SELECT count(*) FROM holds WHERE member_id NOT IN (SELECT member_id FROM waiting))
