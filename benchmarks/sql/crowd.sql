-- Members 1..n as years of use leave them: names and activity are skewed, rows lie in the order of time.
INSERT INTO profiles_channel (code, name, kind)
SELECT 'channel-' || i, 'Channel ' || i, '' FROM generate_series(1, 12) i;
INSERT INTO portfolio_category (code, name) SELECT 'category-' || i, 'Category ' || i FROM generate_series(1, 6) i;
INSERT INTO portfolio_product (code, name, risk, category_id)
SELECT 'P' || lpad(i::text, 3, '0'), 'Product ' || i, 'R' || 1 + i %% 5, 1 + i %% 6 FROM generate_series(1, 50) i;
INSERT INTO profiles_member (
    id, name, search_text, mobile, mobile_index, email, email_index, id_number, id_number_index, address, sex,
    birth_date, region, occupation, income_band, language, tags, channel_id, campaign, known_at, registered_at,
    risk_class, risk_assessed_on, investor_type, source, imported_at, updated_at, import_id
)
SELECT i, n.name, E'\n' || lpad(i::text, 8, '0') || n.search_text, p.mobile,
       own.mobile_index, p.email, p.email_index, p.id_number, p.id_number_index, p.address, p.sex, p.birth_date, p.region,
       p.occupation, p.income_band, 'zh-Hans',
       CASE WHEN i %% 5 = 0 THEN ARRAY[(ARRAY['vip', '教育金', '偏好微信'])[1 + i %% 3]] ELSE '{}' END,
       1 + (12 * power(random(), 2))::integer %% 12, '', r.at - interval '2 days',
       CASE WHEN i %% 10 > 0 THEN r.at END,
       CASE WHEN i %% 3 > 0 THEN 'C' || 1 + i %% 5 END, CASE WHEN i %% 3 > 0 THEN r.at::date + 1 END,
       CASE WHEN i %% 50 = 0 THEN 'qualified' ELSE 'ordinary' END, '', r.at, r.at, 1 + i * (%(imports)s - 1) / %(members)s
FROM generate_series(1, %(members)s::bigint) i
JOIN pg_temp.crowd_mobile AS own ON own.number = i
JOIN pg_temp.crowd_name AS n ON n.number = 1 + (i * 7919) %% %(names)s
JOIN pg_temp.crowd_person AS p ON p.number = 1 + (i * 7919) %% %(people)s
CROSS JOIN LATERAL (
    SELECT %(now)s::timestamptz - interval '1100 days' * (1 - i::float / %(members)s) - interval '1 day' AS at
) r;
INSERT INTO profiles_identity (kind, source, value, member_id)
SELECT 'member', '', lpad(i::text, 8, '0'), i FROM generate_series(1, %(members)s) i
UNION ALL SELECT 'visitor', 'web', 'v-' || i, i FROM generate_series(1, %(members)s, 3) i;
INSERT INTO profiles_searchterm (term, member_id)
SELECT line, m.id FROM profiles_member AS m, unnest(string_to_array(substr(m.search_text, 2), E'\n')) AS line;
INSERT INTO lifecycle_standing (member_id, policy_version, rules, warnings, aum)
SELECT i, 0, 0, 0, 0 FROM generate_series(1, %(members)s) i;
INSERT INTO profiles_touch (id, at, channel_id, campaign, visitor_id, member_id, import_id)
SELECT 'h' || i, %(now)s::timestamptz - interval '1102 days' * (1 - i::float / %(members)s), 1 + i %% 12, '', 'v-' || i, i,
       1 + i * (%(imports)s - 1) / %(members)s
FROM generate_series(1, %(members)s, 3) i;
INSERT INTO portfolio_transaction (member_id, id, at, kind, amount, product_id, import_id)
SELECT 1 + floor(%(members)s * power(random(), 1.7))::bigint, 't' || i,
       %(now)s::timestamptz - interval '1096 days' * (1 - i / (4.0 * %(members)s)),
       CASE WHEN random() < 0.6 THEN 'buy' WHEN random() < 0.45 THEN 'redemption' WHEN random() < 0.25 THEN 'payout'
            WHEN random() < 0.7 THEN 'dividend' ELSE 'fee' END,
       round((100 + 20000 * random())::numeric, 2), 1 + i %% 50, 1 + i * (%(imports)s - 1) / (4 * %(members)s::bigint)
