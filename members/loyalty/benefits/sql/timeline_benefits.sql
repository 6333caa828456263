-- Uses of benefits by the member, the undone ones said to be so.
SELECT u.at, 'benefit ' || u.id AS id, CASE WHEN u.undone_at IS NULL THEN 'used' ELSE 'undone' END AS kind,
    u.cost AS amount, CASE WHEN %(english)s AND v.name_en <> '' THEN v.name_en ELSE v.name END AS detail,
    NULL::bigint AS import_id
FROM loyalty_benefituse AS u JOIN loyalty_benefitversion AS v ON v.id = u.version_id
WHERE u.member_id = %(member)s
