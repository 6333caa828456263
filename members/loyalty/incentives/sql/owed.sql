-- Points that badges and quests bring and that are not given yet, the earliest first; what was given of each budget.
SELECT r.member_id, r.id, r.version_id, i.programme_id, r.earned, r.at, r.points, v.budget,
       CASE WHEN v.budget IS NULL THEN 0 ELSE (
           SELECT coalesce(sum(p.points), 0) FROM loyalty_incentivereward p
           WHERE p.version_id = r.version_id AND p.outcome IN ('paid', 'to_reverse')
       ) END
FROM (
    SELECT * FROM loyalty_incentivereward WHERE outcome = 'owed' ORDER BY at, member_id, id LIMIT %(batch)s
) r
JOIN loyalty_incentiveversion v ON v.id = r.version_id
JOIN loyalty_incentive i ON i.id = v.incentive_id
ORDER BY r.at, r.member_id, r.id
