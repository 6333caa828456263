-- Clients who referred a member that registered within the 365 days up to the end.
SELECT assets.member_id, NULL::bigint AS channel_id, (referrer.id IS NOT NULL)::int AS numerator, 1 AS denominator
FROM assets
LEFT JOIN (
    SELECT DISTINCT referrer_id AS id
    FROM profiles_member
    WHERE registered_at >= %(end)s - interval '8760 hours' AND registered_at < %(end)s /*among referrer_id*/
) AS referrer ON referrer.id = assets.member_id
WHERE assets.is_client
