-- All members of one version of a segment, against those stored.
WITH holds AS MATERIALIZED (
    SELECT m.id AS member_id FROM {source} WHERE m.known_at <= %(now)s AND {condition}
),
opened AS (
    INSERT INTO segments_membership (member_id, segment_id, joined_at, began)
    SELECT h.member_id, %(segment)s, %(at)s, true
    FROM holds h
    WHERE NOT EXISTS (
        SELECT FROM segments_membership o
        WHERE o.segment_id = %(segment)s AND o.member_id = h.member_id AND o.left_at IS NULL
    )
    RETURNING member_id
),
closed AS (
    UPDATE segments_membership o SET left_at = greatest(o.joined_at, %(at)s)
    WHERE o.segment_id = %(segment)s AND o.left_at IS NULL
      AND NOT EXISTS (SELECT FROM holds h WHERE h.member_id = o.member_id)
    RETURNING o.member_id
),
moved AS (
    SELECT member_id, 1 AS joined, 0 AS gone FROM opened
    UNION ALL
    SELECT member_id, 0, 1 FROM closed
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(at)s, CASE joined WHEN 1 THEN 'segment.joined' ELSE 'segment.left' END, member_id,
           jsonb_build_object('segment', %(segment)s::bigint, 'version', %(version)s::int)
    FROM moved WHERE %(publish)s ORDER BY member_id
),
tallied AS (
    INSERT INTO segments_tally (segment_id, day, rebased)
    SELECT %(segment)s, (%(at)s::timestamptz AT TIME ZONE %(zone)s)::date, sum(joined - gone) FROM moved
    HAVING sum(joined - gone) <> 0
)
SELECT coalesce(sum(joined), 0), coalesce(sum(gone), 0) FROM moved