FROM generate_series(1, 4 * %(members)s) i;
INSERT INTO portfolio_valuation (member_id, date, aum, import_id)
SELECT v.member_id, (%(now)s::timestamptz - interval '1096 days' * (1 - v.slot / 1000.0))::date,
       round((
           300000 * power((v.member_id * 7919 %% 1000) / 1000.0, 3) * (0.95 + 0.1 * random())
           * CASE WHEN v.member_id %% 10 = 3 AND v.slot > 960 THEN 0.5 ELSE 1 END
       )::numeric, 2), 1 + v.slot * (%(imports)s - 1) / 1000
FROM (
    SELECT DISTINCT slot, 1 + floor(%(members)s * power(random(), 1.7))::bigint AS member_id
    FROM generate_series(1, 1000) slot CROSS JOIN generate_series(1, %(members)s / 250) n
) v
ORDER BY v.slot;
INSERT INTO profiles_event (member_id, id, at, name, import_id)
SELECT 1 + floor(%(members)s * power(random(), 1.7))::bigint, 'e' || i,
       %(now)s::timestamptz - interval '1096 days' * (1 - i / (8.0 * %(members)s)),
       (ARRAY['login', 'login', 'page', 'task'])[1 + floor(4 * random())::int],
       1 + i * (%(imports)s - 1) / (8 * %(members)s::bigint)
FROM generate_series(1, 8 * %(members)s) i;
INSERT INTO profiles_riskassessment (member_id, assessed_on, risk_class, questionnaire_version, import_id)
SELECT id, risk_assessed_on, risk_class, '', import_id FROM profiles_member WHERE risk_class IS NOT NULL;
INSERT INTO profiles_signal (member_id, id, at, kind, detail)
SELECT i, 's' || i, %(now)s::timestamptz - interval '1 day' * (i %% 400), 'complaint', '短信太多'
FROM generate_series(1, %(members)s, 97) i;
INSERT INTO staff_team (name, name_key) SELECT 'Team ' || i, 'team ' || i FROM generate_series(1, %(teams)s) i;
INSERT INTO staff_staff (password, is_superuser, username, display_name, name_key, role, language, is_active, team_id, must_change_password, rising)
SELECT '!', false, 'rm-' || i, 'Manager ' || i, 'manager ' || i, 'relationship_manager', 'zh-hans', true, 1 + i %% %(teams)s, false, ''
FROM generate_series(1, 10 * %(teams)s) i;
INSERT INTO staff_staff (password, is_superuser, username, display_name, name_key, role, language, is_active, team_id, must_change_password, rising)
SELECT '!', false, 'lead-' || i, 'Lead ' || i, 'lead ' || i, 'team_lead', 'zh-hans', true, i, false, ''
FROM generate_series(1, %(teams)s) i;
INSERT INTO staff_staff (password, is_superuser, username, display_name, name_key, role, language, is_active, must_change_password, rising)
SELECT '!', false, role, role, role, role, 'zh-hans', true, false, ''
FROM unnest(ARRAY['customer_service', 'compliance', 'operations', 'administrator', 'analyst']) AS role;
-- Books of 300 members, one after another in the order of the member's number turned around.
INSERT INTO profiles_book (member_id, started_at, staff_id, reason)
SELECT m.id, %(now)s::timestamptz - interval '300 days', rm.id, 'bench'
FROM (
    SELECT id, row_number() OVER (ORDER BY reverse(lpad(id::text, 9, '0'))) - 1 AS place
    FROM profiles_member WHERE registered_at < %(now)s::timestamptz - interval '300 days'
) AS m
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM staff_staff WHERE role = 'relationship_manager'
) AS rm ON rm.place = m.place / 300
UNION ALL -- and one in seven of those who came since, in turn
SELECT m.id, m.registered_at, rm.id, 'bench'
FROM profiles_member AS m
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM staff_staff WHERE role = 'relationship_manager'
) AS rm ON rm.place = m.id / 7 %% (10 * %(teams)s)
WHERE m.registered_at >= %(now)s::timestamptz - interval '300 days' AND m.id %% 7 = 1
