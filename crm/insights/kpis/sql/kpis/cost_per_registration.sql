-- Money spent on channels, over members who registered.
SELECT NULL::bigint AS member_id, spend.channel_id, spend.amount AS numerator, 0 AS denominator
FROM profiles_channelspend AS spend
WHERE spend.date BETWEEN %(first_day)s AND %(last_day)s
UNION ALL
SELECT member.id, member.channel_id, 0, 1
FROM profiles_member AS member
WHERE member.registered_at >= %(start)s AND member.registered_at < %(end)s /*among member.id*/
