-- One member in eight withdrew marketing on a channel later.
INSERT INTO profiles_consent (member_id, key, purpose, channel, given, source, evidence, at, recorded_at)
SELECT c.member_id, 'demo no ' || c.purpose || ' ' || c.channel, c.purpose, c.channel, false,
    CASE c.channel WHEN 'sms' THEN 'reply' ELSE 'link' END, CASE c.channel WHEN 'sms' THEN 'TD' ELSE '' END, l.at, l.at
FROM profiles_consent AS c
CROSS JOIN LATERAL (
    SELECT c.at + (%(now)s - c.at) * ((hashint8(c.member_id * 17) & 1023) / 1024.0) AS at
) AS l
WHERE c.given AND c.purpose IN ('marketing', 'product_marketing') AND l.at > c.at
  AND (hashint8(c.member_id * 7 + hashtext(c.channel)) & 1048575) %% 8 = 0
ORDER BY c.member_id, c.purpose, c.channel
