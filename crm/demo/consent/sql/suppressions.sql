-- Whoever replied TD to product marketing by SMS is on the list.
INSERT INTO profiles_suppression (channel, address_hash, scope, reason, since)
SELECT DISTINCT ON (m.mobile_index) 'sms', m.mobile_index, 'marketing', 'opt_out', c.at
FROM profiles_consent AS c JOIN profiles_member AS m ON m.id = c.member_id
WHERE NOT c.given AND c.purpose = 'product_marketing' AND c.channel = 'sms' AND m.mobile_index IS NOT NULL
ORDER BY m.mobile_index, c.at
