-- The facts of one member at an instant, and at the instant its stored answer is due, by index look-ups:
-- what point_base.sql and point_marks.sql read into tables, as one statement that writes nothing.
pair AS MATERIALIZED (
    SELECT i.member_id, i.at,
           lifecycle_day_of(i.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day,
           lifecycle_policy_at(i.at) AS policy_version
    FROM (
        SELECT m.id, a.at FROM unnest(%(members)s::bigint[]) AS m (id), unnest(%(instants)s::timestamptz[]) AS a (at)
        UNION
        SELECT member_id, due_at FROM lifecycle_standing
        WHERE member_id = ANY(%(members)s) AND %(foresee)s
            AND due_at > coalesce((%(instants)s::timestamptz[])[1], '-infinity')
    ) AS i (member_id, at)
),
policies AS (
    SELECT * FROM lifecycle_policy WHERE version IN (SELECT policy_version FROM pair)
),
base AS MATERIALIZED (
    SELECT p.member_id, p.at, p.day, p.policy_version, m.known_at, m.registered_at,
           trade.at AS last_trade_at, login.at AS last_login_at,
           least(
               buy.at, lifecycle_day_start(rise.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
           ) AS first_invested_at,
           closing.at AS closing_at,
           closing.at IS NOT NULL AND EXISTS (
               SELECT FROM portfolio_transaction t
               WHERE t.member_id = p.member_id AND t.kind = 'buy' AND t.at > closing.at AND t.at <= p.at
           ) AS closing_withdrawn,
           complaint.at AS complaint_at, anchor.date AS anchor_on, anchor.aum AS anchor_aum,
           p.day - greatest(pol.fall_window_days, pol.mature_days) + 1 AS window_start
    FROM pair p
    JOIN policies pol ON pol.version = p.policy_version
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
),
marks AS (
    SELECT member_id, at, anchor_on AS day, true AS whole, anchor_aum AS amount, day AS today, window_start
    FROM base
    WHERE anchor_on IS NOT NULL
    UNION ALL
    SELECT b.member_id, b.at, v.date, true, v.aum, b.day, b.window_start
    FROM base b
    JOIN portfolio_valuation v ON v.member_id = b.member_id AND v.date > b.window_start AND v.date <= b.day
    UNION ALL
    SELECT b.member_id, b.at, lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval), false,
           CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END, b.day, b.window_start
    FROM base b
    JOIN portfolio_transaction t
      ON t.member_id = b.member_id AND t.kind IN ('buy', 'sell') AND t.at <= b.at
     AND t.at >= coalesce(
         lifecycle_day_start(b.anchor_on + 1, %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity'
     )
)
