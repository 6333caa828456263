-- The relation assets for everybody, from the edges of its period. Before the first investment assets are 0.
SELECT ended.member_id, coalesce(began.aum, 0) AS aum_at_start, ended.aum AS aum_at_end,
       ended.aum > policy.empty_aum AS is_client
FROM pg_temp.aum_edges AS ended
JOIN lifecycle_policy AS policy ON policy.version = lifecycle_policy_at(%(end)s)
LEFT JOIN pg_temp.aum_edges AS began ON began.member_id = ended.member_id AND began.day = %(first_day)s::date - 1
WHERE ended.day = %(last_day)s
