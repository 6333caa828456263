INSERT INTO portfolio_category (code, name) VALUES ('fund', '基金');
INSERT INTO portfolio_product (code, name, risk, regime, registration_code, category_id)
SELECT 'F1', '长青稳健债券基金', 'R3', 'FS', '000001', id FROM portfolio_category;
INSERT INTO profiles_member (
    id, name, search_text, mobile, mobile_index, region, occupation, income_band, language, tags, campaign, source, known_at,
    registered_at, updated_at, birth_date, risk_class, risk_assessed_on
)
SELECT i, '', '', sha256(i::text::bytea), sha256(i::text::bytea), '', '', '', '', '{}', '', '',
       %(now)s::timestamptz - interval '800 days', %(now)s::timestamptz - interval '700 days', %(now)s,
       (%(now)s::timestamptz - interval '16 years' - interval '1 day' * (i * 7919 %% 20000))::date,
       CASE WHEN i %% 7 > 0 THEN 'C' || 1 + i %% 5 END,
       CASE WHEN i %% 7 > 0 THEN (%(now)s::timestamptz - interval '1 day' * (i * 31 %% 500))::date END
FROM generate_series(1, %(members)s::bigint) i;
-- Consents: six in seven said yes, one in twenty withdrew it; half of them said yes to education too.
INSERT INTO profiles_consent (
    member_id, key, purpose, channel, recipient, given, text_version, source, evidence, at, recorded_at
)
SELECT i, 'a', 'product_marketing', 'sms', '', true, '1', 'app', 'ticked', c.at, c.at
FROM generate_series(1, %(members)s::bigint) i
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - interval '1 hour' * (24 + i * 13 %% 9000) AS at) AS c
WHERE i %% 7 <> 3
UNION ALL
SELECT i, 'b', 'product_marketing', 'sms', '', false, '', 'reply', '', c.at, c.at
FROM generate_series(1, %(members)s::bigint, 20) i CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - interval '2 hours' AS at) AS c
UNION ALL
SELECT i, 'c', 'education', 'sms', '', true, '1', 'app', 'ticked', c.at, c.at
FROM generate_series(1, %(members)s::bigint, 2) i
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - interval '1 hour' * (24 + i * 13 %% 9000) AS at) AS c;
-- Contacts: three each in the last forty days on average, skewed, by messages and staff.
INSERT INTO profiles_contact (member_id, key, at, channel, kind, direction, recorded_at)
SELECT 1 + floor(%(members)s * power(random(), 1.7))::bigint, 'k' || i, c.at,
       (ARRAY['sms', 'phone', 'wecom', 'in_app'])[1 + i %% 4],
       (ARRAY['product_marketing', 'education', 'service', 'marketing'])[1 + i %% 4], 'out', c.at
FROM generate_series(1, 3 * %(members)s::bigint) i
CROSS JOIN LATERAL (
    SELECT %(now)s::timestamptz - interval '40 days' * ((i * 7919 %% 100003) / 100003.0) AS at
) AS c;
INSERT INTO profiles_suppression (channel, address_hash, scope, reason, since)
SELECT 'sms', sha256(i::text::bytea), 'marketing', 'opt_out', %(now)s::timestamptz - interval '9 days'
FROM generate_series(1, %(members)s::bigint, 97) i;
INSERT INTO profiles_complaint (member_id, id, received_at, words)
SELECT i, 'c' || i, %(now)s::timestamptz - interval '2 days', '' FROM generate_series(1, %(members)s::bigint, 211) i
