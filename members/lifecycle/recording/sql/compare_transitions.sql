-- Members of _claim whose transitions are not the stage changes just evaluated, with the first difference of each.
WITH recorded AS (
    SELECT t.member_id, t.effective_at AS at, t.from_stage, t.from_sub_state, t.to_stage, t.to_sub_state, t.dwell, t.won_back
    FROM _claim c
    JOIN lifecycle_transition t ON t.member_id = c.member_id AND t.superseded_at IS NULL
),
differences AS (
    SELECT member_id, at, r.to_stage AS stored_stage, r.to_sub_state AS stored_sub_state, s.to_stage AS stage,
           s.to_sub_state AS sub_state
    FROM recorded r
    FULL JOIN _stage_change s USING (member_id, at)
    WHERE (r.from_stage, r.from_sub_state, r.to_stage, r.to_sub_state, r.dwell, r.won_back)
        IS DISTINCT FROM (s.from_stage, s.from_sub_state, s.to_stage, s.to_sub_state, s.dwell, s.won_back)
)
SELECT DISTINCT ON (member_id) jsonb_build_object(
    'member_id', member_id, 'transition_at', at, 'stored_stage', stored_stage, 'stored_sub_state', stored_sub_state,
    'stage', stage, 'sub_state', sub_state
)
FROM differences
ORDER BY member_id, at
