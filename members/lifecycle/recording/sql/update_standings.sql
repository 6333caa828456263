-- Store each member's last answer.
UPDATE lifecycle_standing s
SET stage = a.stage, sub_state = a.sub_state, rules = a.rules, warnings = a.warnings,
    since = coalesce(d.at, CASE WHEN c.is_late OR c.is_new THEN (
        SELECT max(t.effective_at) FROM lifecycle_transition t
        WHERE t.member_id = s.member_id AND t.superseded_at IS NULL
    ) ELSE s.since END),
    policy_version = a.policy_version, evaluated_at = a.at, evaluated_on = a.day,
    due_at = a.due_at, due_on = lifecycle_day_of(a.due_at, %(zone)s, %(stable_from)s, %(offset)s::interval),
    aum_low = a.aum_low, aum_high = a.aum_high, aum = a.aum, aum_on = a.aum_on,
    first_invested_at = a.first_invested_at, last_trade_at = a.last_trade_at, last_login_at = a.last_login_at,
    peak_aum = a.peak, steady_since = a.steady_since, closing_at = a.closing_at, complaint_at = a.complaint_at
FROM _claim c
JOIN (SELECT DISTINCT ON (member_id) * FROM _answer ORDER BY member_id, at DESC) a USING (member_id)
LEFT JOIN (SELECT member_id, max(at) AS at FROM _stage_change GROUP BY member_id) d USING (member_id)
WHERE s.member_id = c.member_id
