CASE WHEN u.reads_points THEN (
    SELECT coalesce(sum(o.points), 0)::bigint FROM _tier_points o
    WHERE o.member_id = m.member_id AND o.day >= m.day - p.window_days AND o.day < m.day
) END
