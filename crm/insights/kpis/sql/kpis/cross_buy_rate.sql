-- Clients who bought in two product categories or more within the 365 days up to the end, without cash management.
SELECT assets.member_id, NULL::bigint AS channel_id, (bought.categories >= 2)::int AS numerator, 1 AS denominator
FROM assets
CROSS JOIN LATERAL (
    SELECT count(DISTINCT product.category_id) AS categories
    FROM portfolio_transaction AS trade
    JOIN portfolio_product AS product ON product.id = trade.product_id
    JOIN portfolio_category AS category ON category.id = product.category_id
    WHERE trade.member_id = assets.member_id AND trade.kind = 'buy'
      AND trade.at >= %(end)s - interval '8760 hours' AND trade.at < %(end)s
      AND category.code <> ALL(%(cash_categories)s)
) AS bought
WHERE assets.is_client
