-- Take changes of the counts and add them to the sums. One statement: a reader sees them before or after, never twice.
WITH taken AS (
    DELETE FROM lifecycle_stagecount WHERE id IN (
        SELECT id FROM lifecycle_stagecount WHERE NOT folded ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    RETURNING stage, sub_state, members
),
summed AS (
    INSERT INTO lifecycle_stagecount AS sum (stage, sub_state, members, folded)
    SELECT stage, sub_state, sum(members), true FROM taken
    GROUP BY stage, sub_state ORDER BY stage, sub_state
    ON CONFLICT (stage, sub_state) WHERE folded DO UPDATE SET members = sum.members + excluded.members
)
SELECT FROM taken
