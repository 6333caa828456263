-- What lies before the staging, which records from its own instant on: registered, invested, and for those in
-- decline or mature the day that brought them there.
INSERT INTO lifecycle_transition (
    member_id, effective_at, recorded_at, from_stage, to_stage, won_back, settled, policy_version, inputs, dwell
)
SELECT p.member_id, p.at, %(now)s, p.left_stage, p.entered, false, false, s.policy_version, '{}', NULL
FROM lifecycle_standing AS s
JOIN profiles_member AS m ON m.id = s.member_id
CROSS JOIN LATERAL (
    VALUES
        (m.id, m.known_at, NULL, 'acquisition'),
        (m.id, m.registered_at, 'acquisition', 'activation'),
        (m.id, s.first_invested_at, 'activation', 'growth'),
        (m.id, CASE WHEN s.stage IN ('decline', 'maturity')
               THEN %(now)s::timestamptz - interval '1 day' * (1 + m.id * 31 %% 330) END, 'growth', s.stage)
) AS p (member_id, at, left_stage, entered)
WHERE p.at < %(now)s AND (p.entered <> 'growth' OR p.at > m.registered_at)
  AND (p.left_stage IS DISTINCT FROM 'growth' OR p.at > greatest(s.first_invested_at, m.registered_at))
ON CONFLICT DO NOTHING
