-- Deferrals to be decided again, one a member; otherwise as claim_messages.sql. Uses index: deferral_to_decide.
WITH due AS (
    SELECT DISTINCT ON (d.member_id) d.member_id, d.id
    FROM (
        SELECT member_id, id, created_at FROM delivery_deferral
        WHERE ended_at IS NULL AND decide_at <= %(now)s ORDER BY decide_at, member_id, id LIMIT %(batch)s
    ) AS d
    ORDER BY d.member_id, d.created_at, d.id
)
SELECT d.member_id, d.id FROM due AS d
JOIN profiles_member AS p ON p.id = d.member_id
JOIN delivery_deferral AS w ON w.member_id = d.member_id AND w.id = d.id AND w.ended_at IS NULL
ORDER BY d.member_id
FOR NO KEY UPDATE OF p, w SKIP LOCKED
