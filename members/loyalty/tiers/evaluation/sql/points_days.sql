    UNION
    SELECT p.member_id, e.day FROM _tier_points p
    CROSS JOIN (SELECT DISTINCT window_days FROM _tier_policy JOIN _tier_threshold USING (version)
                WHERE points IS NOT NULL) w
    CROSS JOIN LATERAL (VALUES (p.day + 1), (p.day + w.window_days + 1)) AS e (day)
