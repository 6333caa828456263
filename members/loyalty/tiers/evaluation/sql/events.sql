-- The days on which a tier may change, with what is compared on them.
WITH span AS (
    SELECT member_id, coalesce(after + 1, first_day) AS first, after IS NULL AS is_new FROM _tier_claim
),
-- The day on which a month's average is certain to reach a threshold, even if nothing were left from then on.
certain AS (
    SELECT p.member_id, p.from_day + ceil((t.average * d.days - p.before) / p.aum)::integer AS day
    FROM _tier_piece p
    CROSS JOIN LATERAL (SELECT (p.month + interval '1 month')::date - p.month AS days) d
    JOIN (SELECT DISTINCT average FROM _tier_threshold JOIN _tier_policy USING (version)
          WHERE at_once AND average IS NOT NULL) t
      ON p.before < t.average * d.days AND p.before + p.aum * (p.to_day - p.from_day) >= t.average * d.days
),
marked AS (
    SELECT member_id, first AS day FROM span WHERE is_new
    UNION
    SELECT s.member_id, m::date FROM span s
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', s.first::timestamp + interval '1 month' - interval '1 day'),
        %(horizon)s::timestamp, interval '1 month'
    ) AS m
    UNION
    SELECT s.member_id, p.from_day FROM span s JOIN _tier_policy p ON p.from_day >= s.first
    UNION
    SELECT member_id, day FROM certain
    UNION
    SELECT member_id, valued_on + 1 FROM _tier_piece
    WHERE EXISTS (SELECT FROM _tier_threshold JOIN _tier_policy USING (version)
                  WHERE day_end IS NOT NULL AND (is_daily OR at_once))
    UNION
    SELECT o.member_id, e.day FROM loyalty_tieroverride o
    JOIN span USING (member_id)
    CROSS JOIN LATERAL (VALUES (o.starts_on), (o.ends_on)) AS e (day)
    WHERE o.programme_id = %(programme)s
    {points_days}
),
average AS (
    SELECT member_id, month, sum(aum * (to_day - from_day)) AS total, max(valued_on) AS valued_on
    FROM _tier_piece GROUP BY member_id, month
),
compared AS (
    SELECT m.member_id, m.day, p.version, p.is_daily OR m.day = d.month OR m.day = p.from_day
               OR (s.is_new AND m.day = s.first) AS is_review,
           p.at_once, p.downgrade, p.grace_days, p.protect_days, p.metric, d.before, d.days, coalesce(a.total, 0) AS total,
           a.valued_on, u.reads_average, u.reads_day_end,
           (d.month + interval '1 month')::date - d.month AS days_now,
           CASE WHEN p.at_once AND u.reads_average THEN (
               SELECT coalesce(sum(o.aum * (least(o.to_day, m.day) - o.from_day)), 0) FROM _tier_piece o
               WHERE o.member_id = m.member_id AND o.month = d.month AND o.from_day < m.day
           ) END AS total_now,
           end_of_day.aum AS day_end, end_of_day.valued_on AS day_valued_on,
           {points_value} AS points
    FROM marked m
    JOIN span s ON s.member_id = m.member_id AND m.day >= s.first
    JOIN _tier_policy p ON m.day >= p.from_day AND m.day < p.to_day
    CROSS JOIN LATERAL (
        SELECT date_trunc('month', m.day::timestamp)::date AS month,
               (date_trunc('month', m.day::timestamp) - interval '1 month')::date AS before,
               date_trunc('month', m.day::timestamp)::date
                   - (date_trunc('month', m.day::timestamp) - interval '1 month')::date AS days
    ) d
    JOIN (
        SELECT version, bool_or(average IS NOT NULL) AS reads_average, bool_or(day_end IS NOT NULL) AS reads_day_end,
               bool_or(points IS NOT NULL) AS reads_points
        FROM _tier_threshold GROUP BY version
    ) u ON u.version = p.version
    LEFT JOIN average a ON a.member_id = m.member_id AND a.month = d.before
    LEFT JOIN LATERAL (
        SELECT o.aum, o.valued_on FROM _tier_piece o
        WHERE u.reads_day_end AND o.member_id = m.member_id AND o.from_day < m.day
        ORDER BY o.from_day DESC LIMIT 1
    ) end_of_day ON true
    WHERE m.day <= %(horizon)s
)
INSERT INTO _tier_event
SELECT c.member_id, c.day, c.version, c.is_review, c.at_once, c.downgrade, c.grace_days, c.protect_days,
       (SELECT t.rank FROM loyalty_tieroverride o JOIN loyalty_tier t ON t.id = o.tier_id
        WHERE o.member_id = c.member_id AND o.programme_id = %(programme)s AND c.day >= o.starts_on AND c.day < o.ends_on
        ORDER BY o.id DESC LIMIT 1),
       coalesce(r.reached, 0), r.reached_at_once,
       jsonb_strip_nulls(jsonb_build_object(
           'average', CASE WHEN c.reads_average THEN round(c.total / c.days, 2)::text END,
           'month', CASE WHEN c.reads_average THEN to_char(c.before, 'YYYY-MM') END,
           'so_far', CASE WHEN c.total_now > 0 THEN round(c.total_now / c.days_now, 2)::text END,
           'valued_on', CASE WHEN c.reads_average THEN c.valued_on END,
           'day_end', CASE WHEN c.reads_day_end THEN coalesce(c.day_end, 0)::text END,
           'day_valued_on', c.day_valued_on,
           'points', c.points
       ))
FROM compared c
CROSS JOIN LATERAL (
    SELECT max(t.rank) FILTER (WHERE h.holds) AS reached,
           CASE WHEN c.at_once THEN coalesce(max(t.rank) FILTER (WHERE h.holds_at_once), 0) END AS reached_at_once
    FROM _tier_threshold t
    CROSS JOIN LATERAL (
        SELECT c.total >= t.average * c.days AS average, c.total_now >= t.average * c.days_now AS average_now,
               coalesce(c.day_end, 0) >= t.day_end AS day_end, c.points >= t.points AS points
    ) k
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.metric = 'any' THEN coalesce(k.average, false) OR coalesce(k.day_end, false)
                         OR coalesce(k.points, false)
                    ELSE coalesce(k.average, true) AND coalesce(k.day_end, true) AND coalesce(k.points, true) END AS holds,
               CASE WHEN c.metric = 'any' THEN coalesce(k.average OR k.average_now, false) OR coalesce(k.day_end, false)
                         OR coalesce(k.points, false)
                    ELSE coalesce(k.average OR k.average_now, true) AND coalesce(k.day_end, true)
                         AND coalesce(k.points, true) END AS holds_at_once
    ) h
    WHERE t.version = c.version
) r
