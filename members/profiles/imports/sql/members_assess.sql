INSERT INTO profiles_riskassessment AS t (member_id, assessed_on, risk_class, questionnaire_version, import_id)
SELECT id, risk_assessed_on, risk_class, '', %(import)s::bigint FROM pg_temp.imports_member
WHERE risk_assessed_on IS NOT NULL ORDER BY id, risk_assessed_on
ON CONFLICT (member_id, assessed_on) DO UPDATE SET risk_class = EXCLUDED.risk_class, import_id = EXCLUDED.import_id
WHERE t.risk_class <> EXCLUDED.risk_class
