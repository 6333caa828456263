-- First invested, 90 days ended in the period; those who bought again on a later day within them.
SELECT standing.member_id, NULL::bigint AS channel_id,
       EXISTS (
           SELECT FROM portfolio_transaction AS trade
           WHERE trade.member_id = standing.member_id AND trade.kind = 'buy'
             AND trade.at > standing.first_invested_at
             AND trade.at < standing.first_invested_at + interval '2160 hours'
             AND lifecycle_platform_day(trade.at) > lifecycle_platform_day(standing.first_invested_at)
       )::int AS numerator,
       1 AS denominator
FROM lifecycle_standing AS standing
WHERE standing.first_invested_at >= %(start)s - interval '2160 hours'
  AND standing.first_invested_at < %(end)s - interval '2160 hours'
