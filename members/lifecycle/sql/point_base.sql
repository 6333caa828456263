-- The facts of each (member, instant) in _pair, by index look-ups: for few members, whatever their number in all.
INSERT INTO _base
SELECT
    p.member_id, p.at, p.day, p.policy_version,
    m.known_at, m.registered_at,
    trade.at AS last_trade_at,
    login.at AS last_login_at,
    least(buy.at, lifecycle_day_start(rise.date, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS first_invested_at,
    closing.at AS closing_at,
    closing.at IS NOT NULL AND EXISTS (
        SELECT FROM portfolio_transaction t
        WHERE t.member_id = p.member_id AND t.kind = 'buy' AND t.at > closing.at AND t.at <= p.at
    ) AS closing_withdrawn,
    complaint.at AS complaint_at,
    anchor.date AS anchor_on,
    anchor.aum AS anchor_aum,
    p.day - greatest(pol.fall_window_days, pol.mature_days) + 1 AS window_start
FROM _pair p
JOIN lifecycle_policy pol ON pol.version = p.policy_version
JOIN profiles_member m ON m.id = p.member_id
LEFT JOIN LATERAL (
    SELECT t.at FROM portfolio_transaction t
    WHERE t.member_id = p.member_id AND t.kind = 'buy' AND t.at <= p.at
    ORDER BY t.at LIMIT 1
) buy ON true
LEFT JOIN LATERAL (
    SELECT t.at FROM portfolio_transaction t
    WHERE t.member_id = p.member_id AND t.kind IN ('buy', 'sell') AND t.at <= p.at
    ORDER BY t.at DESC LIMIT 1
) trade ON true
LEFT JOIN LATERAL (
    SELECT e.at FROM profiles_event e
    WHERE e.member_id = p.member_id AND e.name = 'login' AND e.at <= p.at
    ORDER BY e.at DESC LIMIT 1
) login ON true
LEFT JOIN LATERAL (
    SELECT v.date FROM portfolio_valuation v
    WHERE v.member_id = p.member_id AND v.aum > 0 AND v.date <= p.day
    ORDER BY v.date LIMIT 1
) rise ON true
LEFT JOIN LATERAL (
    SELECT s.at FROM profiles_signal s
    WHERE s.member_id = p.member_id AND s.kind = 'closing_request' AND s.at <= p.at
    ORDER BY s.at DESC LIMIT 1
) closing ON true
LEFT JOIN LATERAL (
    SELECT s.at FROM profiles_signal s
    WHERE s.member_id = p.member_id AND s.kind = 'complaint' AND s.at <= p.at
    ORDER BY s.at DESC LIMIT 1
) complaint ON true
LEFT JOIN LATERAL (
    SELECT v.date, v.aum FROM portfolio_valuation v
    WHERE v.member_id = p.member_id
      AND v.date <= p.day - greatest(pol.fall_window_days, pol.mature_days) + 1
    ORDER BY v.date DESC LIMIT 1
) anchor ON true
