-- Phone and SMS go by the mobile, e-mail by its address, other channels by both. 'all' comes before 'marketing'.
SELECT x.channel, min(x.scope)
FROM profiles_member AS m
JOIN profiles_suppression AS x
  ON (x.address_hash = m.mobile_index AND x.channel <> 'email')
  OR (x.address_hash = m.email_index AND x.channel NOT IN ('sms', 'phone'))
WHERE m.id = %(member)s AND x.since <= %(now)s AND (x.lifted_at IS NULL OR x.lifted_at > %(now)s)
GROUP BY x.channel
