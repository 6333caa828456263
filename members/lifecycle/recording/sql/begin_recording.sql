-- Decide from when on transitions are kept, and never recompute what lies before.
WITH start AS (
    SELECT c.member_id,
           CASE WHEN %(history)s OR m.known_at > %(fresh_after)s THEN least(m.known_at, %(now)s)
                ELSE %(now)s END AS recorded_from
    FROM _claim c
    JOIN lifecycle_standing s USING (member_id)
    JOIN profiles_member m ON m.id = c.member_id
    -- Since when a member is known moves only with a mark from the very beginning, that is late.
    WHERE c.fresh OR (c.late AND m.known_at < s.recorded_from AND (%(history)s OR m.known_at > %(fresh_after)s))
),
begun AS (
    UPDATE lifecycle_standing s SET recorded_from = start.recorded_from
    FROM start WHERE s.member_id = start.member_id
    RETURNING s.member_id, s.recorded_from
)
UPDATE _claim c SET from_at = begun.recorded_from, fresh = true, single = false, first_invested_at = NULL
FROM begun WHERE begun.member_id = c.member_id
