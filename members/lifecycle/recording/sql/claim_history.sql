-- Claim members whose record does not reach back to the instant they became known.
WITH locked AS MATERIALIZED (
    SELECT s.member_id, m.known_at
    FROM lifecycle_standing s
    JOIN profiles_member m ON m.id = s.member_id
    WHERE (s.recorded_from IS NULL OR s.recorded_from > m.known_at) AND m.known_at <= %(now)s
      AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
    LIMIT %(batch)s
    FOR UPDATE OF s SKIP LOCKED
)
INSERT INTO _claim
SELECT member_id, known_at, false, true, NULL, true, true FROM locked
