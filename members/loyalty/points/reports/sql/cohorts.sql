WITH used AS (
    SELECT u.member_id, u.lot_id,
           sum(u.points) FILTER (WHERE e.kind IN ('redeem', 'reverse', 'debt_payment')) AS redeemed,
           sum(u.points) FILTER (WHERE e.kind = 'expire') AS lapsed,
           sum(u.points) FILTER (WHERE e.kind IN ('clawback', 'adjust')) AS taken_back
    FROM loyalty_lotuse u
    JOIN loyalty_pointsentry e ON e.member_id = u.member_id AND e.id = u.entry_id
    WHERE e.programme_id = %(programme)s
    GROUP BY 1, 2
), by_month AS (
    SELECT date_trunc('month', (e.at AT TIME ZONE current_setting('perennial.zone'))::date)::date AS month,
           sum(l.points)::bigint AS issued, coalesce(sum(u.redeemed), 0)::bigint AS redeemed,
           coalesce(sum(u.lapsed), 0)::bigint AS lapsed, coalesce(sum(u.taken_back), 0)::bigint AS taken_back,
           sum(l.remaining)::bigint AS outstanding
    FROM loyalty_pointslot l
    JOIN loyalty_pointsentry e ON e.member_id = l.member_id AND e.id = l.id
    LEFT JOIN used u ON u.member_id = l.member_id AND u.lot_id = l.id
    WHERE l.programme_id = %(programme)s
    GROUP BY 1
), expected AS (
    SELECT CASE WHEN sum(redeemed + lapsed) >= %(mature)s
                THEN least(1, greatest(0, sum(redeemed)::numeric / sum(redeemed + lapsed))) ELSE 1 END AS share
    FROM by_month
), price AS (
    SELECT coalesce(avg(v.value / v.points), 0) AS value
    FROM loyalty_reward r
    JOIN LATERAL (
        SELECT * FROM loyalty_rewardversion v WHERE v.reward_id = r.id AND v.effective_from <= %(now)s
        ORDER BY v.effective_from DESC LIMIT 1
    ) v ON v.is_active
    WHERE r.programme_id = %(programme)s
)
INSERT INTO loyalty_pointscohort
    (programme_id, as_of, month, issued, redeemed, lapsed, taken_back, outstanding, value, expected)
SELECT %(programme)s, %(as_of)s, month, issued, redeemed, lapsed, taken_back, outstanding, price.value, expected.share
FROM by_month, expected, price
ON CONFLICT (programme_id, as_of, month) DO UPDATE
SET issued = EXCLUDED.issued, redeemed = EXCLUDED.redeemed, lapsed = EXCLUDED.lapsed,
    taken_back = EXCLUDED.taken_back, outstanding = EXCLUDED.outstanding, value = EXCLUDED.value,
    expected = EXCLUDED.expected
