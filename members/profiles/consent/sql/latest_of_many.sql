-- Uses index: consent_latest, which has the rows in this order.
SELECT DISTINCT ON (c.member_id) c.member_id, c.id, c.given FROM profiles_consent AS c
WHERE c.purpose = '{purpose}' AND c.channel = '{channel}' AND c.recipient = '' AND c.member_id = ANY({members})
  AND c.at <= %(now)s
ORDER BY c.member_id, c.at DESC, c.id DESC
