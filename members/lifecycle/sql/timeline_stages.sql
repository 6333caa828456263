SELECT t.effective_at AS at, t.id::text AS id, t.to_stage AS kind, NULL::numeric AS amount, jsonb_build_object(
    'from_stage', t.from_stage, 'from_sub_state', t.from_sub_state, 'to_stage', t.to_stage,
    'to_sub_state', t.to_sub_state, 'won_back', t.won_back, 'settled', t.settled, 'inputs', t.inputs)::text AS detail,
    NULL::bigint AS import_id
FROM lifecycle_transition t
WHERE t.member_id = %(member)s AND t.superseded_at IS NULL
