-- Whose data were erased on request stays without them; nothing of the row is stored.
UPDATE pg_temp.imports_parsed AS p SET fault = %(erased)s
FROM profiles_member AS m
WHERE p.fault IS NULL AND m.id = p.found_member_id AND m.erased_at IS NOT NULL
