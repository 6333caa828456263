-- Clients who referred a member that registered within the 365 days up to the end.
SELECT clients.member_id, NULL::bigint AS channel_id, (referrer.id IS NOT NULL)::int AS numerator, 1 AS denominator
FROM clients
LEFT JOIN (
    SELECT DISTINCT referrer_id AS id
    FROM profiles_member
    WHERE registered_at >= %(end)s - interval '8760 hours' AND registered_at < %(end)s
) AS referrer ON referrer.id = clients.member_id
