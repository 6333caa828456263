-- The addresses stay on the list by their hash. Channels without an address of their own go by both.
INSERT INTO profiles_suppression (channel, address_hash, scope, reason, since)
SELECT c.channel, a.hash, 'all', 'erasure', %(now)s
FROM profiles_member AS m
CROSS JOIN LATERAL (VALUES ('mobile', m.mobile_index), ('email', m.email_index)) AS a (kind, hash)
JOIN (VALUES ('sms', 'mobile'), ('phone', 'mobile'), ('email', 'email'), ('push', 'mobile'), ('push', 'email'),
    ('wecom', 'mobile'), ('wecom', 'email'), ('in_app', 'mobile'), ('in_app', 'email')) AS c (channel, kind)
    ON c.kind = a.kind
WHERE m.id = %(member)s AND a.hash IS NOT NULL
ORDER BY c.channel, a.hash
ON CONFLICT (channel, address_hash, scope) WHERE lifted_at IS NULL DO NOTHING;
-- The marketing profile: what was wanted, seen and done. Our source's own id stays, so that its files are recognised.
DELETE FROM profiles_preference WHERE member_id = %(member)s;
DELETE FROM profiles_contactpreference WHERE member_id = %(member)s;
DELETE FROM profiles_event WHERE member_id = %(member)s;
UPDATE profiles_touch SET visitor_id = '' WHERE member_id = %(member)s AND visitor_id <> '';
DELETE FROM profiles_identity WHERE member_id = %(member)s AND kind <> 'member';
DELETE FROM profiles_searchterm AS t
USING profiles_member AS m, unnest(string_to_array(substr(m.search_text, 2), E'\n')) AS line
WHERE m.id = %(member)s AND t.term = line AND t.member_id = m.id;
UPDATE profiles_book SET ended_at = greatest(%(now)s, started_at + interval '1 microsecond')
WHERE member_id = %(member)s AND ended_at IS NULL;
INSERT INTO profiles_erasure (member_id, erased_at, request_id, sealed, basis, keep_until)
VALUES (%(member)s, %(now)s, %(request)s, %(sealed)s, %(basis)s, %(until)s);
UPDATE profiles_member SET name = '', search_text = '', mobile = NULL, mobile_index = NULL, email = NULL,
    email_index = NULL, id_number = NULL, id_number_index = NULL, address = NULL, sex = NULL, birth_date = NULL,
    region = '', occupation = '', income_band = '', language = '', tags = '{}', household_id = NULL,
    erased_at = %(now)s, updated_at = %(now)s
WHERE id = %(member)s
