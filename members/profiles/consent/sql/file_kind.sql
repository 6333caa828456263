-- Acts on one member wait for each other, as those of staff do.
SELECT m.id FROM profiles_member AS m
WHERE m.id IN (SELECT p.member_id FROM pg_temp.imports_parsed AS p WHERE p.fault IS NULL)
ORDER BY m.id FOR NO KEY UPDATE;
UPDATE pg_temp.imports_parsed AS p SET fault = %(erased)s
FROM profiles_member AS m
WHERE p.fault IS NULL AND m.id = p.member_id AND m.erased_at IS NOT NULL;
-- What is recorded under an id stays as it was recorded; a row that says the same is no news.
UPDATE pg_temp.imports_parsed AS p SET fault = %(otherwise)s
FROM profiles_consent AS c
WHERE p.fault IS NULL AND c.member_id = p.member_id AND c.key = 'file ' || p.key
  AND (c.purpose, c.channel, c.recipient, c.given, c.at) <> (p.purpose, p.channel, p.recipient, p.given, p.at);
UPDATE pg_temp.imports_parsed AS p SET fault = %(otherwise)s
FROM pg_temp.imports_parsed AS q
WHERE p.fault IS NULL AND q.fault IS NULL AND q.member_id = p.member_id AND q.key = p.key AND q.line < p.line
  AND (q.purpose, q.channel, q.recipient, q.given, q.at) <> (p.purpose, p.channel, p.recipient, p.given, p.at);
-- Of one instant the withdrawal counts: it gets the higher id.
INSERT INTO profiles_consent (
    member_id, key, purpose, channel, recipient, given, text_version, source, evidence, at, recorded_at, import_id
)
SELECT member_id, 'file ' || key, purpose, channel, recipient, given, text_version, 'file', evidence, at, %(now)s,
    %(import)s::bigint
FROM pg_temp.imports_parsed WHERE fault IS NULL
ORDER BY member_id, at, given DESC, line
ON CONFLICT (member_id, key) DO NOTHING
