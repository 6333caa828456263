-- Who is stored as a member and should not be, and the other way round; of those about whom nothing waits to be decided.
WITH waiting AS (
    SELECT member_id FROM segments_dirty WHERE member_id IS NOT NULL
    UNION
    SELECT member_id FROM segments_due WHERE segment_id = %(segment)s AND due_at <= %(now)s
),
holds AS MATERIALIZED (
    SELECT m.id AS member_id FROM {source} WHERE m.known_at <= %(now)s AND {condition}
),
stored AS MATERIALIZED (
    SELECT member_id FROM segments_membership WHERE segment_id = %(segment)s AND left_at IS NULL
),
differing AS (
    (SELECT member_id, 1 AS missing, 0 AS extra FROM (SELECT member_id FROM holds EXCEPT SELECT member_id FROM stored) d)
    UNION ALL
    (SELECT member_id, 0, 1 FROM (SELECT member_id FROM stored EXCEPT SELECT member_id FROM holds) d)
)
SELECT (SELECT count(*) FROM holds), coalesce(sum(missing), 0), coalesce(sum(extra), 0),
       (SELECT coalesce(sum(joined - "left" + rebased), 0) FROM segments_tally WHERE segment_id = %(segment)s)
           - (SELECT count(*) FROM stored)
FROM differing WHERE member_id NOT IN (SELECT member_id FROM waiting)
