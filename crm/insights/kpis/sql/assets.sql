-- assets: members who have invested, with their assets when the period begins and when it ends: the latest valuation
-- up to the day before, plus buys minus redemptions and payouts on the days after it. Clients hold some at the end.
SELECT standing.member_id, held.at_start AS aum_at_start, held.at_end AS aum_at_end,
       held.at_end > policy.empty_aum AS is_client
FROM lifecycle_standing AS standing
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
CROSS JOIN LATERAL (
    SELECT max(summed.aum) FILTER (WHERE NOT edge.is_end) AS at_start, max(summed.aum) FILTER (WHERE edge.is_end) AS at_end
    FROM (VALUES
        (false, %(first_day)s::date - 1, %(start)s::timestamptz),
        (true, %(last_day)s::date, %(end)s::timestamptz)
    ) AS edge (is_end, day, until)
    LEFT JOIN LATERAL (
        SELECT valuation.date, valuation.aum
        FROM portfolio_valuation AS valuation
        WHERE valuation.member_id = standing.member_id AND valuation.date <= edge.day
        ORDER BY valuation.date DESC
        LIMIT 1
    ) AS valued ON true
    CROSS JOIN LATERAL (
        SELECT greatest(coalesce(valued.aum, 0) + coalesce(sum(
            CASE trade.kind WHEN 'buy' THEN trade.amount ELSE -trade.amount END
        ), 0), 0) AS aum
        FROM portfolio_transaction AS trade
        WHERE trade.member_id = standing.member_id AND trade.kind IN ('buy', 'redemption', 'payout')
          AND trade.at < edge.until
          AND (valued.date IS NULL OR trade.at >= lifecycle_day_start(
              valued.date + 1, %(zone)s, %(stable_from)s, %(offset)s::interval))
    ) AS summed
) AS held
WHERE standing.first_invested_at < %(end)s /*among standing.member_id*/
