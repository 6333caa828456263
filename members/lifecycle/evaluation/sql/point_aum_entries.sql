-- What changed the assets of a member within the windows of the rules: valuations, and flows after them. Only for
-- pairs whose windows have to be computed.
windowed AS MATERIALIZED (
    SELECT f.member_id, f.at, f.day, f.window_start, anchor.date AS anchor_on, anchor.aum AS anchor_aum
    FROM facts f
    LEFT JOIN LATERAL (
        SELECT v.date, v.aum FROM portfolio_valuation v
        WHERE v.member_id = f.member_id AND v.date <= f.window_start
        ORDER BY v.date DESC LIMIT 1
    ) anchor ON true
    WHERE NOT f.is_simple
),
aum_entries AS (
    SELECT member_id, at, anchor_on AS day, true AS is_valuation, anchor_aum AS amount, 0::numeric AS unspent, day AS today,
           window_start
    FROM windowed
    WHERE anchor_on IS NOT NULL
    UNION ALL
    SELECT w.member_id, w.at, v.date, true, v.aum, 0, w.day, w.window_start
    FROM windowed w
    JOIN portfolio_valuation v
      ON v.member_id = w.member_id AND v.date > w.window_start AND v.date <= w.day
    UNION ALL
    SELECT w.member_id, w.at, lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval), false,
           CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END,
           CASE t.kind WHEN 'payout' THEN t.amount WHEN 'buy' THEN -t.amount ELSE 0 END, w.day, w.window_start
    FROM windowed w
    JOIN portfolio_transaction t
      ON t.member_id = w.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= w.at
     AND t.at >= coalesce(lifecycle_day_start(w.anchor_on + 1, %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity')
)
