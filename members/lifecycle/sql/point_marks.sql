-- What moved the assets of each pair's member within the windows of the rules: valuations, and flows after them.
INSERT INTO _mark
SELECT member_id, at, anchor_on AS day, true AS whole, anchor_aum AS amount, day AS today, window_start
FROM _base
WHERE anchor_on IS NOT NULL
UNION ALL
SELECT b.member_id, b.at, v.date, true, v.aum, b.day, b.window_start
FROM _base b
JOIN portfolio_valuation v
  ON v.member_id = b.member_id AND v.date > b.window_start AND v.date <= b.day
UNION ALL
SELECT b.member_id, b.at, lifecycle_day_of(t.at, %(zone)s, %(stable_from)s, %(offset)s::interval), false,
       CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END, b.day, b.window_start
FROM _base b
JOIN portfolio_transaction t
  ON t.member_id = b.member_id AND t.kind IN ('buy', 'sell') AND t.at <= b.at
 AND t.at >= coalesce(lifecycle_day_start(b.anchor_on + 1, %(zone)s, %(stable_from)s, %(offset)s::interval), '-infinity')
