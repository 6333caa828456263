-- Points earned by day, less what was taken back of them. What was redeemed or lapsed is no matter: not the balance counts.
INSERT INTO _tier_points
SELECT e.member_id, d.day, sum(CASE e.kind WHEN 'earn' THEN e.points ELSE e.points - e.debt END)
FROM _tier_claim c
JOIN loyalty_pointsentry e USING (member_id)
CROSS JOIN LATERAL (
    SELECT lifecycle_day_of(e.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day
) d
WHERE e.programme_id = %(programme)s AND e.kind IN ('earn', 'clawback')
GROUP BY e.member_id, d.day
