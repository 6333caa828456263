-- Take the marks of members of the parts that are held, with the pairs that are due; both are decided from facts that are read later.
WITH marked AS (
    SELECT DISTINCT member_id FROM segments_dirty
    WHERE member_id IS NOT NULL AND member_id %% %(parts)s = ANY(%(held)s)
    ORDER BY member_id LIMIT %(batch)s
),
taken AS (
    DELETE FROM segments_dirty d USING marked WHERE d.member_id = marked.member_id
    RETURNING d.member_id, d.source,
        coalesce(greatest(d.at, d.day::timestamp AT TIME ZONE %(zone)s), %(now)s) AS at
),
due AS (
    SELECT d.member_id, d.segment_id, d.due_at
    FROM unnest(%(kept)s::bigint[]) AS kept (id)
    CROSS JOIN LATERAL (
        SELECT member_id, segment_id, due_at FROM segments_due
        WHERE segment_id = kept.id AND due_at <= %(now)s AND member_id %% %(parts)s = ANY(%(held)s)
        LIMIT %(batch)s
    ) d
)
INSERT INTO _segment_claim (member_id, source, segment_id, at)
SELECT member_id, source, NULL, least(max(at), %(now)s) FROM taken GROUP BY member_id, source
UNION ALL
SELECT member_id, NULL, segment_id, due_at FROM due
