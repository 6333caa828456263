-- Whose assessment ends within 30 days and was not told so yet: once at 30 days, once more at 7.
-- Uses index: member_by_assessment_end.
WITH ending AS (
    SELECT m.id AS member_id, e.day AS ends_on,
        CASE WHEN e.day <= %(today)s::date + 7 THEN 7 ELSE 30 END AS days
    FROM profiles_member AS m
    CROSS JOIN LATERAL (SELECT least((m.risk_assessed_on + interval '1 year')::date, m.risk_ends_on) AS day) AS e
    WHERE least((m.risk_assessed_on + interval '1 year')::date, m.risk_ends_on) > %(today)s::date
      AND least((m.risk_assessed_on + interval '1 year')::date, m.risk_ends_on) <= %(today)s::date + 30
      AND m.registered_at IS NOT NULL
),
told AS (
    INSERT INTO profiles_assessmentnotice (member_id, ends_on, days, at)
    SELECT e.member_id, e.ends_on, e.days, %(now)s FROM ending AS e
    WHERE NOT EXISTS (
        SELECT FROM profiles_assessmentnotice AS n
        WHERE n.member_id = e.member_id AND n.ends_on = e.ends_on AND n.days = e.days
    )
    ON CONFLICT DO NOTHING
    RETURNING member_id, ends_on, days
)
INSERT INTO runtime_change (at, kind, member_id, payload)
SELECT %(now)s, %(kind)s, t.member_id, jsonb_build_object('days', t.days, 'ends_on', t.ends_on)
FROM told AS t ORDER BY t.member_id
