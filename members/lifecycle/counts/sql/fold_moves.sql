-- Take counts of moves and add them to the sums. One statement: a reader sees them before or after, never twice.
WITH taken AS (
    DELETE FROM lifecycle_movecount WHERE id IN (
        SELECT id FROM lifecycle_movecount WHERE NOT folded ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    RETURNING day, from_stage, from_sub_state, to_stage, to_sub_state, members
),
summed AS (
    INSERT INTO lifecycle_movecount AS sum
        (day, from_stage, from_sub_state, to_stage, to_sub_state, members, folded)
    SELECT day, from_stage, from_sub_state, to_stage, to_sub_state, sum(members), true FROM taken
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (day, from_stage, from_sub_state, to_stage, to_sub_state) WHERE folded
        DO UPDATE SET members = sum.members + excluded.members
)
SELECT FROM taken
