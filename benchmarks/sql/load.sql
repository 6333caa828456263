INSERT INTO profiles_member (id, name, region, occupation, income_band, language, tags, campaign, source,
                             known_at, registered_at, updated_at)
SELECT i, '', '', '', '', '', '{}', '', '', r.at - interval '2 days', CASE WHEN i %% 10 > 0 THEN r.at END, %(now)s
FROM generate_series(%(low)s::bigint, %(high)s) i
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - interval '1 day' * (30 + (i * 7919) %% 1070) AS at) r;
INSERT INTO lifecycle_standing (member_id, policy_version, rules, warnings, aum)
SELECT i, 0, 0, 0, 0 FROM generate_series(%(low)s::bigint, %(high)s) i;
INSERT INTO portfolio_transaction (member_id, id, at, kind, amount, product_id)
SELECT %(low)s + floor((%(high)s - %(low)s + 1) * power(random(), 1.7))::bigint, 't' || i || '-' || %(low)s,
       %(now)s::timestamptz - interval '1096 days' * (1 - i / (10.0 * (%(high)s - %(low)s + 1))),
       CASE WHEN random() < 0.6 THEN 'buy' WHEN random() < 0.45 THEN 'redemption' WHEN random() < 0.25 THEN 'payout'
            WHEN random() < 0.7 THEN 'dividend' ELSE 'fee' END,
       round((100 + 20000 * random())::numeric, 2), 1 + i %% 50
FROM generate_series(1, 10 * (%(high)s - %(low)s + 1)) i;
INSERT INTO portfolio_valuation (member_id, date, aum)
SELECT member_id, (%(now)s::timestamptz - interval '1096 days' * (1 - slot / 1000.0))::date,
       -- A wealth of its own for each member, moved a little by the market; one in ten lost half of it lately.
       round((
           300000 * power((member_id * 7919 %% 1000) / 1000.0, 3) * (0.95 + 0.1 * random())
           * CASE WHEN member_id %% 10 = 3 AND slot > 960 THEN 0.5 ELSE 1 END
       )::numeric, 2)
FROM (
    SELECT DISTINCT slot, %(low)s + floor((%(high)s - %(low)s + 1) * power(random(), 1.7))::bigint AS member_id
    FROM generate_series(1, 1000) slot
    CROSS JOIN generate_series(1, (%(high)s - %(low)s + 1) / 100) n
) v
ORDER BY slot
ON CONFLICT DO NOTHING;
INSERT INTO profiles_event (member_id, id, at, name)
SELECT %(low)s + floor((%(high)s - %(low)s + 1) * power(random(), 1.7))::bigint, 'e' || i || '-' || %(low)s,
       %(now)s::timestamptz - interval '1096 days' * (1 - i / (20.0 * (%(high)s - %(low)s + 1))),
       (ARRAY['login', 'login', 'page', 'task'])[1 + floor(4 * random())::int]
FROM generate_series(1, 20 * (%(high)s - %(low)s + 1)) i
