-- What is still invested of the lots that mature within a month, as members.portfolio's read `maturing` counts it: at most
-- what was bought of the product less what came back. Lots of one product and day are one reason.
SELECT lot.member_id,
    (lot.matures_on - CASE WHEN lot.matures_on <= %(today)s::date + 7 THEN 7 ELSE 30 END)::timestamp
        AT TIME ZONE %(zone)s AS since,
    lot.matures_on AS due, least(lot.amount, net.amount) AS stake,
    CASE WHEN lot.matures_on <= %(today)s::date + 7 THEN 0.9 ELSE 0.3 END AS urgency,
    jsonb_build_object(
        'product', CASE WHEN %(english)s::boolean AND p.name_en <> '' THEN p.name_en ELSE p.name END
    ) AS detail
FROM (
    SELECT t.member_id, t.product_id, t.matures_on, sum(t.amount) AS amount
    FROM book AS b
    JOIN portfolio_transaction AS t ON t.member_id = b.member_id
        AND t.matures_on BETWEEN %(today)s::date AND %(today)s::date + 30
    GROUP BY t.member_id, t.product_id, t.matures_on
) AS lot
JOIN portfolio_product AS p ON p.id = lot.product_id
CROSS JOIN LATERAL (
    SELECT sum(
        CASE WHEN s.kind = 'buy' THEN s.amount WHEN s.kind IN ('redemption', 'payout') THEN -s.amount ELSE 0 END
    ) AS amount
    FROM portfolio_transaction AS s
    WHERE s.member_id = lot.member_id AND s.product_id = lot.product_id
) AS net
WHERE net.amount > 0
