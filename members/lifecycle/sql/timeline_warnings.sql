SELECT w.raised_at AS at, w.id::text AS id, w.kind, NULL::numeric AS amount, w.evidence::text AS detail,
       NULL::bigint AS import_id
FROM lifecycle_warning w
WHERE w.member_id = %(member)s AND w.superseded_at IS NULL
