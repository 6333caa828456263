INSERT INTO _answer
SELECT member_id, at, day, policy_version, stage, sub_state, rules, warnings, due_at, aum_low, aum_high, aum, aum_on,
       first_invested_at, last_trade_at, last_login_at, peak, steady_since, closing_at, complaint_at,
       known_at, registered_at, active_on, fallen_on, trough, recovers_at, forgotten_on, next_peak, silent_on, is_complaining, held, held_to, is_unspent,
       normal_at, is_settling
FROM answers
