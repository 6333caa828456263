-- The latest assessment that is left decides the class; without one there is none. Locked by id.
WITH left_over AS (
    SELECT m.id, l.risk_class, l.assessed_on
    FROM profiles_member AS m
    LEFT JOIN LATERAL (
        SELECT a.risk_class, a.assessed_on FROM profiles_riskassessment AS a
        WHERE a.member_id = m.id ORDER BY a.assessed_on DESC LIMIT 1
    ) AS l ON true
    WHERE m.id = ANY(%(members)s)
      AND (m.risk_class, m.risk_assessed_on) IS DISTINCT FROM (l.risk_class, l.assessed_on)
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
)
UPDATE profiles_member AS m
SET risk_class = left_over.risk_class, risk_assessed_on = left_over.assessed_on, updated_at = %(now)s
FROM left_over WHERE m.id = left_over.id
