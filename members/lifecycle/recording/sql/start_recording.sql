-- Set the instant from which transitions are recorded; nothing before it is evaluated.
WITH start AS (
    SELECT c.member_id,
           CASE WHEN %(history)s OR m.known_at > %(new_after)s THEN least(m.known_at, %(now)s)
                ELSE %(now)s END AS recorded_from
    FROM _claim c
    JOIN lifecycle_standing s USING (member_id)
    JOIN profiles_member m ON m.id = c.member_id
    -- A change of known_at dirties its member from before all records, so it is late.
    WHERE c.is_new OR (c.is_late AND m.known_at < s.recorded_from AND (%(history)s OR m.known_at > %(new_after)s))
),
started AS (
    UPDATE lifecycle_standing s SET recorded_from = start.recorded_from
    FROM start WHERE s.member_id = start.member_id
    RETURNING s.member_id, s.recorded_from
)
UPDATE _claim c SET from_at = started.recorded_from, is_new = true, one_instant = false, first_invested_at = NULL
FROM started WHERE started.member_id = c.member_id
