-- The facts of every member with an id in [low, high) as of one instant, by reading the covering indexes in member
-- order: for all members. They are asked for the stage, not for the bounds of assets (is_brief).
anchors AS (
    SELECT DISTINCT ON (member_id) member_id, date, aum
    FROM portfolio_valuation
    WHERE member_id >= %(low)s AND member_id < %(high)s AND date <= %(window_start)s
    ORDER BY member_id DESC, date DESC
),
valuations AS (
    SELECT member_id, min(date) FILTER (WHERE aum > 0) AS first_assets_on,
           array_agg(date ORDER BY date) FILTER (WHERE date > %(window_start)s) AS valued_on,
           array_agg(aum ORDER BY date) FILTER (WHERE date > %(window_start)s) AS valued,
           max(aum) FILTER (WHERE date > %(window_start)s) AS most, min(aum) FILTER (WHERE date > %(window_start)s) AS fewest
    FROM portfolio_valuation
    WHERE member_id >= %(low)s AND member_id < %(high)s AND date <= %(day)s
    GROUP BY member_id
),
trades AS (
    SELECT t.member_id, min(t.at) FILTER (WHERE t.kind = 'buy') AS first_buy_at, max(t.at) AS last_trade_at,
           max(t.at) FILTER (WHERE t.kind = 'buy') AS last_buy_at,
           array_agg(d.day ORDER BY t.at) AS moved_on,
           array_agg(CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END ORDER BY t.at) AS moved,
           array_agg(d.day ORDER BY t.at) FILTER (WHERE t.kind = 'payout') AS paid_on,
           array_agg(t.amount ORDER BY t.at) FILTER (WHERE t.kind = 'payout') AS paid
    FROM portfolio_transaction t
    CROSS JOIN LATERAL (
        SELECT lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day
    ) d
    WHERE t.member_id >= %(low)s AND t.member_id < %(high)s AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= %(at)s
    GROUP BY t.member_id
),
logins AS (
    SELECT member_id, max(at) AS last_login_at
    FROM profiles_event
    WHERE member_id >= %(low)s AND member_id < %(high)s AND name = 'login' AND at <= %(at)s
    GROUP BY member_id
),
closings AS (
    SELECT member_id, max(at) AS closing_at
    FROM profiles_signal
    WHERE member_id >= %(low)s AND member_id < %(high)s AND kind = 'closing_request' AND at <= %(at)s
    GROUP BY member_id
),
complaints AS (
    -- Complaints that follow each other without a gap are open since the first of them.
    SELECT c.member_id, max(c.received_at) AS complaint_at,
           CASE WHEN max(c.ends_at) > %(at)s THEN max(c.ends_at) END AS complaint_until,
           max(c.received_at) FILTER (WHERE coalesce(c.before < c.received_at, true)) AS complaint_since
    FROM (
        SELECT c.member_id, c.received_at, e.ends_at,
               max(e.ends_at) OVER (
                   PARTITION BY c.member_id ORDER BY c.received_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS before
        FROM profiles_complaint c
        CROSS JOIN LATERAL (SELECT coalesce(c.closed_at, 'infinity') AS ends_at OFFSET 0) e
        WHERE c.member_id >= %(low)s AND c.member_id < %(high)s AND c.received_at <= %(at)s
    ) c
    GROUP BY c.member_id
),
terms AS (
    -- Of products of which anything is left: what was redeemed is not held to its term.
    SELECT member_id, max(matures_on) AS held_until
    FROM (
        SELECT member_id, max(matures_on) FILTER (WHERE matures_on > %(day)s) AS matures_on
        FROM portfolio_transaction
        WHERE member_id >= %(low)s AND member_id < %(high)s AND kind IN ('buy', 'redemption', 'payout') AND at <= %(at)s
          AND member_id IN (
              SELECT member_id FROM portfolio_transaction
              WHERE member_id >= %(low)s AND member_id < %(high)s AND matures_on > %(day)s
          )
        GROUP BY member_id, product_id
        HAVING product_id IS NULL OR sum(CASE kind WHEN 'buy' THEN amount ELSE -amount END) > 0
    ) t
    GROUP BY member_id
),
normals AS (
    SELECT member_id, max(at) AS normal_at
    FROM lifecycle_newnormal
    WHERE member_id >= %(low)s AND member_id < %(high)s AND at <= %(at)s
    GROUP BY member_id
),
facts AS (
    SELECT
        m.id AS member_id, %(at)s::timestamptz AS at, %(day)s::date AS day, %(policy_version)s::integer AS policy_version,
        m.known_at, m.registered_at, t.last_trade_at, l.last_login_at,
        least(t.first_buy_at, lifecycle_day_start(v.first_assets_on, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS first_invested_at,
        s.closing_at, coalesce(t.last_buy_at > s.closing_at, false) AS closing_withdrawn,
        c.complaint_at, c.complaint_since, c.complaint_until, n.normal_at,
        lifecycle_day_of(n.normal_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS normal_on,
        h.held_until, %(window_start)s::date AS window_start, true AS is_brief, a.date AS anchor_on, a.aum AS anchor_aum,
        v.valued_on, v.valued, v.most, v.fewest, t.moved_on, t.moved, t.paid_on, t.paid
    FROM profiles_member m
    LEFT JOIN anchors a ON a.member_id = m.id
    LEFT JOIN valuations v ON v.member_id = m.id
    LEFT JOIN trades t ON t.member_id = m.id
    LEFT JOIN logins l ON l.member_id = m.id
    LEFT JOIN closings s ON s.member_id = m.id
    LEFT JOIN complaints c ON c.member_id = m.id
    LEFT JOIN terms h ON h.member_id = m.id
    LEFT JOIN normals n ON n.member_id = m.id
    WHERE m.id >= %(low)s AND m.id < %(high)s
)
