-- Calls and WeCom talks of relationship managers in the last 90 days, by daylight in Shanghai.
INSERT INTO profiles_contact (member_id, key, at, channel, kind, direction, staff_id, words, recorded_at)
SELECT b.member_id, 'demo ' || n.number, l.at, k.channel, k.kind, k.direction, b.staff_id, k.words, l.at
FROM profiles_book AS b
CROSS JOIN generate_series(1, 5) AS n (number)
CROSS JOIN LATERAL (SELECT hashint8(b.member_id * 101 + n.number * 13) & 1048575 AS luck) AS r
CROSS JOIN LATERAL (
    SELECT date_trunc('day', %(now)s - make_interval(days => 1 + r.luck %% 90)) + make_interval(
        hours => 2 + r.luck / 90 %% 8, mins => r.luck / 720 %% 60) AS at
) AS l
JOIN (VALUES
    (0, 'phone', 'service', 'out', '确认到期资金安排'), (1, 'wecom', 'education', 'out', '发送市场解读'),
    (2, 'phone', 'product_marketing', 'out', '介绍与风险等级相符的固收产品'), (3, 'phone', 'service', 'in', '来电咨询到账时间'),
    (4, 'wecom', 'marketing', 'out', '邀请参加客户沙龙')
) AS k (place, channel, kind, direction, words) ON k.place = r.luck / 43200 %% 5
WHERE b.ended_at IS NULL AND r.luck %% 3 > 0
ORDER BY b.member_id, n.number
