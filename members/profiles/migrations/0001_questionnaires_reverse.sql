DROP TRIGGER member_risk ON profiles_member;
DROP TRIGGER answered ON profiles_riskassessment;
DROP FUNCTION
    profiles_member_risk(), profiles_risk_ends_on(bigint, date, date), profiles_assessment_answered(), profiles_withdrawal_numbered(), profiles_withdrawal_counts(),
    profiles_attempt_judged(), profiles_attempt_counts(), profiles_assessment_days(bigint, date),
    profiles_questionnaire_link_numbered(), profiles_questionnaire_requested(), profiles_locked_member(bigint),
    profiles_risk_result(jsonb, jsonb, jsonb), profiles_day_of(timestamptz) CASCADE;
