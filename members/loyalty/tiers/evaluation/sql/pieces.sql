-- The assets of each claimed member by days, the last known valuation carried forward, cut at months: from the month
-- before the first day to evaluate until before the horizon.
WITH span AS (
    SELECT member_id, (date_trunc('month', coalesce(after + 1, first_day)) - interval '1 month')::date AS low
    FROM _tier_claim
),
segment AS (
    SELECT s.member_id, greatest(v.date, s.low) AS from_day, v.date AS valued_on, v.aum,
           lead(v.date, 1, %(horizon)s::date) OVER (PARTITION BY s.member_id ORDER BY v.date) AS to_day
    FROM span s
    CROSS JOIN LATERAL (
        (SELECT date, aum FROM portfolio_valuation
         WHERE member_id = s.member_id AND date < s.low ORDER BY date DESC LIMIT 1)
        UNION ALL
        SELECT date, aum FROM portfolio_valuation
        WHERE member_id = s.member_id AND date >= s.low AND date < %(horizon)s
    ) v
),
piece AS (
    SELECT s.member_id, m.month, greatest(s.from_day, m.month) AS from_day, s.valued_on, s.aum,
           least(s.to_day, (m.month + interval '1 month')::date) AS to_day
    FROM segment s
    CROSS JOIN LATERAL (
        SELECT month::date FROM generate_series(
            date_trunc('month', s.from_day::timestamp), s.to_day::timestamp - interval '1 day', interval '1 month'
        ) AS month
    ) m
    WHERE s.from_day < s.to_day
)
INSERT INTO _tier_piece
SELECT member_id, month, from_day, to_day, valued_on, aum,
       coalesce(sum(aum * (to_day - from_day)) OVER (
           PARTITION BY member_id, month ORDER BY from_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
       ), 0)
FROM piece
