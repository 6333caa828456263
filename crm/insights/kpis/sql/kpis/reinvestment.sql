-- Paid out at maturity, grace days ended in the period; what the same members bought within them, at most that much.
SELECT paid.member_id, NULL::bigint AS channel_id, least(paid.amount, coalesce(bought.amount, 0)) AS numerator,
       paid.amount AS denominator
FROM (
    SELECT payout.member_id, sum(payout.amount) AS amount, array_agg(payout.at) AS instants
    FROM portfolio_transaction AS payout
    WHERE payout.kind = 'payout' AND payout.at >= %(start)s - %(grace_days)s * interval '24 hours'
      AND payout.at < %(end)s - %(grace_days)s * interval '24 hours' /*among payout.member_id*/
    GROUP BY payout.member_id
) AS paid
CROSS JOIN LATERAL (
    SELECT sum(trade.amount) AS amount
    FROM portfolio_transaction AS trade
    WHERE trade.member_id = paid.member_id AND trade.kind = 'buy'
      AND EXISTS (
          SELECT FROM unnest(paid.instants) AS payout (at)
          WHERE trade.at >= payout.at AND trade.at < payout.at + %(grace_days)s * interval '24 hours'
      )
) AS bought
