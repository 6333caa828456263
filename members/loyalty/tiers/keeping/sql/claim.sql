INSERT INTO _tier_claim
SELECT c.member_id, d.first_day, k.evaluated_on, k.earned, k.shown,
       (SELECT t.rank FROM loyalty_tieroverride o JOIN loyalty_tier t ON t.id = o.tier_id
        WHERE o.member_id = c.member_id AND o.programme_id = %(programme)s
          AND k.evaluated_on >= o.starts_on AND k.evaluated_on < o.ends_on
        ORDER BY o.id DESC LIMIT 1),
       k.protected_until, k.steps_from, k.pending, k.pending_on, k.pending_inputs, s.noticed_on, k.since, s.member_id IS NOT NULL
FROM claimed c
JOIN profiles_member m ON m.id = c.member_id
CROSS JOIN LATERAL (
    SELECT greatest(
        lifecycle_day_of(m.registered_at, %(zone)s, %(stable_from)s, %(offset)s::interval),
        %(rules_start)s::date
    ) AS first_day
) d
LEFT JOIN loyalty_tierstanding s ON s.member_id = c.member_id AND s.programme_id = %(programme)s
LEFT JOIN LATERAL (
    SELECT s.evaluated_on, s.since, s.protected_until, s.steps_from, s.pending_on, s.pending_inputs, earned.rank AS earned,
           shown.rank AS shown, pending.rank AS pending
    FROM loyalty_tier earned
    JOIN loyalty_tier shown ON shown.id = s.tier_id
    LEFT JOIN loyalty_tier pending ON pending.id = s.pending_id
    WHERE c.goes_on AND earned.id = s.earned_id
) k ON true
