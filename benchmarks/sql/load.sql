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
-- A wealth of its own for each member, what was bought less what came out since, and a modest market; one in ten lost
-- half of it lately.
SELECT member_id, day, round((
           greatest(300000 * power((member_id * 7919 %% 1000) / 1000.0, 3) + money, 0)
           * (1 + 0.04 * slot / 365) * (0.98 + 0.04 * random())
           * CASE WHEN member_id %% 10 = 3 AND slot > 960 THEN 0.5 ELSE 1 END
       )::numeric, 2)
FROM (
    SELECT member_id, day, slot, sum(amount) OVER (
               PARTITION BY member_id ORDER BY day, slot NULLS FIRST ROWS UNBOUNDED PRECEDING
           ) AS money
    FROM (
        SELECT member_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::integer AS slot,
               CASE kind WHEN 'buy' THEN amount ELSE -amount END AS amount
        FROM portfolio_transaction
        WHERE member_id BETWEEN %(low)s AND %(high)s AND kind IN ('buy', 'redemption', 'payout')
        UNION ALL
        SELECT DISTINCT %(low)s + floor((%(high)s - %(low)s + 1) * power(random(), 1.7))::bigint,
               (%(now)s::timestamptz - interval '1096 days' * (1 - slot / 1000.0))::date, slot, 0
        FROM generate_series(1, 1000) slot
        CROSS JOIN generate_series(1, (%(high)s - %(low)s + 1) / 100) n
    ) f
) v
WHERE slot IS NOT NULL
ORDER BY slot
ON CONFLICT DO NOTHING;
INSERT INTO profiles_event (member_id, id, at, name)
SELECT %(low)s + floor((%(high)s - %(low)s + 1) * power(random(), 1.7))::bigint, 'e' || i || '-' || %(low)s,
       %(now)s::timestamptz - interval '1096 days' * (1 - i / (20.0 * (%(high)s - %(low)s + 1))),
       (ARRAY['login', 'login', 'page', 'task'])[1 + floor(4 * random())::int]
FROM generate_series(1, 20 * (%(high)s - %(low)s + 1)) i
