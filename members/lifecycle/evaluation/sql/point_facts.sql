-- The facts of each (member, instant) of "pair", by index look-ups: the cost follows the pairs, not the members in all.
-- "claimed" may know when a member first invested. Where flows of the window of warnings came only after the last
-- valuation, and all on one day, current and highest assets are simple sums; where these alone decide (below maturity,
-- no fall that warns, none possible as far back as falls are remembered) the pair is_simple and no window is computed.
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
    complaint.complaint_at,
    complaint.complaint_since,
    complaint.complaint_until,
    normal.at AS normal_at,
    lifecycle_day_of(normal.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS normal_on,
    term.held_until,
    span.start AS window_start,
    true AS wants_falls,
    coalesce(flow.earliest = flow.latest, true) AND NOT coalesce(flow.mixed, false) AND normal.at IS NULL
        AND NOT coalesce(flow.has_payouts, false)
        AND sums.current_aum < pol.mature_aum
        AND (sums.highest < pol.fall_floor OR (
            sums.current_aum > sums.max_aum * (1 - pol.warn_fall_share)
            AND sums.lowest > sums.highest * (1 - pol.fall_share)
        )) AS is_simple,
    sums.current_aum,
    coalesce(flow.latest, last.date) AS current_aum_on,
    sums.max_aum
FROM pair p
JOIN policies pol ON pol.version = p.policy_version
CROSS JOIN LATERAL (
    SELECT p.day - greatest(pol.fall_memory_days + pol.fall_window_days, pol.mature_days) - pol.payout_grace_days + 1 AS start,
           p.day - pol.fall_window_days + 1 AS recent
) span
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
LEFT JOIN LATERAL (
    SELECT s.at AS closing_at FROM profiles_signal s
    WHERE s.member_id = p.member_id AND s.kind = 'closing_request' AND s.at <= p.at
    ORDER BY s.at DESC LIMIT 1
) signal ON true
CROSS JOIN LATERAL (
    -- Complaints that follow each other without a gap are open since the first of them.
    SELECT max(c.received_at) AS complaint_at,
           CASE WHEN max(c.ends_at) > p.at THEN max(c.ends_at) END AS complaint_until,
           max(c.received_at) FILTER (WHERE coalesce(c.before < c.received_at, true)) AS complaint_since
    FROM (
        SELECT c.received_at, e.ends_at,
               max(e.ends_at) OVER (ORDER BY c.received_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM profiles_complaint c
        CROSS JOIN LATERAL (SELECT coalesce(c.closed_at, 'infinity') AS ends_at OFFSET 0) e
        WHERE c.member_id = p.member_id AND c.received_at <= p.at
    ) c
) complaint
LEFT JOIN LATERAL (
    SELECT n.at FROM lifecycle_newnormal n
    WHERE n.member_id = p.member_id AND n.at <= p.at
    ORDER BY n.at DESC LIMIT 1
) normal ON true
LEFT JOIN LATERAL (
    SELECT t.matures_on AS held_until FROM portfolio_transaction t
    WHERE t.member_id = p.member_id AND t.matures_on > p.day AND t.at <= p.at
    ORDER BY t.matures_on DESC LIMIT 1
) term ON true
LEFT JOIN LATERAL (
    SELECT v.date, v.aum FROM portfolio_valuation v
    WHERE v.member_id = p.member_id AND v.date <= p.day
    ORDER BY v.date DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
    -- The valuation in force when the window begins, where that is not the last one itself.
    SELECT v.date, v.aum FROM portfolio_valuation v
    WHERE last.date > span.start AND v.member_id = p.member_id AND v.date <= span.start
    ORDER BY v.date DESC LIMIT 1
) first ON true
LEFT JOIN LATERAL (
    -- Those since: of them all, and of those that hold on days of the window of warnings before the last one.
    SELECT min(v.aum) AS low, max(v.aum) AS high, max(v.aum) FILTER (WHERE v.next_date > span.recent) AS recent_high,
           min(v.date) AS first_date, max(v.date) FILTER (WHERE v.date <= span.recent) AS before_recent
    FROM (
        SELECT v.date, v.aum, lead(v.date) OVER (ORDER BY v.date) AS next_date
        FROM portfolio_valuation v
        WHERE last.date > span.start AND v.member_id = p.member_id AND v.date > span.start AND v.date <= last.date
    ) v
) since ON true
CROSS JOIN LATERAL (
    SELECT min(f.day) FILTER (WHERE f.after) AS earliest, max(f.day) FILTER (WHERE f.after) AS latest,
           sum(f.amount) FILTER (WHERE f.after) AS amount,
           bool_or(NOT f.after AND f.day <> last.date AND f.day > coalesce(since.before_recent, first.date, '-infinity'))
               AS mixed,
           coalesce(sum(f.amount) FILTER (WHERE NOT f.after AND f.amount > 0), 0) AS bought_before,
           coalesce(sum(f.amount) FILTER (WHERE NOT f.after AND f.amount < 0), 0) AS sold_before,
           max(f.at) AS last_at, bool_or(f.kind = 'payout') AS has_payouts
    FROM (
        SELECT t.at, t.kind, d.day, d.day > last.date OR last.date IS NULL AS after,
               CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END AS amount
        FROM portfolio_transaction t
        CROSS JOIN LATERAL (
            SELECT lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day OFFSET 0
        ) d
        WHERE t.member_id = p.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= p.at
          AND t.at >= coalesce(lifecycle_day_start(
              CASE WHEN last.date > span.start THEN first.date ELSE last.date END + 1,
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
    -- Assets of the last valuation hold until the day of the flows after it.
    SELECT w.current_aum,
           greatest(
               w.current_aum,
               CASE WHEN coalesce(flow.latest > span.recent, true) THEN last.aum END,
               CASE WHEN since.first_date > span.recent THEN first.aum END, since.recent_high
           ) AS max_aum,
           -- Bounds, where flows came between valuations.
           greatest(w.current_aum, last.aum, first.aum, since.high) + flow.bought_before AS highest,
           least(w.current_aum, last.aum, first.aum, since.low) + flow.sold_before AS lowest
    FROM (SELECT greatest(coalesce(last.aum, 0) + coalesce(flow.amount, 0), 0) AS current_aum) w
    OFFSET 0
) sums
