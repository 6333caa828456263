-- The versions of a programme by the days on which they apply, and their thresholds by rank.
WITH version AS (
    SELECT *, lead(effective_from, 1, '9999-12-31') OVER (ORDER BY effective_from, version) AS to_day
    FROM loyalty_tierpolicy WHERE programme_id = %(programme)s
),
stored AS (
    INSERT INTO _tier_policy
    SELECT version, effective_from, to_day, metric, review = 'daily', upgrade = 'at_once', downgrade,
           grace_days, protect_days, notice_days, window_days
    FROM version WHERE effective_from < to_day
)
INSERT INTO _tier_threshold
SELECT v.version, t.rank, (o.value ->> 'average')::numeric, (o.value ->> 'day_end')::numeric, (o.value ->> 'points')::bigint
FROM version v
CROSS JOIN jsonb_array_elements(v.thresholds) AS o
JOIN loyalty_tier t ON t.id = (o.value ->> 'tier')::bigint
WHERE v.effective_from < v.to_day
