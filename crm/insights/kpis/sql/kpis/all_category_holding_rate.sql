-- Clients who hold four product categories or more: net invested is positive up to the end.
SELECT assets.member_id, NULL::bigint AS channel_id, (held.categories >= 4)::int AS numerator, 1 AS denominator
FROM assets
CROSS JOIN LATERAL (
    SELECT count(*) AS categories
    FROM (
        SELECT FROM portfolio_transaction AS trade
        JOIN portfolio_product AS product ON product.id = trade.product_id
        WHERE trade.member_id = assets.member_id AND trade.kind IN ('buy', 'redemption', 'payout')
          AND trade.at < %(end)s
        GROUP BY product.category_id
        HAVING sum(CASE trade.kind WHEN 'buy' THEN trade.amount ELSE -trade.amount END) > 0
    ) AS category
) AS held
WHERE assets.is_client
