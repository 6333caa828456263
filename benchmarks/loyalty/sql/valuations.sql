INSERT INTO lifecycle_standing (member_id, policy_version, rules, warnings, aum)
SELECT i, 1, 0, 0, 0 FROM generate_series(1, %(members)s::bigint) i
ON CONFLICT DO NOTHING;
-- Two valuations a month, in the order of time. A wealth of each member's own, two percent up or down each time; one in
-- twenty doubled or lost half of it once.
INSERT INTO portfolio_valuation (member_id, date, aum)
SELECT i, (%(now)s::timestamptz - interval '15 days' * slot)::date - (i %% 3)::integer, round((
           200 + 2000000 * power((i * 7919 %% 100003) / 100003.0, 6)
           * (0.98 + 0.04 * random())
           * CASE WHEN i %% 20 = 7 AND slot < i %% 23 THEN CASE WHEN i %% 2 = 0 THEN 2 ELSE 0.5 END ELSE 1 END
       )::numeric, 2)
FROM generate_series(25, 1, -1) slot
CROSS JOIN generate_series(1, %(members)s::bigint) i
