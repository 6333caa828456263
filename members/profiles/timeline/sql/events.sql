SELECT e.at, e.id, e.name AS kind, NULL::numeric AS amount,
       (CASE WHEN coalesce(jsonb_typeof(e.properties), 'object') = 'object'
       THEN coalesce(e.properties, '{}'){named} ELSE e.properties END)::text AS detail, e.import_id
FROM profiles_event e
WHERE e.member_id = %(member)s
