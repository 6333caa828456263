-- flows: members who brought money in or took money out in the period, with both sums.
SELECT trade.member_id,
       coalesce(sum(trade.amount) FILTER (WHERE trade.kind = 'buy'), 0) AS money_in,
       coalesce(sum(trade.amount) FILTER (WHERE trade.kind <> 'buy'), 0) AS money_out
FROM portfolio_transaction AS trade
WHERE trade.kind IN ('buy', 'redemption', 'payout')
  AND trade.at >= %(start)s AND trade.at < %(end)s /*among trade.member_id*/
GROUP BY trade.member_id
