-- Mark transitions superseded that the evaluated answers no longer give, and publish that they do not hold.
WITH superseded AS (
    UPDATE lifecycle_transition t
    SET superseded_at = %(now)s
    FROM _claim c
    WHERE (c.is_late OR c.is_new) AND t.member_id = c.member_id AND t.superseded_at IS NULL AND t.effective_at >= c.from_at
      AND NOT EXISTS (
          SELECT FROM _stage_change s
          WHERE s.member_id = t.member_id AND s.at = t.effective_at
            AND (s.from_stage, s.from_sub_state, s.to_stage, s.to_sub_state, s.dwell, s.won_back)
                IS NOT DISTINCT FROM (t.from_stage, t.from_sub_state, t.to_stage, t.to_sub_state, t.dwell, t.won_back)
      )
    RETURNING t.member_id, t.effective_at, t.from_stage, t.from_sub_state, t.to_stage, t.to_sub_state
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s, 'lifecycle.transition_superseded', member_id, jsonb_build_object(
        'effective_at', effective_at, 'from_stage', from_stage, 'from_sub_state', from_sub_state,
        'to_stage', to_stage, 'to_sub_state', to_sub_state
    )
    FROM superseded
    ORDER BY member_id, effective_at
)
SELECT FROM superseded
