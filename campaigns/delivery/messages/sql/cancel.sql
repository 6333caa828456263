-- End what is pending and matches; NULL matches everything. What was queued after the change was decided by it already.
WITH version AS (
    SELECT v.id FROM review_copyversion AS v JOIN review_copy AS c ON c.id = v.copy_id
    WHERE (%(versions)s::bigint[] IS NULL OR v.id = ANY(%(versions)s::bigint[]))
      AND (%(product)s::bigint IS NULL OR c.product_id = %(product)s::bigint)
      AND (%(purposes)s::text[] IS NULL OR c.purpose = ANY(%(purposes)s::text[]))
      AND (%(channels)s::text[] IS NULL OR v.channel = ANY(%(channels)s::text[]))
),
message AS (
    UPDATE delivery_message AS m SET state = 'cancelled', ended_at = %(now)s, reason = %(reason)s
    FROM version AS v
    WHERE m.copy_version_id = v.id AND m.state = 'queued' AND m.queued_at <= %(changed_at)s
      AND (%(members)s::bigint[] IS NULL OR m.member_id = ANY(%(members)s::bigint[]))
      AND (%(selections)s::text[] IS NULL OR m.selection = ANY(%(selections)s::text[]))
    RETURNING m.id
),
deferral AS (
    UPDATE delivery_deferral AS d SET result = 'cancelled', ended_at = %(now)s
    FROM version AS v
    WHERE d.copy_version_id = v.id AND d.ended_at IS NULL AND d.created_at <= %(changed_at)s
      AND (%(members)s::bigint[] IS NULL OR d.member_id = ANY(%(members)s::bigint[]))
      AND (%(selections)s::text[] IS NULL OR d.selection = ANY(%(selections)s::text[]))
    RETURNING d.id
)
SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM deferral)
