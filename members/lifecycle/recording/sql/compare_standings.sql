-- Differences between the stored standings and the answers that the facts give now. Members with changes that wait
-- to be restaged, or whose evaluation failed, are counted apart: their standings are known to be old.
, compared AS (
    SELECT a.member_id,
           f.member_id IS NOT NULL AS is_failed,
           s.member_id IS NULL OR s.policy_version <> a.policy_version OR coalesce(s.due_at <= a.at, false)
               OR d.member_id IS NOT NULL OR f.member_id IS NOT NULL AS is_pending,
           (s.stage, s.sub_state, s.rules, s.warnings, s.aum, s.first_invested_at, s.last_trade_at, s.last_login_at,
            s.closing_at, s.complaint_at)
               IS NOT DISTINCT FROM
           (a.stage, a.sub_state, a.rules, a.warnings, a.aum, a.first_invested_at, a.last_trade_at, a.last_login_at,
            a.closing_at, a.complaint_at)
           AND coalesce(s.due_at, 'infinity') <= coalesce(a.due_at, 'infinity') AS agrees,
           s.stage AS stored_stage, s.sub_state AS stored_sub_state, s.aum AS stored_aum, s.due_at AS stored_due_at,
           a.stage, a.sub_state, a.aum, a.due_at
    FROM answers a
    LEFT JOIN standings s ON s.member_id = a.member_id
    LEFT JOIN (
        SELECT DISTINCT member_id FROM lifecycle_dirty WHERE since <= %(at)s OR since_day <= %(day)s
    ) d ON d.member_id = a.member_id
    LEFT JOIN lifecycle_evaluationfailure f ON f.member_id = a.member_id
)
SELECT count(*), count(*) FILTER (WHERE is_pending AND NOT is_failed), count(*) FILTER (WHERE is_failed),
       count(*) FILTER (WHERE NOT is_pending AND NOT agrees),
       coalesce(
           (SELECT jsonb_agg(to_jsonb(c) - '{is_pending, is_failed, agrees}'::text[]) FROM (
               SELECT * FROM compared WHERE NOT is_pending AND NOT agrees ORDER BY member_id LIMIT %(samples)s
           ) c), '[]'
       ),
       coalesce(array_agg(member_id) FILTER (WHERE NOT is_pending AND NOT agrees), '{}')
FROM compared
