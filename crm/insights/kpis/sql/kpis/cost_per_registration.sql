-- Money spent on channels, over members who registered.
SELECT NULL::bigint AS member_id, channel_id, amount AS numerator, 0 AS denominator
FROM profiles_channelspend
WHERE date BETWEEN %(first_day)s AND %(last_day)s
UNION ALL
SELECT id, channel_id, 0, 1
FROM profiles_member
WHERE registered_at >= %(start)s AND registered_at < %(end)s
