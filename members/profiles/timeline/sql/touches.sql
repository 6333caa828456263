SELECT t.at, t.id, CASE WHEN %(english)s AND c.name_en <> '' THEN c.name_en ELSE c.name END AS kind,
       NULL::numeric AS amount, t.campaign AS detail, t.import_id
FROM profiles_touch t JOIN profiles_channel c ON c.id = t.channel_id
WHERE t.member_id = %(member)s
