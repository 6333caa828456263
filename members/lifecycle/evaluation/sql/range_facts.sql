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
               FILTER (WHERE v.window_from IS NULL OR t.at >= v.window_from) AS flows,
           array_agg(CASE t.kind WHEN 'payout' THEN t.amount WHEN 'buy' THEN -t.amount ELSE 0 END)
               FILTER (WHERE v.window_from IS NULL OR t.at >= v.window_from) AS unspent,
           max(t.at) FILTER (WHERE t.kind = 'payout') AS last_payout_at,
           sum(t.amount) FILTER (WHERE t.kind = 'payout' AND (v.window_from IS NULL OR t.at >= v.window_from)) AS paid_out
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
    SELECT member_id, max(matures_on) AS held_until
    FROM portfolio_transaction
    WHERE member_id >= %(low)s AND member_id < %(high)s AND matures_on > %(day)s AND at <= %(at)s
    GROUP BY member_id
),
normals AS (
    SELECT member_id, max(at) AS normal_at
    FROM lifecycle_newnormal
    WHERE member_id >= %(low)s AND member_id < %(high)s AND at <= %(at)s
    GROUP BY member_id
),
gathered AS (
    SELECT
        m.id AS member_id, %(at)s::timestamptz AS at, %(day)s::date AS day, %(policy_version)s::integer AS policy_version,
        m.known_at, m.registered_at, t.last_trade_at, l.last_login_at,
        least(t.first_buy_at, lifecycle_day_start(v.first_assets_on, %(zone)s, %(stable_from)s, %(offset)s::interval)) AS first_invested_at,
        s.closing_at, coalesce(t.last_buy_at > s.closing_at, false) AS closing_withdrawn,
        c.complaint_at, c.complaint_since, c.complaint_until, n.normal_at,
        lifecycle_day_of(n.normal_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS normal_on,
        h.held_until, v.anchor_on, v.anchor_aum, t.flows_at, t.flows, t.unspent, %(window_start)s::date AS window_start,
        v.low, v.high, coalesce(t.paid_out, 0) AS paid_out, t.last_payout_at,
        greatest(coalesce(v.last_aum, 0) + coalesce(t.flow, 0), 0) AS current_aum,
        coalesce(v.high, 0) + coalesce(t.bought, 0) + coalesce(t.paid_out, 0) AS max_aum,
        CASE WHEN v.anchor_on IS NOT NULL THEN v.low - coalesce(t.sold, 0) END AS min_aum
    FROM profiles_member m
    LEFT JOIN valued v ON v.member_id = m.id
    LEFT JOIN trades t ON t.member_id = m.id
    LEFT JOIN logins l ON l.member_id = m.id
    LEFT JOIN closings s ON s.member_id = m.id
    LEFT JOIN complaints c ON c.member_id = m.id
    LEFT JOIN terms h ON h.member_id = m.id
    LEFT JOIN normals n ON n.member_id = m.id
    WHERE m.id >= %(low)s AND m.id < %(high)s
    OFFSET 0
),
judged AS MATERIALIZED (
    SELECT g.*, k.share, p.fall_floor AS least_peak, p.mature_aum AS mature_from,
           g.normal_at IS NULL AND NOT coalesce(g.last_payout_at >= lifecycle_day_start(
               g.day - p.payout_grace_days, %(zone)s, %(stable_from)s, %(offset)s::interval), false) AS is_plain
    FROM gathered g
    JOIN policies p ON p.version = g.policy_version
    -- With more than this share of any peak none warns and no fall from it can be open: the least that ends one is
    -- low + recovery share × (peak - low), and low is at most peak × (1 - fall share).
    CROSS JOIN LATERAL (
        SELECT greatest(1 - p.warn_fall_share, (1 - p.fall_share) * (1 - p.fall_recovery_share) + p.fall_recovery_share) AS share
        OFFSET 0
    ) k
),
-- The first bounds add all that was bought to the highest valuation and take all that was sold from the lowest. Where
-- they do not decide, each valuation has the flows until the next one added alone. Money paid out may be held after any.
unclear AS (
    SELECT member_id, anchor_aum, flows_at, flows
    FROM judged
    WHERE is_plain AND flows IS NOT NULL AND (
        max_aum >= least_peak AND current_aum <= max_aum * share
        OR current_aum >= mature_from AND NOT coalesce(min_aum >= mature_from, false)
    )
),
curves_of_unclear AS (
    SELECT member_id, array_agg(date ORDER BY date) AS dates, array_agg(aum ORDER BY date) AS levels
    FROM recent
    WHERE member_id IN (SELECT member_id FROM unclear)
    GROUP BY member_id
),
bounds AS (
    SELECT member_id, max(level + bought) AS highest, min(level + sold) AS lowest
    FROM (
        SELECT member_id, level, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS bought,
               coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS sold
        FROM (
            SELECT u.member_id, f.amount, s.segment, coalesce(c.levels[s.segment], u.anchor_aum, 0) AS level
            FROM unclear u
            LEFT JOIN curves_of_unclear c USING (member_id)
            CROSS JOIN LATERAL unnest(u.flows_at, u.flows) f (at, amount)
            CROSS JOIN LATERAL (
                SELECT coalesce(width_bucket(
                    lifecycle_day_of(f.at, %(zone)s, %(stable_from)s, %(offset)s::interval) - 1, c.dates
                ), 0) AS segment
                OFFSET 0
            ) s
        ) f
        GROUP BY member_id, segment, level
    ) s
    GROUP BY member_id
),
facts AS MATERIALIZED (
    SELECT *, NOT is_plain OR current_aum <= most * share AS wants_falls,
           is_plain AND (most < least_peak OR current_aum > most * share)
               AND (current_aum < mature_from OR coalesce(least_aum >= mature_from, false)) AS is_simple
    FROM (
        SELECT j.*, CASE WHEN b.member_id IS NULL THEN j.max_aum ELSE greatest(j.high, b.highest) + j.paid_out END AS most,
               CASE WHEN b.member_id IS NULL OR j.anchor_on IS NULL THEN j.min_aum ELSE least(j.low, b.lowest) END AS least_aum
        FROM judged j
        LEFT JOIN bounds b USING (member_id)
        OFFSET 0
    ) j
),
windowed AS MATERIALIZED (
    SELECT member_id, day, anchor_on, anchor_aum, flows_at, flows, unspent, at, window_start FROM facts WHERE NOT is_simple
),
aum_entries AS (
    SELECT member_id, at, anchor_on AS day, true AS is_valuation, anchor_aum AS amount, 0::numeric AS unspent, day AS today,
           window_start
    FROM windowed
    WHERE anchor_on IS NOT NULL
    UNION ALL
    SELECT v.member_id, %(at)s::timestamptz, v.date, true, v.aum, 0, %(day)s::date, %(window_start)s::date
    FROM recent v
    JOIN windowed w USING (member_id)
    UNION ALL
    SELECT w.member_id, %(at)s::timestamptz, lifecycle_day_of(f.at, %(zone)s, %(stable_from)s, %(offset)s::interval), false,
           f.amount, f.unspent, %(day)s::date, %(window_start)s::date
    FROM windowed w
    CROSS JOIN LATERAL unnest(w.flows_at, w.flows, w.unspent) f (at, amount, unspent)
)
