DROP TABLE IF EXISTS pg_temp.imports_member;
-- One row a member, the last of the file; new ones get their id.
CREATE TEMP TABLE imports_member AS
SELECT p.*, coalesce(p.found_member_id, nextval(pg_get_serial_sequence('profiles_member', 'id'))) AS id,
    p.found_member_id IS NULL AS is_new, false AS is_renamed, c.id AS channel_pk, p.found_referrer_id AS referrer_pk
FROM (
    SELECT DISTINCT ON (outside_id COLLATE "C") *
    FROM pg_temp.imports_parsed
    WHERE fault IS NULL
    ORDER BY outside_id COLLATE "C", line DESC
) AS p
LEFT JOIN profiles_channel AS c ON c.code = p.channel_id;
UPDATE pg_temp.imports_member AS n SET referrer_pk = r.id
FROM pg_temp.imports_member AS r
WHERE n.referrer_pk IS NULL AND r.outside_id = n.referrer;
UPDATE pg_temp.imports_member AS n SET is_renamed = true
FROM profiles_member AS m
WHERE m.id = n.id AND NOT n.is_new AND m.name <> n.name
