-- When time alone may change whether members are in a segment. Members of whom nothing is to come have no row.
WITH scheduled AS (
    INSERT INTO segments_due (member_id, segment_id, due_at)
    SELECT member_id, %(segment)s, due_at
    FROM (
        SELECT m.id AS member_id,
               least(({next})::timestamptz, CASE WHEN m.known_at > %(now)s THEN m.known_at END) AS due_at
        FROM {source}
    ) d
    WHERE due_at IS NOT NULL
    RETURNING member_id
)
SELECT count(*) FROM scheduled
