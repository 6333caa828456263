-- Members of a book whose assets differ most from those of a day: their last valuation up to then.
SELECT s.member_id, v.aum, s.aum
FROM ({visible}) AS visible
JOIN lifecycle_standing s ON s.member_id = visible.member_id
CROSS JOIN LATERAL (
    SELECT aum FROM portfolio_valuation WHERE member_id = s.member_id AND date <= %s ORDER BY date DESC LIMIT 1
) AS v
WHERE s.aum <> v.aum
ORDER BY abs(s.aum - v.aum) DESC, s.member_id
LIMIT %s
