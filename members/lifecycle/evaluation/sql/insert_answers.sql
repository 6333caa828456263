INSERT INTO _answer
SELECT member_id, at, day, policy_version, stage, sub_state, rules, warnings, due_at, aum_low, aum_high, aum, aum_on,
       first_invested_at, last_trade_at, last_login_at, peak, steady_since, closing_at, complaint_at,
       known_at, registered_at, active_on
FROM answers
