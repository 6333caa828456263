-- Messages to be sent, one a member, so that each counts the one before. Uses index: message_to_send. Members are locked, in
-- the order of their ids, by whoever sends; a member that somebody else holds waits for the next round.
WITH due AS (
    SELECT DISTINCT ON (m.member_id) m.member_id, m.id
    FROM (
        SELECT member_id, id, queued_at FROM delivery_message
        WHERE state = 'queued' AND not_before <= %(now)s ORDER BY not_before, member_id, id LIMIT %(batch)s
    ) AS m
    ORDER BY m.member_id, m.queued_at, m.id
)
SELECT d.member_id, d.id FROM due AS d
JOIN profiles_member AS p ON p.id = d.member_id
JOIN delivery_message AS m ON m.member_id = d.member_id AND m.id = d.id AND m.state = 'queued'
ORDER BY d.member_id
FOR NO KEY UPDATE OF p, m SKIP LOCKED
