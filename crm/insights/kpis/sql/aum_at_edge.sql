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
