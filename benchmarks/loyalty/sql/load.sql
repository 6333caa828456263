INSERT INTO profiles_member (id, name, region, occupation, income_band, language, tags, campaign, source,
                             known_at, registered_at, updated_at)
SELECT i, '', '', '', '', '', '{}', '', '', %(now)s::timestamptz - interval '400 days',
       %(now)s::timestamptz - interval '399 days', %(now)s
FROM generate_series(1, %(members)s) i;
INSERT INTO portfolio_transaction (member_id, id, at, kind, amount, product_id)
SELECT 1 + floor(%(members)s * power(random(), 1.7))::bigint, 't' || i,
       %(now)s::timestamptz - interval '30 days' * (1 - i / %(members)s::double precision), 'buy',
       round((100 + 20000 * random())::numeric, 2), 1 + i %% 50
FROM generate_series(1, %(members)s) i
