-- For each member the approved version of a copy that fits best: the channel that the member prefers for service, else one
-- on which there is an address; then the member's language.
SELECT DISTINCT ON (m.id) m.id, a.copy_version_id
FROM profiles_member AS m
LEFT JOIN profiles_contactpreference AS p ON p.member_id = m.id
JOIN review_copy AS c ON c.code = %(code)s AND c.purpose = 'service'
JOIN review_copyversion AS v ON v.copy_id = c.id
JOIN review_approved(%(now)s) AS a ON a.copy_version_id = v.id
WHERE m.id = ANY(%(members)s)
ORDER BY m.id,
    a.channel = coalesce(p.service_channel, '') DESC,
    CASE a.channel WHEN 'sms' THEN m.mobile IS NOT NULL WHEN 'email' THEN m.email IS NOT NULL
        ELSE a.channel <> 'phone' END DESC,
    a.language = CASE WHEN m.language LIKE 'en%%' THEN 'en' ELSE 'zh' END DESC,
    array_position(ARRAY['sms', 'in_app', 'email', 'push', 'wecom', 'phone'], a.channel), a.copy_version_id
