SELECT q.completed_at AS at, q.id::text AS id, 'quest' AS kind, NULL::numeric AS amount, jsonb_build_object(
    'rule', v.rule, 'steps', v.steps, 'name', v.name, 'name_en', v.name_en)::text AS detail,
    NULL::bigint AS import_id
FROM loyalty_questprogress q
JOIN loyalty_incentiveversion v ON v.id = q.version_id
WHERE q.member_id = %(member)s AND q.superseded_at IS NULL AND q.completed_at IS NOT NULL
