-- Registered through a channel, 90 days ended in the period; what they brought in and left by then.
SELECT member.id AS member_id, member.channel_id, coalesce(invested.net, 0) AS numerator, 1 AS denominator
FROM profiles_member AS member
CROSS JOIN LATERAL (
    SELECT sum(CASE trade.kind WHEN 'buy' THEN trade.amount ELSE -trade.amount END) AS net
    FROM portfolio_transaction AS trade
    WHERE trade.member_id = member.id AND trade.kind IN ('buy', 'redemption', 'payout')
      AND trade.at < member.registered_at + interval '2160 hours'
) AS invested
WHERE member.registered_at >= %(start)s - interval '2160 hours'
  AND member.registered_at < %(end)s - interval '2160 hours'
  AND member.channel_id IS NOT NULL /*among member.id*/
