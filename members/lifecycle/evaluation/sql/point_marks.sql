-- What moved the assets of each pair's member within the windows of the rules: valuations, and flows after them;
-- for those whose course has to be walked.
doubtful AS MATERIALIZED (
    SELECT b.member_id, b.at, b.day, b.window_start, anchor.date AS anchor_on, anchor.aum AS anchor_aum
    FROM base b
    LEFT JOIN LATERAL (
        SELECT v.date, v.aum FROM portfolio_valuation v
        WHERE v.member_id = b.member_id AND v.date <= b.window_start
        ORDER BY v.date DESC LIMIT 1
    ) anchor ON true
    WHERE NOT b.plain
),
marks AS (
    SELECT member_id, at, anchor_on AS day, true AS whole, anchor_aum AS amount, day AS today, window_start
    FROM doubtful
    WHERE anchor_on IS NOT NULL
    UNION ALL
    SELECT d.member_id, d.at, v.date, true, v.aum, d.day, d.window_start
    FROM doubtful d
    JOIN portfolio_valuation v
      ON v.member_id = d.member_id AND v.date > d.window_start AND v.date <= d.day
    UNION ALL
    SELECT d.member_id, d.at, lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval), false,
           CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END, d.day, d.window_start
    FROM doubtful d
    JOIN portfolio_transaction t
      ON t.member_id = d.member_id AND t.kind IN ('buy', 'sell') AND t.at <= d.at
     AND t.at >= coalesce(lifecycle_day_start(d.anchor_on + 1, %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity')
)
