SELECT EXISTS (SELECT FROM segments_dirty)
    OR EXISTS (
        SELECT FROM segments_segment s
        WHERE s.deleted_at IS NULL AND s.kind <> 'list' AND s.computed_at IS NULL AND s.failed_at IS NULL
    )
    OR EXISTS (
        SELECT FROM segments_segment s
        CROSS JOIN LATERAL (
            SELECT FROM segments_due d WHERE d.segment_id = s.id AND d.due_at <= %(now)s LIMIT 1
        ) due
        WHERE s.deleted_at IS NULL AND s.kind = 'rule' AND s.computed_at IS NOT NULL
    )
