-- The facts of every member with an id in [low, high) as of one instant, by reading the covering indexes in member
-- order: for all members. Windows are computed only where sums over the window do not decide: "aum_entries" has the
-- entries of those members, range_windows.sql adds the others (is_simple). The peak of the others is not computed, so
-- bounds of AUM do not come from here.
anchors AS (
    SELECT DISTINCT ON (member_id) member_id, date, aum
    FROM portfolio_valuation
    WHERE member_id >= %(low)s AND member_id < %(high)s AND date <= %(window_start)s
    ORDER BY member_id DESC, date DESC
),
recent AS MATERIALIZED (
    SELECT member_id, date, aum
    FROM portfolio_valuation
    WHERE member_id >= %(low)s AND member_id < %(high)s AND date > %(window_start)s AND date <= %(day)s
),
latest AS (
    SELECT l.member_id, l.date, l.aum, s.low, s.high
    FROM (SELECT DISTINCT ON (member_id) member_id, date, aum FROM recent ORDER BY member_id, date DESC) l
    JOIN (SELECT member_id, min(aum) AS low, max(aum) AS high FROM recent GROUP BY member_id) s USING (member_id)
),
first_assets AS (
    SELECT DISTINCT ON (member_id) member_id, date
    FROM portfolio_valuation
    WHERE member_id >= %(low)s AND member_id < %(high)s AND date <= %(day)s AND aum > 0
    ORDER BY member_id, date
),
valued AS MATERIALIZED (
    SELECT member_id, r.date AS first_assets_on, coalesce(l.aum, a.aum) AS last_aum, a.date AS anchor_on, a.aum AS anchor_aum,
           least(l.low, a.aum) AS low, greatest(l.high, a.aum) AS high,
           lifecycle_day_start(coalesce(l.date, a.date) + 1, %(zone)s, %(stable_from)s, %(offset)s::interval) AS flows_from,
           coalesce(
               lifecycle_day_start(a.date + 1, %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity'
           ) AS window_from
    FROM anchors a
    FULL JOIN latest l USING (member_id)
    LEFT JOIN first_assets r USING (member_id)
),
trades AS (
    SELECT t.member_id,
           min(t.at) FILTER (WHERE t.kind = 'buy') AS first_buy_at,
           max(t.at) FILTER (WHERE t.kind = 'buy') AS last_buy_at,
           max(t.at) AS last_trade_at,
           sum(CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END)
               FILTER (WHERE v.flows_from IS NULL OR t.at >= v.flows_from) AS flow,
           sum(t.amount) FILTER (WHERE t.kind = 'buy' AND (v.window_from IS NULL OR t.at >= v.window_from)) AS bought,
           sum(t.amount) FILTER (WHERE t.kind IN ('redemption', 'payout') AND (v.window_from IS NULL OR t.at >= v.window_from)) AS sold,
           array_agg(t.at) FILTER (WHERE v.window_from IS NULL OR t.at >= v.window_from) AS flows_at,
           array_agg(CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END)
               FILTER (WHERE v.window_from IS NULL OR t.at >= v.window_from) AS flows
    FROM portfolio_transaction t
    LEFT JOIN valued v ON v.member_id = t.member_id
    WHERE t.member_id >= %(low)s AND t.member_id < %(high)s AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= %(at)s
    GROUP BY t.member_id
),
logins AS (
    SELECT member_id, max(at) AS last_login_at
    FROM profiles_event
    WHERE member_id >= %(low)s AND member_id < %(high)s AND name = 'login' AND at <= %(at)s
    GROUP BY member_id
),
signals AS (
    SELECT member_id,
           max(at) FILTER (WHERE kind = 'closing_request') AS closing_at,
           max(at) FILTER (WHERE kind = 'complaint') AS complaint_at
    FROM profiles_signal
    WHERE member_id >= %(low)s AND member_id < %(high)s AND at <= %(at)s
    GROUP BY member_id
),
gathered AS (
    SELECT
        m.id AS member_id, %(at)s::timestamptz AS at, %(day)s::date AS day, %(policy_version)s::integer AS policy_version,
        m.known_at, m.registered_at, t.last_trade_at, l.last_login_at,
        least(t.first_buy_at, lifecycle_day_start(v.first_assets_on, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS first_invested_at,
        s.closing_at, coalesce(t.last_buy_at > s.closing_at, false) AS closing_withdrawn, s.complaint_at,
        v.anchor_on, v.anchor_aum, t.flows_at, t.flows, %(window_start)s::date AS window_start,
        greatest(coalesce(v.last_aum, 0) + coalesce(t.flow, 0), 0) AS current_aum,
        coalesce(v.high, 0) + coalesce(t.bought, 0) AS max_aum,
        CASE WHEN v.anchor_on IS NOT NULL THEN v.low - coalesce(t.sold, 0) END AS min_aum
    FROM profiles_member m
    LEFT JOIN valued v ON v.member_id = m.id
    LEFT JOIN trades t ON t.member_id = m.id
    LEFT JOIN logins l ON l.member_id = m.id
    LEFT JOIN signals s ON s.member_id = m.id
    WHERE m.id >= %(low)s AND m.id < %(high)s
    OFFSET 0
),
facts AS MATERIALIZED (
    SELECT g.*,
           (g.max_aum < p.fall_floor OR g.current_aum > g.max_aum * (1 - p.warn_fall_share))
               AND (g.current_aum < p.mature_aum OR coalesce(g.min_aum >= p.mature_aum, false)) AS is_simple
    FROM gathered g
    JOIN policies p ON p.version = g.policy_version
),
windowed AS MATERIALIZED (
    SELECT member_id, day, anchor_on, anchor_aum, flows_at, flows, at, window_start FROM facts WHERE NOT is_simple
),
aum_entries AS (
    SELECT member_id, at, anchor_on AS day, true AS is_valuation, anchor_aum AS amount, day AS today, window_start
    FROM windowed
    WHERE anchor_on IS NOT NULL
    UNION ALL
    SELECT v.member_id, %(at)s::timestamptz, v.date, true, v.aum, %(day)s::date, %(window_start)s::date
    FROM recent v
    JOIN windowed w USING (member_id)
    UNION ALL
    SELECT w.member_id, %(at)s::timestamptz, lifecycle_day_of(f.at, %(zone)s, %(stable_from)s, %(offset)s::interval), false,
           f.amount, %(day)s::date, %(window_start)s::date
    FROM windowed w
    CROSS JOIN LATERAL unnest(w.flows_at, w.flows) f (at, amount)
)
