SELECT g.at, g.id, 'greeting' AS kind, NULL::numeric AS amount, o.name AS detail, NULL::bigint AS import_id
FROM greetings_greeting g JOIN greetings_occasion o ON o.id = g.occasion_id
WHERE g.member_id = %(member)s
