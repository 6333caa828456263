-- Uses of benefits on days of last year and this one: of a member at most one a year of each benefit, so that none
-- exceeds its quota, and of a household its first member only. %(staff)s recorded them on the spot.
WITH candidate AS (
    SELECT m.id AS member_id, b.id AS benefit_id, y.year,
        hashint8(m.id * 1009 + b.id * 31 + y.year) & 1048575 AS luck,
        make_timestamptz(y.year, 1, 1, 9, 0, 0, current_setting('perennial.zone')) AS first
    FROM profiles_member AS m
    JOIN lifecycle_standing AS s ON s.member_id = m.id AND s.aum > 0
    JOIN loyalty_benefit AS b ON b.programme_id = %(programme)s
    CROSS JOIN (VALUES (%(year)s - 1), (%(year)s)) AS y (year)
    WHERE m.registered_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM profiles_member AS o WHERE o.household_id = m.household_id AND o.id < m.id
    )
), placed AS (
    SELECT c.member_id, c.benefit_id, c.year, c.luck,
        c.first + make_interval(
            days => c.luck %% greatest(least(365, extract(day FROM %(now)s - c.first)::integer), 1),
            hours => c.luck %% 9, mins => c.luck %% 60
        ) AS at
    FROM candidate AS c WHERE c.luck / 16 %% 6 = 0
)
INSERT INTO loyalty_benefituse (
    member_id, benefit_id, version_id, tier_id, at, day, cost, key, reference, recorded_at, recorded_by_id
)
SELECT p.member_id, p.benefit_id, l.version_id, l.tier_id, p.at, l.period_start, l.cost,
    'demo ' || p.benefit_id || ' ' || p.year,
    CASE WHEN l.cost >= 100 THEN 'R' || lpad((p.luck %% 900000 + 100000)::text, 6, '0') ELSE '' END,
    p.at, (%(staff)s::bigint[])[1 + p.luck %% cardinality(%(staff)s::bigint[])]
FROM placed AS p
CROSS JOIN LATERAL loyalty_benefits_of(p.member_id, p.at, p.benefit_id) AS l
WHERE p.at <= %(now)s AND NOT l.needs_approval AND l.used < l.quota
ORDER BY p.at
