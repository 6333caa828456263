-- What members agreed to when they registered, by SMS, e-mail and in the app: most to education, fewer to more; one in
-- nine took back general marketing since.
INSERT INTO profiles_consent (
    member_id, key, purpose, channel, recipient, given, text_version, source, evidence, at, recorded_at
)
SELECT m.id, 'demo ' || p.purpose || ' ' || c.channel, p.purpose, c.channel, '', true, '1', 'app', 'registration form',
       m.registered_at, m.registered_at
FROM profiles_member AS m
CROSS JOIN (VALUES ('education', 80), ('marketing', 65), ('product_marketing', 60), ('personalised', 35)) AS p(purpose, share)
CROSS JOIN (VALUES ('sms', 0), ('email', 11), ('in_app', 23), ('push', 37), ('wecom', 41)) AS c(channel, shift)
WHERE m.registered_at IS NOT NULL AND (m.id * 37 + c.shift + p.share) %% 100 < p.share
UNION ALL
SELECT m.id, 'demo withdrawn', 'marketing', 'sms', '', false, '', 'reply', 'T', w.at, w.at
FROM profiles_member AS m
CROSS JOIN LATERAL (SELECT least(m.registered_at + interval '40 days', %(now)s::timestamptz - interval '1 day') AS at) AS w
WHERE m.registered_at < %(now)s::timestamptz - interval '2 days' AND m.id %% 9 = 4
ON CONFLICT DO NOTHING
