-- Running savings plans whose debit has not come, as members.portfolio's read `missed` counts it: no buy of their
-- product (of a plan without one, no buy at all) within their period ("periods") and the days a bank may take over it.
-- What is at stake is a year of debits.
SELECT b.member_id, (missed.due + {grace} + 1)::timestamp AT TIME ZONE %(zone)s AS since, missed.due AS due,
    round(s.amount * 365 / period.days, 2) AS stake, 0.3 AS urgency,
    jsonb_build_object(
        'product', CASE WHEN %(english)s::boolean AND p.name_en <> '' THEN p.name_en ELSE p.name END,
        'amount', s.amount::text
    ) AS detail
FROM book AS b
JOIN portfolio_savingplan AS s ON s.member_id = b.member_id
JOIN (VALUES {periods}) AS period (every, days) ON period.every = s.every
CROSS JOIN LATERAL (
    SELECT (max(t.at) AT TIME ZONE %(zone)s)::date AS day
    FROM portfolio_transaction AS t
    WHERE t.member_id = s.member_id AND t.kind = 'buy' AND (s.product_id IS NULL OR t.product_id = s.product_id)
) AS bought
CROSS JOIN LATERAL (SELECT greatest(bought.day, s.started_on) + period.days AS due) AS missed
LEFT JOIN portfolio_product AS p ON p.id = s.product_id
WHERE (s.ended_on IS NULL OR s.ended_on > %(today)s::date)
  AND s.started_on + period.days + {grace} <= %(today)s::date
  AND (bought.day IS NULL OR bought.day + period.days + {grace} < %(today)s::date)
