-- "facts": those of each (member, instant) of "pair", by index look-ups: the cost follows the pairs, not the members in all.
-- "claimed" may know when a member first invested; "assumed" may have assets as if valued on the day of the pair.
facts AS (
    SELECT
        p.member_id, p.at, p.day, p.policy_version,
        m.known_at, m.registered_at,
        trade.at AS last_trade_at,
        login.at AS last_login_at,
        coalesce(c.first_invested_at, least(
            buy.at, lifecycle_day_start(first_assets.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
        ), CASE WHEN assumed.aum > 0 THEN lifecycle_day_start(p.day, %(zone)s, %(stable_from)s, %(offset)s::interval) END) AS first_invested_at,
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
        false AS is_brief,
        anchor.date AS anchor_on, anchor.aum AS anchor_aum,
        CASE WHEN assumed.aum IS NULL THEN since.days ELSE array_append(since.days, p.day) END AS valued_on,
        CASE WHEN assumed.aum IS NULL THEN since.levels ELSE array_append(since.levels, assumed.aum) END AS valued,
        NULL::numeric AS most, NULL::numeric AS fewest,
        flow.days AS moved_on, flow.amounts AS moved, flow.paid_on, flow.paid
    FROM pair p
    JOIN policies pol ON pol.version = p.policy_version
    CROSS JOIN LATERAL (
        SELECT p.day - pol.payout_grace_days + 1
               - greatest(pol.fall_memory_days + pol.fall_window_days, pol.mature_days) AS start
    ) span
    JOIN profiles_member m ON m.id = p.member_id
    LEFT JOIN claimed c ON c.member_id = p.member_id
    LEFT JOIN assumed ON assumed.member_id = p.member_id
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
    CROSS JOIN LATERAL (
        -- Of products of which anything is left: what was redeemed is not held to its term.
        SELECT max(l.matures_on) AS held_until
        FROM (
            SELECT max(t.matures_on) FILTER (WHERE t.matures_on > p.day) AS matures_on
            FROM portfolio_transaction t
            WHERE t.member_id = p.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= p.at
              AND EXISTS (SELECT FROM portfolio_transaction o WHERE o.member_id = p.member_id AND o.matures_on > p.day)
            GROUP BY t.product_id
            HAVING t.product_id IS NULL OR sum(CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END) > 0
        ) l
    ) term
    LEFT JOIN LATERAL (
        SELECT t.at FROM portfolio_transaction t
        WHERE t.member_id = p.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= p.at
        ORDER BY t.at DESC LIMIT 1
    ) trade ON true
    LEFT JOIN LATERAL (
        SELECT v.date, v.aum FROM portfolio_valuation v
        WHERE v.member_id = p.member_id AND v.date <= span.start
        ORDER BY v.date DESC LIMIT 1
    ) anchor ON true
    CROSS JOIN LATERAL (
        SELECT array_agg(v.date ORDER BY v.date) AS days, array_agg(v.aum ORDER BY v.date) AS levels
        FROM portfolio_valuation v
        WHERE v.member_id = p.member_id AND v.date > span.start AND v.date <= p.day - (assumed.aum IS NOT NULL)::integer
    ) since
    CROSS JOIN LATERAL (
        SELECT array_agg(f.day ORDER BY f.at) AS days, array_agg(f.amount ORDER BY f.at) AS amounts,
               array_agg(f.day ORDER BY f.at) FILTER (WHERE f.kind = 'payout') AS paid_on,
               array_agg(-f.amount ORDER BY f.at) FILTER (WHERE f.kind = 'payout') AS paid
        FROM (
            SELECT t.at, t.kind, CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END AS amount,
                   lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day
            FROM portfolio_transaction t
            WHERE t.member_id = p.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= p.at
              AND t.at >= coalesce(
                  lifecycle_day_start(anchor.date, %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity')
        ) f
    ) flow
)
