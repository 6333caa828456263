-- Members named twice, by two ids, join once.
WITH listed AS MATERIALIZED (
    SELECT DISTINCT member_id FROM _listed WHERE member_id IS NOT NULL
),
opened AS (
    INSERT INTO segments_membership (member_id, segment_id, joined_at)
    SELECT member_id, %(segment)s, %(now)s FROM listed
    WHERE %(adds)s AND NOT EXISTS (
        SELECT FROM segments_membership o
        WHERE o.segment_id = %(segment)s AND o.member_id = listed.member_id AND o.left_at IS NULL
    )
    RETURNING member_id
),
closed AS (
    UPDATE segments_membership o SET left_at = greatest(o.joined_at, %(now)s)
    WHERE o.segment_id = %(segment)s AND o.left_at IS NULL AND (
        %(removes_listed)s AND EXISTS (SELECT FROM listed WHERE listed.member_id = o.member_id)
        OR %(removes_others)s AND NOT EXISTS (SELECT FROM listed WHERE listed.member_id = o.member_id)
    )
    RETURNING o.member_id
),
moved AS (
    SELECT member_id, 1 AS joined, 0 AS gone FROM opened
    UNION ALL
    SELECT member_id, 0, 1 FROM closed
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s, CASE joined WHEN 1 THEN 'segment.joined' ELSE 'segment.left' END, member_id,
           jsonb_build_object('segment', %(segment)s::bigint, 'version', %(version)s::int)
    FROM moved ORDER BY member_id
),
tallied AS (
    INSERT INTO segments_tally (segment_id, day, joined, "left")
    SELECT %(segment)s, (%(now)s::timestamptz AT TIME ZONE %(zone)s)::date, sum(joined), sum(gone) FROM moved
    HAVING count(*) > 0
)
SELECT coalesce(sum(joined), 0), coalesce(sum(gone), 0) FROM moved
