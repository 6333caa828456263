-- What is kept by day is placed at the day's beginning.
SELECT s.started_on::timestamp AT TIME ZONE %(zone)s AS at, 'plan ' || s.id AS id, 'plan_started' AS kind,
       s.amount, CASE WHEN %(english)s AND p.name_en <> '' THEN p.name_en ELSE p.name END AS detail, s.import_id
FROM portfolio_savingplan s LEFT JOIN portfolio_product p ON p.id = s.product_id
WHERE s.member_id = %(member)s
UNION ALL
SELECT s.ended_on::timestamp AT TIME ZONE %(zone)s, 'planned ' || s.id, 'plan_ended', s.amount,
       CASE WHEN %(english)s AND p.name_en <> '' THEN p.name_en ELSE p.name END, s.import_id
FROM portfolio_savingplan s LEFT JOIN portfolio_product p ON p.id = s.product_id
WHERE s.member_id = %(member)s AND s.ended_on IS NOT NULL
