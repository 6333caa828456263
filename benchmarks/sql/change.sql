INSERT INTO profiles_event (member_id, id, at, name)
SELECT i * 7 + %(which)s, 'changed-' || %(at)s::text, %(at)s::timestamptz - interval '20 minutes', 'login'
FROM generate_series(1, %(members)s) i;
INSERT INTO portfolio_transaction (member_id, id, at, kind, amount)
SELECT i * 7 + %(which)s, 'changed-' || %(at)s::text, %(at)s::timestamptz - interval '10 minutes', 'buy', 1000 + i %% 900
FROM generate_series(1, %(members)s) i
