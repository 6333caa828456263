-- Decide about the claimed members of one segment: who joins, who leaves, when time alone may change it.
WITH claimed AS MATERIALIZED (
    SELECT member_id, max(at) AS at FROM _segment_claim
    WHERE segment_id = %(segment)s OR source = ANY(%(tables)s)
    GROUP BY member_id
),
answer AS MATERIALIZED (
    -- Who is not known yet matches nothing, not even a negation.
    SELECT c.member_id, c.at, m.known_at <= %(now)s AND ({condition}) AS holds,
           least(({next})::timestamptz, CASE WHEN m.known_at > %(now)s THEN m.known_at END) AS due_at
    FROM {source} JOIN claimed AS c ON c.member_id = m.id
),
opened AS (
    INSERT INTO segments_membership (member_id, segment_id, joined_at)
    SELECT a.member_id, %(segment)s, greatest(a.at, (
        SELECT max(before.left_at) FROM segments_membership before
        WHERE before.member_id = a.member_id AND before.segment_id = %(segment)s
    ))
    FROM answer a
    WHERE a.holds AND NOT EXISTS (
        SELECT FROM segments_membership o
        WHERE o.segment_id = %(segment)s AND o.member_id = a.member_id AND o.left_at IS NULL
    )
    RETURNING member_id, joined_at
),
closed AS (
    UPDATE segments_membership o SET left_at = greatest(o.joined_at, c.at)
    FROM claimed c
    WHERE o.segment_id = %(segment)s AND o.member_id = c.member_id AND o.left_at IS NULL
      AND NOT EXISTS (SELECT FROM answer a WHERE a.member_id = c.member_id AND a.holds)
    RETURNING o.member_id, o.left_at
),
scheduled AS (
    INSERT INTO segments_due (member_id, segment_id, due_at)
    SELECT member_id, %(segment)s, due_at FROM answer WHERE due_at IS NOT NULL
    ON CONFLICT (member_id, segment_id) DO UPDATE SET due_at = excluded.due_at
    WHERE segments_due.due_at <> excluded.due_at
),
unscheduled AS (
    DELETE FROM segments_due d USING claimed c
    WHERE d.segment_id = %(segment)s AND d.member_id = c.member_id
      AND NOT EXISTS (SELECT FROM answer a WHERE a.member_id = c.member_id AND a.due_at IS NOT NULL)
),
moved AS (
    SELECT member_id, joined_at AS at, 1 AS joined, 0 AS gone FROM opened
    UNION ALL
    SELECT member_id, left_at, 0, 1 FROM closed
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT at, CASE joined WHEN 1 THEN 'segment.joined' ELSE 'segment.left' END, member_id,
           jsonb_build_object('segment', %(segment)s::bigint, 'version', %(version)s::int)
    FROM moved ORDER BY member_id
),
tallied AS (
    INSERT INTO segments_tally (segment_id, day, joined, "left")
    SELECT %(segment)s, (at AT TIME ZONE %(zone)s)::date, sum(joined), sum(gone) FROM moved GROUP BY 2
)
SELECT coalesce(sum(joined), 0), coalesce(sum(gone), 0) FROM moved
