-- Differences between what is stored and what the facts say now. Members with changes still waiting for the
-- drain are counted apart: what is stored of them is known to be old.
, compared AS (
    SELECT j.member_id,
           s.member_id IS NULL OR s.policy_version <> j.policy_version OR coalesce(s.due_at <= j.at, false)
               OR d.member_id IS NOT NULL AS waits,
           (s.stage, s.sub_state, s.rules, s.warnings, s.aum, s.first_invested_at, s.last_trade_at, s.last_login_at,
            s.closing_at, s.complaint_at)
               IS NOT DISTINCT FROM
           (j.stage, j.sub_state, j.rules, j.warnings, j.aum, j.first_invested_at, j.last_trade_at, j.last_login_at,
            j.closing_at, j.complaint_at)
           AND coalesce(s.due_at, 'infinity') <= coalesce(j.due_at, 'infinity') AS agrees,
           s.stage AS stored_stage, s.sub_state AS stored_sub_state, s.aum AS stored_aum, s.due_at AS stored_due_at,
           j.stage, j.sub_state, j.aum, j.due_at
    FROM judged j
    LEFT JOIN standings s ON s.member_id = j.member_id
    LEFT JOIN (
        SELECT DISTINCT member_id FROM lifecycle_dirty WHERE since <= %(at)s OR since_day <= %(day)s
    ) d ON d.member_id = j.member_id
)
SELECT count(*), count(*) FILTER (WHERE waits), count(*) FILTER (WHERE NOT waits AND NOT agrees),
       coalesce(
           (SELECT jsonb_agg(to_jsonb(c) - 'waits' - 'agrees') FROM (
               SELECT * FROM compared WHERE NOT waits AND NOT agrees ORDER BY member_id LIMIT %(samples)s
           ) c), '[]'
       ),
       coalesce(array_agg(member_id) FILTER (WHERE NOT waits AND NOT agrees), '{}')
FROM compared
