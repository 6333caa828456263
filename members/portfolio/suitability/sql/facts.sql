-- The facts of the tables, one row for each member and product that is asked about, as of %(now)s and its
-- platform day %(today)s; with them the versions that a record names.
SELECT asked.member_id, asked.product_id,
    EXISTS (
        SELECT FROM profiles_complaint AS c
        WHERE c.member_id = m.id AND c.received_at <= %(now)s AND (c.closed_at IS NULL OR c.closed_at > %(now)s)
    ) AS has_open_complaint,
    EXISTS (
        SELECT FROM portfolio_investorstatus AS s
        WHERE s.member_id = m.id AND s.status = 'professional_institution'
          AND s.verified_on <= %(today)s AND least(s.valid_until, s.ended_on) > %(today)s
    ) AS is_institution,
    EXISTS (
        SELECT FROM portfolio_investorstatus AS s
        WHERE s.member_id = m.id AND s.status = 'professional_person'
          AND s.verified_on <= %(today)s AND least(s.valid_until, s.ended_on) > %(today)s
    ) AS is_professional_person,
    EXISTS (
        SELECT FROM portfolio_investorstatus AS s
        WHERE s.member_id = m.id AND s.status = 'qualified'
          AND s.verified_on <= %(today)s AND least(s.valid_until, s.ended_on) > %(today)s
    ) AS is_qualified,
    coalesce(m.risk_class = 'C0', false) AS is_lowest_class,
    coalesce(p.closed_on > %(today)s, true) AS is_offered,
    p.registration_code <> '' AS is_registered,
    r.is_under_review,
    extract(year FROM age(%(today)s::date::timestamp, m.birth_date::timestamp))::int AS age,
    h.highest[right(m.risk_class, 1)::int + 1]::int AS highest_risk,
    r.risk::int AS product_risk,
    coalesce(p.term_days, 0) AS term_days,
    h.old_age::int AS old_age,
    h.caution_age::int AS caution_age,
    h.highest_jump::int AS highest_jump,
    r.risk::int - h.highest[right(m.risk_class, 1)::int + 1] AS levels_above,
    CASE
        WHEN m.risk_class IS NULL OR m.risk_assessed_on IS NULL OR m.risk_assessed_on > %(today)s THEN 'none'
        WHEN least((m.risk_assessed_on + interval '1 year')::date, m.risk_ends_on) > %(today)s THEN 'valid'
        WHEN EXISTS (
            SELECT FROM profiles_assessmentwithdrawal AS a WHERE a.member_id = m.id AND a.day = m.risk_ends_on
        ) THEN 'withdrawn'
        ELSE 'expired'
    END AS assessment,
    p.regime,
    coalesce(w.liquidity = 'high', false) AS needs_liquidity,
    w.horizon_days,
    r.version AS rating_version,
    h.number AS house_rule,
    m.risk_class,
    m.risk_assessed_on,
    m.risk_ends_on
FROM ({asked}) AS asked
JOIN profiles_member AS m ON m.id = asked.member_id
JOIN portfolio_product AS p ON p.id = asked.product_id
JOIN portfolio_ratings_on(%(today)s) AS r ON r.product_id = p.id
CROSS JOIN portfolio_house_rule_on(%(today)s) AS h
LEFT JOIN profiles_preference AS w ON w.member_id = m.id
