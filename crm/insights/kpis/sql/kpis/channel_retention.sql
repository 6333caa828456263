-- Came through a channel, 90 days since the first investment ended in the period; who still held assets then: the
-- latest valuation up to that day, plus what moved since.
SELECT member.id AS member_id, member.channel_id, (held.aum > policy.empty_aum)::int AS numerator, 1 AS denominator
FROM lifecycle_standing AS standing
JOIN profiles_member AS member ON member.id = standing.member_id
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
CROSS JOIN LATERAL (SELECT standing.first_invested_at + interval '2160 hours' AS at) AS passed
LEFT JOIN LATERAL (
    SELECT valuation.date, valuation.aum
    FROM portfolio_valuation AS valuation
    WHERE valuation.member_id = standing.member_id AND valuation.date <= lifecycle_platform_day(passed.at)
    ORDER BY valuation.date DESC
    LIMIT 1
) AS valued ON true
CROSS JOIN LATERAL (
    SELECT coalesce(valued.aum, 0) + coalesce(sum(
        CASE trade.kind WHEN 'buy' THEN trade.amount ELSE -trade.amount END
    ), 0) AS aum
    FROM portfolio_transaction AS trade
    WHERE trade.member_id = standing.member_id AND trade.kind IN ('buy', 'redemption', 'payout')
      AND trade.at < passed.at
      AND (valued.date IS NULL OR trade.at >= lifecycle_day_start(
          valued.date + 1, %(zone)s, %(stable_from)s, %(offset)s::interval))
) AS held
WHERE standing.first_invested_at >= %(start)s - interval '2160 hours'
  AND standing.first_invested_at < %(end)s - interval '2160 hours'
  AND member.channel_id IS NOT NULL /*among standing.member_id*/
