-- A member's transactions by product, the largest net amount first; without those of no product.
SELECT p.id, CASE WHEN %(english)s::boolean AND p.name_en <> '' THEN p.name_en ELSE p.name END,
    CASE WHEN %(english)s::boolean AND c.name_en <> '' THEN c.name_en ELSE c.name END, p.risk, p.regime,
    sum.bought, sum.redeemed, sum.dividends, sum.count, sum.last_at, sum.matures_on, sum.import_id, sum.sources
FROM (
    SELECT t.product_id,
        coalesce(sum(t.amount) FILTER (WHERE t.kind = 'buy'), 0) AS bought,
        coalesce(sum(t.amount) FILTER (WHERE t.kind IN ('redemption', 'payout')), 0) AS redeemed,
        coalesce(sum(t.amount) FILTER (WHERE t.kind = 'dividend'), 0) AS dividends,
        count(*) AS count,
        max(t.at) AS last_at,
        min(t.matures_on) FILTER (WHERE t.matures_on >= %(today)s::date) AS matures_on,
        max(t.import_id) AS import_id,
        coalesce(array_agg(DISTINCT split_part(t.id, ':', 1)) FILTER (WHERE t.id LIKE '%%:%%'), '{}') AS sources
    FROM portfolio_transaction AS t
    WHERE t.member_id = %(member)s::bigint AND t.at <= %(now)s::timestamptz AND t.product_id IS NOT NULL
    GROUP BY t.product_id
) AS sum
JOIN portfolio_product AS p ON p.id = sum.product_id
JOIN portfolio_category AS c ON c.id = p.category_id
ORDER BY sum.bought - sum.redeemed DESC, p.id
