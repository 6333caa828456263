-- Assets of all clients at the end of the period, over the clients.
SELECT member_id, NULL::bigint AS channel_id, aum_at_end AS numerator, 1 AS denominator
FROM assets
WHERE is_client
