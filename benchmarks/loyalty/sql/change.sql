-- Half of them within what they were worth, half far outside of it.
INSERT INTO portfolio_valuation (member_id, date, aum)
SELECT i.member_id, %(day)s, CASE WHEN i.member_id %% 2 = 0 THEN v.aum ELSE v.aum * 3 END
FROM (SELECT n * 97 + %(which)s AS member_id FROM generate_series(1, %(changed)s::bigint) n) i
CROSS JOIN LATERAL (
    SELECT aum FROM portfolio_valuation WHERE member_id = i.member_id ORDER BY date DESC LIMIT 1
) v
