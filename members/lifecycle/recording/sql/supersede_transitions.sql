-- Mark transitions superseded that the evaluated answers no longer give.
UPDATE lifecycle_transition t
SET superseded_at = %(now)s
FROM _claim c
WHERE (c.is_late OR c.is_new) AND t.member_id = c.member_id AND t.superseded_at IS NULL AND t.effective_at >= c.from_at
  AND NOT EXISTS (
      SELECT FROM _stage_change s
      WHERE s.member_id = t.member_id AND s.at = t.effective_at
        AND (s.from_stage, s.from_sub_state, s.to_stage, s.to_sub_state, s.dwell)
            IS NOT DISTINCT FROM (t.from_stage, t.from_sub_state, t.to_stage, t.to_sub_state, t.dwell)
  )
