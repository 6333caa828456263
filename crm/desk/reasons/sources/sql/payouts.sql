-- What was paid out at maturity within a month less what was bought since, by member; the product is that of the latest
-- payout. Assets count as held until the policy's days for it are over: until then the call is urgent.
SELECT b.member_id, paid.at AS since, kept.day AS due, paid.amount - coalesce(bought.amount, 0) AS stake,
    CASE WHEN kept.day >= %(today)s::date THEN 0.6 ELSE 0.3 END AS urgency,
    jsonb_build_object(
        'product', CASE WHEN %(english)s::boolean AND p.name_en <> '' THEN p.name_en ELSE p.name END
    ) AS detail
FROM book AS b
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(now)s::timestamptz)
CROSS JOIN LATERAL (
    SELECT sum(t.amount) AS amount, min(t.at) AS first_at, max(t.at) AS at,
        (array_agg(t.product_id ORDER BY t.at DESC))[1] AS product_id
    FROM portfolio_transaction AS t
    WHERE t.member_id = b.member_id AND t.kind = 'payout' AND t.at <= %(now)s::timestamptz
      AND t.at >= (%(today)s::date - 30)::timestamp AT TIME ZONE %(zone)s
) AS paid
CROSS JOIN LATERAL (
    SELECT sum(t.amount) AS amount
    FROM portfolio_transaction AS t
    WHERE t.member_id = b.member_id AND t.kind = 'buy' AND t.at >= paid.first_at AND t.at <= %(now)s::timestamptz
) AS bought
CROSS JOIN LATERAL (
    SELECT (paid.at AT TIME ZONE %(zone)s)::date + policy.payout_grace_days AS day
) AS kept
LEFT JOIN portfolio_product AS p ON p.id = paid.product_id
-- Whoever has not traded within the month was paid nothing: no look at their transactions.
WHERE b.last_trade_at >= (%(today)s::date - 30)::timestamp AT TIME ZONE %(zone)s
  AND paid.amount > coalesce(bought.amount, 0)
