-- Clients whose assets reach the policy's Maturity threshold.
SELECT clients.member_id, NULL::bigint AS channel_id,
       (clients.aum >= policy.mature_aum)::int AS numerator, 1 AS denominator
FROM clients
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
