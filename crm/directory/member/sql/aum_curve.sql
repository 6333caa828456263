-- Assets of one member from a day on, as docs/lifecycle.md defines AUM(d): valuations in the window and the last one
-- before it, and the net flow of each day that no earlier row of this answer covers. The last valuation tells its import.
WITH anchor AS (
    SELECT date, aum FROM portfolio_valuation
    WHERE member_id = %(member)s AND date < %(start)s ORDER BY date DESC LIMIT 1
), latest AS (
    SELECT date, import_id FROM portfolio_valuation
    WHERE member_id = %(member)s AND date <= %(today)s ORDER BY date DESC LIMIT 1
), levels AS (
    SELECT date, aum FROM anchor
    UNION ALL
    SELECT date, aum FROM portfolio_valuation
    WHERE member_id = %(member)s AND date BETWEEN %(start)s AND %(today)s
)
SELECT date AS day, aum AS level, NULL::numeric AS flow, import_id FROM levels LEFT JOIN latest USING (date)
UNION ALL
SELECT (at AT TIME ZONE %(zone)s)::date, NULL, sum(CASE kind WHEN 'buy' THEN amount ELSE -amount END), NULL
FROM portfolio_transaction
WHERE member_id = %(member)s AND kind IN ('buy', 'redemption', 'payout') AND at <= %(now)s
  AND at >= coalesce((SELECT (date + 1)::timestamp AT TIME ZONE %(zone)s FROM anchor), '-infinity')
GROUP BY 1
ORDER BY 1, 3 NULLS LAST
