UPDATE lifecycle_transition t
SET superseded_at = %(now)s
FROM _claim c
WHERE (c.late OR c.fresh) AND t.member_id = c.member_id AND t.superseded_at IS NULL AND t.effective_at >= c.from_at
  AND NOT EXISTS (
      SELECT FROM _line l
      WHERE l.member_id = t.member_id AND l.at = t.effective_at
        AND (l.from_stage, l.from_sub_state, l.to_stage, l.to_sub_state, l.dwell)
            IS NOT DISTINCT FROM (t.from_stage, t.from_sub_state, t.to_stage, t.to_sub_state, t.dwell)
  )
