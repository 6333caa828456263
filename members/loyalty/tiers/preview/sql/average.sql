SELECT coalesce(sum(k.aum * (k.until - k.since)), 0)
FROM (
    SELECT v.aum, greatest(v.date, %(month)s::date) AS since,
           lead(v.date, 1, %(month_end)s::date) OVER (ORDER BY v.date) AS until
    FROM (
        (SELECT date, aum FROM portfolio_valuation
         WHERE member_id = s.member_id AND date <= %(month)s ORDER BY date DESC LIMIT 1)
        UNION ALL
        SELECT date, aum FROM portfolio_valuation
        WHERE member_id = s.member_id AND date > %(month)s AND date < %(month_end)s
    ) v
) k
