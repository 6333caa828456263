SELECT s.at, s.id, s.kind, NULL::numeric AS amount, s.detail, s.import_id
FROM profiles_signal s
WHERE s.member_id = %(member)s AND s.kind <> 'complaint'  -- told as a complaint
