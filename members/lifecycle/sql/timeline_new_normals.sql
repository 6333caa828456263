SELECT n.at, n.id::text AS id, 'new_normal' AS kind, n.aum AS amount, n.reason AS detail, NULL::bigint AS import_id
FROM lifecycle_newnormal n
WHERE n.member_id = %(member)s
