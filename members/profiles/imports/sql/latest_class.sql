-- The latest questionnaire decides; locked by id.
WITH latest AS (
    SELECT m.id, l.risk_class, l.assessed_on
    FROM (SELECT DISTINCT member_id FROM pg_temp.imports_parsed WHERE fault IS NULL) AS named
    CROSS JOIN LATERAL (
        SELECT a.risk_class, a.assessed_on FROM profiles_riskassessment AS a
        WHERE a.member_id = named.member_id ORDER BY a.assessed_on DESC LIMIT 1
    ) AS l
    JOIN profiles_member AS m ON m.id = named.member_id
    WHERE coalesce(m.risk_assessed_on <= l.assessed_on, true)
      AND (m.risk_class, m.risk_assessed_on) IS DISTINCT FROM (l.risk_class, l.assessed_on)
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
)
UPDATE profiles_member AS m
SET risk_class = latest.risk_class, risk_assessed_on = latest.assessed_on, updated_at = %(now)s
FROM latest WHERE m.id = latest.id
