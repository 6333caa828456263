-- Days from registration to the first investment, of those who first invested in the period, within a year.
SELECT member.id AS member_id, member.channel_id,
       extract(epoch FROM standing.first_invested_at - member.registered_at) / 86400 AS numerator, 1 AS denominator
FROM lifecycle_standing AS standing
JOIN profiles_member AS member ON member.id = standing.member_id
WHERE standing.first_invested_at >= %(start)s AND standing.first_invested_at < %(end)s
  AND standing.first_invested_at >= member.registered_at
  AND standing.first_invested_at < member.registered_at + interval '8760 hours' /*among standing.member_id*/
