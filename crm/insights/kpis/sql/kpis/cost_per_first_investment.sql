-- Money spent on channels, over members who first invested.
SELECT NULL::bigint AS member_id, spend.channel_id, spend.amount AS numerator, 0 AS denominator
FROM profiles_channelspend AS spend
WHERE spend.date BETWEEN %(first_day)s AND %(last_day)s
UNION ALL
SELECT standing.member_id, member.channel_id, 0, 1
FROM lifecycle_standing AS standing
JOIN profiles_member AS member ON member.id = standing.member_id
WHERE standing.first_invested_at >= %(start)s AND standing.first_invested_at < %(end)s
  AND member.registered_at IS NOT NULL /*among standing.member_id*/
