INSERT INTO profiles_event (member_id, id, at, name)
SELECT i * 7, 'changed-' || %(at)s::text, %(at)s::timestamptz - interval '20 minutes', 'login'
FROM generate_series(1, %(members)s) i;
INSERT INTO portfolio_transaction (member_id, id, at, kind, amount)
SELECT i * 7, 'changed-' || %(at)s::text, %(at)s::timestamptz - interval '10 minutes', 'buy', 1000 + i %% 900
FROM generate_series(1, %(members)s) i;
INSERT INTO portfolio_valuation (member_id, date, aum)
SELECT i * 7, (%(at)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, 50000 + 300 * (i %% 900)
FROM generate_series(1, %(members)s) i
ON CONFLICT (member_id, date) DO UPDATE SET aum = excluded.aum
