-- When time alone may change whether members are in a segment. Members of whom nothing is to come have no row.
WITH coming AS (
    SELECT m.id AS member_id,
           least(({next})::timestamptz, CASE WHEN m.known_at > %(now)s THEN m.known_at END) AS due_at
    FROM {source}
    WHERE {moves} OR m.known_at > %(now)s
    OFFSET 0  -- or each instant would be worked out for every condition on it
),
-- What is stored and right stays unwritten. By hash or merge, as FULL JOIN is, and rows by their place: the
-- planner does not know how many rows a segment is about to have, and nothing here grows with their square.
differing AS MATERIALIZED (
    SELECT c.member_id, c.due_at, d.place
    FROM (SELECT member_id, due_at FROM coming WHERE due_at IS NOT NULL) c
    FULL JOIN (
        SELECT member_id, due_at, ctid AS place FROM segments_due WHERE segment_id = %(segment)s
    ) d USING (member_id)
    WHERE c.due_at IS DISTINCT FROM d.due_at
),
gone AS (
    DELETE FROM segments_due
    WHERE ctid = ANY(ARRAY(SELECT place FROM differing WHERE place IS NOT NULL AND due_at IS NULL))
),
scheduled AS (
    INSERT INTO segments_due (member_id, segment_id, due_at)
    SELECT member_id, %(segment)s, due_at FROM differing WHERE due_at IS NOT NULL
    ON CONFLICT (member_id, segment_id) DO UPDATE SET due_at = excluded.due_at
)
SELECT count(*) FROM differing
