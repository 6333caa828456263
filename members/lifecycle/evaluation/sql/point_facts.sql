-- The facts of each (member, instant) of "pair", by index look-ups: the cost follows the pairs, not the members in all.
-- "claimed" may know when a member first invested. Where flows came only after the last valuation, and all on one day,
-- current and highest assets are simple sums; where these alone decide (below maturity, no fall that warns) the pair
-- is_simple and no window is computed for it.
SELECT
    p.member_id, p.at, p.day, p.policy_version,
    m.known_at, m.registered_at,
    coalesce(flow.last_at, trade.at) AS last_trade_at,
    login.at AS last_login_at,
    coalesce(c.first_invested_at, least(
        buy.at, lifecycle_day_start(first_assets.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
    )) AS first_invested_at,
    signal.closing_at,
    signal.closing_at IS NOT NULL AND EXISTS (
        SELECT FROM portfolio_transaction t
        WHERE t.member_id = p.member_id AND t.kind = 'buy' AND t.at > signal.closing_at AND t.at <= p.at
    ) AS closing_withdrawn,
    signal.complaint_at,
    p.day - greatest(pol.fall_window_days, pol.mature_days) + 1 AS window_start,
    coalesce(flow.earliest = flow.latest, true) AND NOT coalesce(flow.mixed, false)
        AND sums.current_aum < pol.mature_aum
        AND (sums.max_aum < pol.fall_floor OR sums.current_aum > sums.max_aum * (1 - pol.warn_fall_share)) AS is_simple,
    sums.current_aum,
    coalesce(flow.latest, last.date) AS current_aum_on,
    sums.max_aum
FROM pair p
JOIN policies pol ON pol.version = p.policy_version
JOIN profiles_member m ON m.id = p.member_id
LEFT JOIN claimed c ON c.member_id = p.member_id
LEFT JOIN LATERAL (
    SELECT t.at FROM portfolio_transaction t
    WHERE c.first_invested_at IS NULL AND t.member_id = p.member_id AND t.kind = 'buy' AND t.at <= p.at
    ORDER BY t.at LIMIT 1
) buy ON true
LEFT JOIN LATERAL (
    SELECT e.at FROM profiles_event e
    WHERE e.member_id = p.member_id AND e.name = 'login' AND e.at <= p.at
    ORDER BY e.at DESC LIMIT 1
) login ON true
LEFT JOIN LATERAL (
    SELECT v.date FROM portfolio_valuation v
    WHERE c.first_invested_at IS NULL AND v.member_id = p.member_id AND v.aum > 0 AND v.date <= p.day
    ORDER BY v.date LIMIT 1
) first_assets ON true
CROSS JOIN LATERAL (
    SELECT max(s.at) FILTER (WHERE s.kind = 'closing_request') AS closing_at,
           max(s.at) FILTER (WHERE s.kind = 'complaint') AS complaint_at
    FROM profiles_signal s
    WHERE s.member_id = p.member_id AND s.at <= p.at
) signal
LEFT JOIN LATERAL (
    SELECT v.date, v.aum FROM portfolio_valuation v
    WHERE v.member_id = p.member_id AND v.date <= p.day
    ORDER BY v.date DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
    -- The valuation in force when the window of falls begins, where that is not the last one itself.
    SELECT v.date, v.aum FROM portfolio_valuation v
    WHERE last.date > p.day - pol.fall_window_days + 1
      AND v.member_id = p.member_id AND v.date <= p.day - pol.fall_window_days + 1
    ORDER BY v.date DESC LIMIT 1
) first ON true
LEFT JOIN LATERAL (
    SELECT max(v.aum) AS high FROM portfolio_valuation v
    WHERE last.date > p.day - pol.fall_window_days + 1
      AND v.member_id = p.member_id AND v.date > p.day - pol.fall_window_days + 1 AND v.date < last.date
) high ON true
CROSS JOIN LATERAL (
    SELECT min(f.day) FILTER (WHERE f.after) AS earliest, max(f.day) FILTER (WHERE f.after) AS latest,
           sum(f.amount) FILTER (WHERE f.after) AS amount,
           bool_or(NOT f.after AND f.day <> last.date) AS mixed, max(f.at) AS last_at
    FROM (
        SELECT t.at, d.day, d.day > last.date OR last.date IS NULL AS after,
               CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END AS amount
        FROM portfolio_transaction t
        CROSS JOIN LATERAL (
            SELECT lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day OFFSET 0
        ) d
        WHERE t.member_id = p.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= p.at
          AND t.at >= coalesce(lifecycle_day_start(
              CASE WHEN last.date > p.day - pol.fall_window_days + 1 THEN first.date ELSE last.date END + 1,
              %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity')
    ) f
) flow
LEFT JOIN LATERAL (
    SELECT t.at FROM portfolio_transaction t
    WHERE flow.last_at IS NULL
      AND t.member_id = p.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= p.at
    ORDER BY t.at DESC LIMIT 1
) trade ON true
CROSS JOIN LATERAL (
    SELECT w.current_aum,
           CASE WHEN flow.latest <= p.day - pol.fall_window_days + 1 THEN w.current_aum
                ELSE greatest(w.current_aum, last.aum, first.aum, high.high) END AS max_aum
    FROM (SELECT greatest(coalesce(last.aum, 0) + coalesce(flow.amount, 0), 0) AS current_aum) w
    OFFSET 0
) sums
