-- Clients whose assets reach the policy's Maturity threshold.
SELECT assets.member_id, NULL::bigint AS channel_id,
       (assets.aum_at_end >= policy.mature_aum)::int AS numerator, 1 AS denominator
FROM assets
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
WHERE assets.is_client
