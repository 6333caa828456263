-- Holders of products whose rating rose within the last 30 days: they have to be told. Without such a product nothing else is
-- read. What is held is at most what was bought of the product less what came back.
SELECT b.member_id, raised.day::timestamp AT TIME ZONE %(zone)s AS since, raised.day + 14 AS due,
    net.amount AS stake,
    CASE WHEN raised.risk > coalesce(h.highest[right(m.risk_class, 1)::int + 1], 0) THEN 0.7 ELSE 0.2 END AS urgency,
    jsonb_build_object(
        'product', CASE WHEN %(english)s::boolean AND p.name_en <> '' THEN p.name_en ELSE p.name END,
        'before', raised.before, 'after', raised.risk, 'risk_class', m.risk_class, 'day', raised.day,
        'is_above', raised.risk > coalesce(h.highest[right(m.risk_class, 1)::int + 1], 0)
    ) AS detail
FROM (
    SELECT r.product_id, max(r.effective_from) AS day, n.risk, min(o.risk) AS before
    FROM portfolio_productrating AS r
    JOIN portfolio_ratings_on(%(today)s::date) AS n ON n.product_id = r.product_id
    CROSS JOIN LATERAL portfolio_ratings_on(r.effective_from - 1) AS o
    WHERE o.product_id = r.product_id AND o.risk < n.risk AND NOT r.is_supplied AND r.rating IS NOT NULL
      AND r.effective_from > %(today)s::date - 30 AND r.effective_from <= %(today)s::date
    GROUP BY r.product_id, n.risk
    OFFSET 0
) AS raised
JOIN portfolio_product AS p ON p.id = raised.product_id
CROSS JOIN portfolio_house_rule_on(%(today)s::date) AS h
CROSS JOIN book AS b
JOIN profiles_member AS m ON m.id = b.member_id
CROSS JOIN LATERAL (
    SELECT sum(
        CASE WHEN s.kind = 'buy' THEN s.amount WHEN s.kind IN ('redemption', 'payout') THEN -s.amount ELSE 0 END
    ) AS amount
    FROM portfolio_transaction AS s
    WHERE s.member_id = b.member_id AND s.product_id = raised.product_id
) AS net
WHERE net.amount > 0
