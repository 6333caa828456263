-- Have invested, at the end of the period; those who neither signed in nor traded for the policy's days, and for more
-- than `above_days`, up to `up_to_days`.
SELECT standing.member_id, NULL::bigint AS channel_id,
       (silent.days >= policy.dormant_days AND silent.days > %(above_days)s
        AND silent.days <= coalesce(%(up_to_days)s::int, silent.days))::int AS numerator,
       1 AS denominator
FROM lifecycle_standing AS standing
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
CROSS JOIN LATERAL (
    SELECT %(last_day)s::date - lifecycle_platform_day(greatest(
        standing.first_invested_at,
        (SELECT max(event.at) FROM profiles_event AS event
         WHERE event.member_id = standing.member_id AND event.name = 'login' AND event.at < %(end)s),
        (SELECT max(trade.at) FROM portfolio_transaction AS trade
         WHERE trade.member_id = standing.member_id AND trade.kind IN ('buy', 'redemption') AND trade.at < %(end)s)
    )) AS days
) AS silent
WHERE standing.first_invested_at < %(end)s /*among standing.member_id*/
