WITH added AS (
    INSERT INTO lifecycle_transition (
        member_id, effective_at, recorded_at, from_stage, from_sub_state, to_stage, to_sub_state,
        won_back, policy_version, inputs, dwell
    )
    SELECT l.member_id, l.at, %(now)s, l.from_stage, l.from_sub_state, l.to_stage, l.to_sub_state,
           coalesce(l.from_stage = 'decline' AND l.to_stage IN ('growth', 'maturity'), false), l.policy_version,
           jsonb_strip_nulls(jsonb_build_object(
               'known_at', a.known_at, 'registered_at', a.registered_at, 'first_invested_at', a.first_invested_at,
               'last_trade_at', a.last_trade_at, 'last_login_at', a.last_login_at, 'active_on', a.active_on,
               'aum', a.aum::text, 'aum_on', a.aum_on, 'peak_aum', a.peak::text, 'steady_since', a.steady_since,
               'closing_at', a.closing_at, 'complaint_at', a.complaint_at,
               'rules', nullif(a.rules, 0), 'warnings', nullif(a.warnings, 0)
           )),
           l.dwell
    FROM _line l
    JOIN _answer a USING (member_id, at)
    WHERE NOT EXISTS (
        SELECT FROM lifecycle_transition t
        WHERE t.member_id = l.member_id AND t.effective_at = l.at AND t.superseded_at IS NULL
    )
    ORDER BY l.member_id, l.at
    RETURNING member_id, effective_at, from_stage, from_sub_state, to_stage, to_sub_state
),
told AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT effective_at, 'lifecycle.transition', member_id, jsonb_build_object(
        'from_stage', from_stage, 'from_sub_state', from_sub_state,
        'to_stage', to_stage, 'to_sub_state', to_sub_state
    )
    FROM added
    WHERE NOT %(history)s
)
SELECT FROM added
