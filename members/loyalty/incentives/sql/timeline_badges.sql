SELECT w.at AS at, w.id::text AS id, 'badge' AS kind, NULL::numeric AS amount, jsonb_build_object(
    'rule', v.rule, 'steps', v.steps, 'name', v.name, 'name_en', v.name_en, 'period', w.period)::text AS detail,
    NULL::bigint AS import_id
FROM loyalty_badgeaward w
JOIN loyalty_incentiveversion v ON v.id = w.version_id
WHERE w.member_id = %(member)s AND w.superseded_at IS NULL
