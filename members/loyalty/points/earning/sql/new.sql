-- Facts that have not earned yet, with their points: multiplied by the tier, capped per day and month.
WITH unearned AS MATERIALIZED (
    SELECT f.member_id, f.version_id, f.source_row, f.at, f.amount, v.cap_day, v.cap_month,
           (f.at AT TIME ZONE current_setting('perennial.zone'))::date AS day,
           least(floor(v.points * coalesce(floor(f.amount / v.unit), 1) * {multiplier}), 1e12)::bigint AS points,
           f.at + make_interval(days => v.pending_days) AS available,
           v.expiry, v.expiry_months, v.grace_days,
           first.id IS NOT NULL AS before
    FROM _earn_fact f
    JOIN loyalty_earnruleversion v ON v.id = f.version_id
    LEFT JOIN loyalty_pointsentry first
        ON first.member_id = f.member_id AND first.key = 'rule:' || %(rule)s || ':' || f.source_row
    WHERE NOT EXISTS (
        SELECT FROM _earn_had h
        WHERE (h.member_id, h.version_id, h.source_row, h.at) = (f.member_id, f.version_id, f.source_row, f.at)
          AND h.amount IS NOT DISTINCT FROM f.amount
    )
), used AS MATERIALIZED (
    SELECT member_id, (at AT TIME ZONE current_setting('perennial.zone'))::date AS day, sum(points) AS points
    FROM _earn_had GROUP BY 1, 2
), used_in_month AS MATERIALIZED (
    SELECT member_id, date_trunc('month', day) AS month, sum(points) AS points FROM used GROUP BY 1, 2
), in_day AS (
    SELECT u.*, m.points AS month_used,
           CASE WHEN u.cap_day IS NULL THEN u.points ELSE
               greatest(0, least(u.points, u.cap_day - coalesce(d.points, 0) - coalesce(sum(u.points) OVER earlier, 0)))
           END AS after_day
    FROM (SELECT *, date_trunc('month', day) AS month FROM unearned WHERE points > 0) u
    LEFT JOIN used d ON d.member_id = u.member_id AND d.day = u.day
    LEFT JOIN used_in_month m ON m.member_id = u.member_id AND m.month = u.month
    WINDOW earlier AS (PARTITION BY u.member_id, u.month, u.day ORDER BY u.at, u.source_row
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), in_month AS (
    SELECT u.*,
           CASE WHEN u.cap_month IS NULL THEN u.after_day ELSE
               greatest(0, least(u.after_day,
                   u.cap_month - coalesce(u.month_used, 0) - coalesce(sum(u.after_day) OVER earlier, 0)))
           END AS granted
    FROM in_day u
    WINDOW earlier AS (PARTITION BY u.member_id, u.month ORDER BY u.day, u.at, u.source_row  -- one sort for both
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
INSERT INTO _earn_new
SELECT n.member_id, n.version_id, n.source_row, n.at, n.amount, n.granted, n.available,
       loyalty_points_lapse(n.available, n.expiry, n.expiry_months, n.grace_days),
       'rule:' || %(rule)s || ':' || n.source_row || CASE WHEN NOT n.before THEN '' ELSE ':' || (
           SELECT count(*) FROM loyalty_pointsentry e
           WHERE e.member_id = n.member_id AND e.kind = 'earn' AND e.source_row = n.source_row
             AND e.rule_version_id = ANY(%(versions)s)
       ) END
FROM in_month n WHERE n.granted > 0
