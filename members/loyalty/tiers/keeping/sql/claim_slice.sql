-- The next members of a slice, from their first day on; those with news not evaluated yet are left out.
INSERT INTO _tier_claim (member_id, first_day, is_known)
SELECT m.id, d.first_day, true
FROM profiles_member m
CROSS JOIN LATERAL (
    SELECT greatest(
        lifecycle_day_of(m.registered_at, %(zone)s, %(stable_from)s, %(offset)s::interval),
        %(rules_start)s::date
    ) AS first_day
) d
WHERE m.id > %(low)s AND m.id %% %(slices)s = %(slice)s AND m.registered_at IS NOT NULL AND d.first_day <= %(today)s
  AND NOT EXISTS (
      SELECT FROM loyalty_tierdirty t
      WHERE t.programme_id = %(programme)s AND t.member_id = m.id AND t.since_day <= %(today)s
  )
  AND NOT EXISTS (
      SELECT FROM loyalty_tierstanding s
      WHERE s.programme_id = %(programme)s AND s.member_id = m.id AND s.due_on <= %(today)s
  )
ORDER BY m.id LIMIT %(batch)s
