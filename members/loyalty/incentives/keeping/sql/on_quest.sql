EXISTS (
    SELECT FROM loyalty_questprogress q
    WHERE q.member_id = c.member_id AND q.version_id = %(version)s AND q.completed_at IS NULL
      AND q.superseded_at IS NULL AND (q.ends_at IS NULL OR q.ends_at >= c.at)
      AND NOT EXISTS (
        SELECT FROM loyalty_stepdone d
        WHERE d.member_id = q.member_id AND d.version_id = q.version_id AND d.position = %(position)s
          AND d.superseded_at IS NULL
      )
)
