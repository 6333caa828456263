-- Members of _claim whose answer with assets at a stored bound is not that of their standing.
SELECT jsonb_build_object(
    'member_id', s.member_id, 'aum_low', s.aum_low, 'aum_high', s.aum_high, 'at_aum', a.aum,
    'stored_stage', s.stage, 'stored_sub_state', s.sub_state, 'stage', a.stage, 'sub_state', a.sub_state
)
FROM _claim c
JOIN lifecycle_standing s USING (member_id)
JOIN _answer a USING (member_id)
WHERE (s.stage, s.sub_state, s.rules, s.warnings) IS DISTINCT FROM (a.stage, a.sub_state, a.rules, a.warnings)
ORDER BY s.member_id
