-- A no for each member, purpose and channel, and for each known recipient of purposes that name one. Never before what
-- is recorded already: of acts at once the last one counts.
INSERT INTO profiles_consent (
    member_id, key, purpose, channel, recipient, given, source, evidence, at, recorded_at, by_id
)
SELECT m.id, %(key)s || ' ' || p.purpose || ' ' || c.channel || ' ' || md5(r.recipient), p.purpose, c.channel,
    r.recipient, false, %(source)s, %(evidence)s, l.at, l.at, %(by)s
FROM unnest(%(members)s::bigint[]) AS m (id)
CROSS JOIN unnest(%(purposes)s::text[]) AS p (purpose)
CROSS JOIN unnest(%(channels)s::text[]) AS c (channel)
CROSS JOIN LATERAL (
    SELECT '' AS recipient WHERE p.purpose <> ALL(%(named)s::text[])
    UNION
    SELECT k.recipient FROM profiles_consent AS k
    WHERE k.member_id = m.id AND k.purpose = p.purpose AND k.channel = c.channel AND k.recipient <> ''
) AS r
CROSS JOIN LATERAL (
    SELECT greatest(%(now)s, max(k.at)) AS at FROM profiles_consent AS k WHERE k.member_id = m.id
) AS l
ORDER BY m.id, p.purpose, c.channel, r.recipient
ON CONFLICT (member_id, key) DO NOTHING
