-- Every standing that is not due soon holds if all valuations since its evaluation are within its bounds; no day that was
-- due has passed, and each tier is that of the latest change. Members for whom one does not are marked, unless they are already.
WITH outside AS (
    SELECT s.member_id
    FROM loyalty_tierstanding s
    JOIN portfolio_valuation v ON v.member_id = s.member_id
    WHERE s.programme_id = %(programme)s AND v.date >= s.evaluated_on AND s.due_on IS NULL
      AND (v.aum < s.aum_low OR v.aum > s.aum_high)
),
latest AS (
    SELECT DISTINCT ON (member_id) member_id, to_tier_id
    FROM loyalty_tierchange
    WHERE programme_id = %(programme)s AND superseded_at IS NULL
    ORDER BY member_id, effective_at DESC
),
wrong AS (
    SELECT member_id FROM outside
    UNION
    SELECT s.member_id FROM loyalty_tierstanding s LEFT JOIN latest l USING (member_id)
    WHERE s.programme_id = %(programme)s AND (s.due_on <= %(today)s OR l.to_tier_id IS DISTINCT FROM s.tier_id)
),
unknown AS (
    SELECT w.member_id FROM wrong w WHERE NOT EXISTS (
        SELECT FROM loyalty_tierdirty t WHERE t.programme_id = %(programme)s AND t.member_id = w.member_id
    )
),
marked AS (
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT member_id, %(programme)s, date '1800-01-01' FROM unknown
)
SELECT (SELECT count(*) FROM loyalty_tierstanding WHERE programme_id = %(programme)s), (SELECT count(*) FROM unknown)
