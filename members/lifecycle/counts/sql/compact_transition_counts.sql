-- Replace counts of transitions by adding them to the totals. One statement: a reader sees them before or after it,
-- never twice.
WITH deltas AS (
    DELETE FROM lifecycle_transitioncount WHERE id IN (
        SELECT id FROM lifecycle_transitioncount WHERE NOT is_total ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    RETURNING day, from_stage, from_sub_state, to_stage, to_sub_state, won_back, members
),
added AS (
    INSERT INTO lifecycle_transitioncount AS total
        (day, from_stage, from_sub_state, to_stage, to_sub_state, won_back, members, is_total)
    SELECT day, from_stage, from_sub_state, to_stage, to_sub_state, won_back, sum(members), true FROM deltas
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (day, from_stage, from_sub_state, to_stage, to_sub_state, won_back) WHERE is_total
        DO UPDATE SET members = total.members + excluded.members
)
SELECT FROM deltas
