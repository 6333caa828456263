SELECT jsonb_build_object(
    'id', c.id, 'received_at', c.received_at, 'words', c.words, 'owner', owner.display_name,
    'answered_at', c.answered_at, 'answer', c.answer
)
FROM profiles_complaint AS c
LEFT JOIN staff_staff AS owner ON owner.id = c.owner_id
WHERE c.member_id = {member} AND c.received_at <= %(now)s::timestamptz
  AND (c.closed_at IS NULL OR c.closed_at > %(now)s::timestamptz)
ORDER BY c.received_at, c.id
LIMIT %(most_complaints)s::integer
