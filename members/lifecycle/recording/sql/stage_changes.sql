-- The changes of stage or sub-state of each claimed member from from_at on.
WITH prior AS (
    -- The stage just before from_at: of members whose past is not rewritten, that of their standing.
    SELECT c.member_id,
           CASE WHEN NOT c.is_late AND NOT c.is_new THEN s.stage ELSE t.to_stage END AS stage,
           CASE WHEN NOT c.is_late AND NOT c.is_new THEN s.sub_state ELSE t.to_sub_state END AS sub_state,
           CASE WHEN NOT c.is_late AND NOT c.is_new THEN s.since ELSE t.effective_at END AS since,
           -- The first answer of a record that begins later than its member is known is no change.
           (c.is_late OR c.is_new) AND t.effective_at IS NULL AND s.recorded_from <> m.known_at AS begins_midway
    FROM _claim c
    JOIN lifecycle_standing s USING (member_id)
    JOIN profiles_member m ON m.id = c.member_id
    LEFT JOIN LATERAL (
        SELECT t.to_stage, t.to_sub_state, t.effective_at
        FROM lifecycle_transition t
        WHERE c.is_late AND NOT c.is_new
          AND t.member_id = c.member_id AND t.superseded_at IS NULL AND t.effective_at < c.from_at
        ORDER BY t.effective_at DESC LIMIT 1
    ) t ON true
),
sequence AS (
    SELECT member_id, at, policy_version, stage, sub_state, is_settling,
           row_number() OVER w AS n, lag(stage) OVER w AS stage_before, lag(sub_state) OVER w AS sub_state_before
    FROM _answer
    WINDOW w AS (PARTITION BY member_id ORDER BY at)
),
changes AS (
    SELECT q.member_id, q.at, q.policy_version, q.stage, q.sub_state, q.is_settling, p.since,
           CASE WHEN q.n = 1 THEN p.stage ELSE q.stage_before END AS from_stage,
           CASE WHEN q.n = 1 THEN p.sub_state ELSE q.sub_state_before END AS from_sub_state
    FROM sequence q
    JOIN prior p USING (member_id)
    WHERE NOT (q.n = 1 AND p.begins_midway)
)
INSERT INTO _stage_change
SELECT member_id, at, policy_version, from_stage, from_sub_state, stage, sub_state,
       at - coalesce(lag(at) OVER (PARTITION BY member_id ORDER BY at), since),
       leaves_decline AND NOT is_settling, leaves_decline AND is_settling
FROM changes
CROSS JOIN LATERAL (
    SELECT coalesce(from_stage = 'decline' AND stage IN ('growth', 'maturity'), false) AS leaves_decline
) l
WHERE (stage, sub_state) IS DISTINCT FROM (from_stage, from_sub_state)
