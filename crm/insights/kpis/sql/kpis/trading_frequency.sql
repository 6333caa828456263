-- Buys and redemptions that clients decided on in the period, over clients × days of the period / 30.
SELECT assets.member_id, NULL::bigint AS channel_id, traded.trades AS numerator,
       (%(last_day)s::date - %(first_day)s::date + 1) / 30.0 AS denominator
FROM assets
CROSS JOIN LATERAL (
    SELECT count(*) AS trades
    FROM portfolio_transaction AS trade
    WHERE trade.member_id = assets.member_id AND trade.kind IN ('buy', 'redemption') AND NOT trade.plan_debit
      AND trade.at >= %(start)s AND trade.at < %(end)s
) AS traded
WHERE assets.is_client
