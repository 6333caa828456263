SELECT c.effective_at AS at, c.id::text AS id, c.reason AS kind, NULL::numeric AS amount, jsonb_build_object(
    'from', f.name, 'from_en', f.name_en, 'to', t.name, 'to_en', t.name_en, 'inputs', c.inputs,
    'version', c.policy_version)::text AS detail,
    NULL::bigint AS import_id
FROM loyalty_tierchange c
JOIN loyalty_tier t ON t.id = c.to_tier_id
LEFT JOIN loyalty_tier f ON f.id = c.from_tier_id
WHERE c.member_id = %(member)s AND c.superseded_at IS NULL
