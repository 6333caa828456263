-- Members of an id range under drafted rules on the first day of these: moves, their assets, and who gets more or fewer
-- members above the lowest tier. An override counts before and after.
WITH asked AS MATERIALIZED (
    SELECT t.rank, (o.value ->> 'average')::numeric * %(days)s AS total, (o.value ->> 'day_end')::numeric AS day_end,
           (o.value ->> 'points')::bigint AS points
    FROM jsonb_array_elements(%(thresholds)s::jsonb) AS o
    JOIN loyalty_tier t ON t.id = (o.value ->> 'tier')::bigint
),
overridden AS MATERIALIZED (
    SELECT DISTINCT ON (o.member_id) o.member_id, t.rank
    FROM loyalty_tieroverride o JOIN loyalty_tier t ON t.id = o.tier_id
    WHERE o.programme_id = %(programme)s AND o.starts_on <= %(day)s AND o.ends_on > %(day)s
    ORDER BY o.member_id, o.id DESC
),
compared AS MATERIALIZED (
    SELECT s.member_id, r.rank, f.total, f.day_end, f.points
    FROM loyalty_tierstanding s
    JOIN loyalty_tier r ON r.id = s.earned_id
    CROSS JOIN LATERAL (
        SELECT ({average}) AS total, ({day_end}) AS day_end, ({points}) AS points
    ) f
    WHERE s.programme_id = %(programme)s AND s.member_id > %(low)s AND s.member_id <= %(high)s
),
judged AS MATERIALIZED (
    SELECT c.member_id, coalesce(o.rank, c.rank) AS before,
           coalesce(o.rank, CASE
               WHEN q.reached >= c.rank THEN q.reached
               WHEN %(downgrade)s = 'none' THEN c.rank
               WHEN %(downgrade)s = 'one_step' THEN c.rank - 1
               ELSE q.reached
           END) AS after
    FROM compared c
    CROSS JOIN LATERAL (
        SELECT coalesce(max(a.rank), 0)::smallint AS reached FROM asked a
        WHERE CASE WHEN %(metric)s = 'any'
                   THEN coalesce(c.total >= a.total, false) OR coalesce(c.day_end >= a.day_end, false)
                        OR coalesce(c.points >= a.points, false)
                   ELSE coalesce(c.total >= a.total, true) AND coalesce(c.day_end >= a.day_end, true)
                        AND coalesce(c.points >= a.points, true) END
    ) q
    LEFT JOIN overridden o USING (member_id)
),
moved AS MATERIALIZED (
    SELECT j.*, l.aum, b.staff_id,
           row_number() OVER (PARTITION BY j.before, j.after ORDER BY l.aum DESC, j.member_id) AS place
    FROM judged j
    JOIN lifecycle_standing l USING (member_id)
    LEFT JOIN profiles_book b ON b.member_id = j.member_id AND b.ended_at IS NULL
    WHERE j.before <> j.after
)
SELECT (SELECT json_agg(json_build_array(before, after, n, aum)) FROM (
            SELECT before, after, count(*) AS n, NULL::numeric AS aum FROM judged WHERE before = after GROUP BY before, after
            UNION ALL
            SELECT before, after, count(*), sum(aum) FROM moved GROUP BY before, after
        ) m),
       (SELECT json_agg(json_build_array(member_id, before, after, aum::text)) FROM moved WHERE place <= %(samples)s),
       (SELECT json_agg(json_build_array(staff_id, gains, losses)) FROM (
            SELECT staff_id, count(*) FILTER (WHERE before = 0) AS gains, count(*) FILTER (WHERE after = 0) AS losses
            FROM moved WHERE staff_id IS NOT NULL AND (before = 0 OR after = 0) GROUP BY staff_id
        ) r)
