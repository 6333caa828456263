-- What members agreed to when they registered: by a number of each member, the same in every build.
INSERT INTO profiles_consent (
    member_id, key, purpose, channel, recipient, given, text_version, source, evidence, at, recorded_at
)
SELECT m.id, 'demo ' || p.purpose || ' ' || c.channel, p.purpose, c.channel,
    CASE p.purpose WHEN 'partner' THEN '江海银行' ELSE '' END, true, p.purpose || ' 1', 'app',
    'APP-' || to_char(m.registered_at, 'YYYYMMDD') || '-' || m.id, m.registered_at, m.registered_at
FROM profiles_member AS m
CROSS JOIN (VALUES ('education', 80), ('marketing', 70), ('product_marketing', 58), ('personalised', 40),
    ('sensitive_selection', 18), ('partner', 5)) AS p (purpose, share)
CROSS JOIN (VALUES ('sms', 95), ('email', 55), ('push', 85), ('wecom', 60), ('phone', 45), ('in_app', 98)) AS c (channel, share)
WHERE m.registered_at <= %(now)s
  AND (hashint8(m.id * 31) & 1048575) %% 100 < p.share
  AND (hashint8(m.id * 131 + hashtext(c.channel)) & 1048575) %% 100 < c.share
ORDER BY m.id, p.purpose, c.channel
