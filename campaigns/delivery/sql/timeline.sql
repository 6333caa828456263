-- Messages of the member that were sent, cancelled or dropped, with the copy's name and the reason.
SELECT m.ended_at AS at, 'message ' || m.id AS id, m.state AS kind, NULL::numeric AS amount,
    (CASE WHEN %(english)s AND c.name_en <> '' THEN c.name_en ELSE c.name END) || E'\n' || m.reason AS detail,
    NULL::bigint AS import_id
FROM delivery_message AS m
JOIN review_copyversion AS v ON v.id = m.copy_version_id
JOIN review_copy AS c ON c.id = v.copy_id
WHERE m.member_id = %(member)s AND m.ended_at IS NOT NULL
