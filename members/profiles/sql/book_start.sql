-- Open a row for every member that has none now, after the end of its last one.
INSERT INTO profiles_book (member_id, started_at, staff_id, reason, assigned_by_id)
SELECT member.id, GREATEST(%(now)s, past.ended_at), %(staff)s, %(reason)s, %(by)s
FROM profiles_member AS member
LEFT JOIN LATERAL (
    SELECT max(book.ended_at) AS ended_at, bool_or(book.ended_at IS NULL) AS has_manager
    FROM profiles_book AS book
    WHERE book.member_id = member.id
) AS past ON true
WHERE member.id = ANY(%(members)s) AND past.has_manager IS NOT TRUE
