SELECT coalesce(sum(CASE e.kind WHEN 'earn' THEN e.points ELSE e.points - e.debt END), 0)
FROM loyalty_pointsentry e
WHERE e.member_id = s.member_id AND e.programme_id = %(programme)s AND e.kind IN ('earn', 'clawback')
  AND e.at >= lifecycle_day_start(%(day)s::date - %(window_days)s, %(zone)s, %(stable_from)s, %(offset)s::interval)
  AND e.at < lifecycle_day_start(%(day)s::date, %(zone)s, %(stable_from)s, %(offset)s::interval)
