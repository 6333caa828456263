-- Buys and redemptions of the clients in the period, over clients × days of the period / 30.
SELECT clients.member_id, NULL::bigint AS channel_id, traded.trades AS numerator,
       (%(last_day)s::date - %(first_day)s::date + 1) / 30.0 AS denominator
FROM clients
CROSS JOIN LATERAL (
    SELECT count(*) AS trades
    FROM portfolio_transaction AS trade
    WHERE trade.member_id = clients.member_id AND trade.kind IN ('buy', 'redemption', 'payout')
      AND trade.at >= %(start)s AND trade.at < %(end)s
) AS traded
