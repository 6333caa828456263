-- assets: members who have invested, with their assets when the period begins and when it ends: the latest valuation
-- up to the day before, plus buys minus redemptions and payouts on the days after it. Clients hold some at the end.
SELECT standing.member_id, held.at_start AS aum_at_start, held.at_end AS aum_at_end,
       held.at_end > policy.empty_aum AS is_client
FROM lifecycle_standing AS standing
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
CROSS JOIN LATERAL (
    SELECT max(summed.aum) FILTER (WHERE NOT edge.is_end) AS at_start, max(summed.aum) FILTER (WHERE edge.is_end) AS at_end
    FROM (VALUES
        (false, %(first_day)s::date - 1, %(start)s::timestamptz),
        (true, %(last_day)s::date, %(end)s::timestamptz)
    ) AS edge (is_end, day, until)
{aum_at_edge}) AS held
WHERE standing.first_invested_at < %(end)s /*among standing.member_id*/
