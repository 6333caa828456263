-- clients: members who hold assets at the end of the period, with their assets at that instant: the latest
-- valuation up to the last day, plus buys minus redemptions on the days after it.
SELECT standing.member_id, held.aum
FROM lifecycle_standing AS standing
LEFT JOIN LATERAL (
    SELECT valuation.date, valuation.aum
    FROM portfolio_valuation AS valuation
    WHERE valuation.member_id = standing.member_id AND valuation.date <= %(last_day)s
    ORDER BY valuation.date DESC
    LIMIT 1
) AS valued ON true
CROSS JOIN LATERAL (
    SELECT greatest(coalesce(valued.aum, 0) + coalesce(sum(
        CASE trade.kind WHEN 'buy' THEN trade.amount ELSE -trade.amount END
    ), 0), 0) AS aum
    FROM portfolio_transaction AS trade
    WHERE trade.member_id = standing.member_id AND trade.kind IN ('buy', 'redemption', 'payout')
      AND trade.at < %(end)s
      AND (valued.date IS NULL OR trade.at >= lifecycle_day_start(
          valued.date + 1, %(zone)s, %(stable_from)s, %(offset)s::interval))
) AS held
WHERE standing.first_invested_at < %(end)s
  AND held.aum > (SELECT empty_aum FROM lifecycle_policy WHERE version = lifecycle_policy_at(%(end)s))
