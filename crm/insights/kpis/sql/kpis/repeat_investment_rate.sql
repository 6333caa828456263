-- First invested, 90 days ended in the period; those who decided to buy again on a later day within them: no debit of
-- a savings plan, and no roll-over of what was paid out a few days before.
SELECT standing.member_id, NULL::bigint AS channel_id,
       EXISTS (
           SELECT FROM portfolio_transaction AS trade
           WHERE trade.member_id = standing.member_id AND trade.kind = 'buy' AND NOT trade.plan_debit
             AND trade.at > standing.first_invested_at
             AND trade.at < standing.first_invested_at + interval '2160 hours'
             AND lifecycle_platform_day(trade.at) > lifecycle_platform_day(standing.first_invested_at)
             AND NOT EXISTS (
                 SELECT FROM portfolio_transaction AS payout
                 WHERE payout.member_id = trade.member_id AND payout.kind = 'payout' AND payout.at <= trade.at
                   AND payout.at > trade.at - %(roll_over_days)s * interval '24 hours'
             )
       )::int AS numerator,
       1 AS denominator
FROM lifecycle_standing AS standing
WHERE standing.first_invested_at >= %(start)s - interval '2160 hours'
  AND standing.first_invested_at < %(end)s - interval '2160 hours' /*among standing.member_id*/
