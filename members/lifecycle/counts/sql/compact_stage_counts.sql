-- Replace changes of the counts by adding them to the totals. One statement: a reader sees them before or after it,
-- never twice.
WITH deltas AS (
    DELETE FROM lifecycle_stagecount WHERE id IN (
        SELECT id FROM lifecycle_stagecount WHERE NOT is_total ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    RETURNING stage, sub_state, members
),
added AS (
    INSERT INTO lifecycle_stagecount AS total (stage, sub_state, members, is_total)
    SELECT stage, sub_state, sum(members), true FROM deltas
    GROUP BY stage, sub_state ORDER BY stage, sub_state
    ON CONFLICT (stage, sub_state) WHERE is_total DO UPDATE SET members = total.members + excluded.members
)
SELECT FROM deltas
