-- Insert the stage changes that are not recorded yet, and publish them to the change queue; a past that is written
-- afterwards (history) is not published.
WITH added AS (
    INSERT INTO lifecycle_transition (
        member_id, effective_at, recorded_at, from_stage, from_sub_state, to_stage, to_sub_state,
        won_back, settled, policy_version, inputs, dwell
    )
    SELECT c.member_id, c.at, %(now)s, c.from_stage, c.from_sub_state, c.to_stage, c.to_sub_state,
           c.won_back, c.settled, c.policy_version,
           jsonb_strip_nulls(jsonb_build_object(
               'known_at', a.known_at, 'registered_at', a.registered_at, 'first_invested_at', a.first_invested_at,
               'last_trade_at', a.last_trade_at, 'last_login_at', a.last_login_at, 'active_on', a.active_on,
               'aum', a.aum::text, 'aum_on', a.aum_on, 'peak_aum', a.peak::text, 'steady_since', a.steady_since,
               'fallen_on', a.fallen_on, 'is_unspent', nullif(a.is_unspent, false), 'normal_at', CASE WHEN a.normal_at = a.at THEN a.normal_at END,
               'closing_at', a.closing_at, 'complaint_at', a.complaint_at,
               'rules', nullif(a.rules, 0), 'warnings', nullif(a.warnings, 0)
           )),
           c.dwell
    FROM _stage_change c
    JOIN _answer a USING (member_id, at)
    WHERE NOT EXISTS (
        SELECT FROM lifecycle_transition t
        WHERE t.member_id = c.member_id AND t.effective_at = c.at AND t.superseded_at IS NULL
    )
    ORDER BY c.member_id, c.at
    RETURNING member_id, effective_at, from_stage, from_sub_state, to_stage, to_sub_state
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT effective_at, 'lifecycle.transition', member_id, jsonb_build_object(
        'from_stage', from_stage, 'from_sub_state', from_sub_state,
        'to_stage', to_stage, 'to_sub_state', to_sub_state
    )
    FROM added
    WHERE NOT %(history)s
)
SELECT FROM added
