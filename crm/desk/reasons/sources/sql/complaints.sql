SELECT b.member_id, c.received_at AS since, NULL::date AS due, b.aum AS stake,
    CASE WHEN c.answered_at IS NULL THEN 1.0 ELSE 0.6 END AS urgency,
    jsonb_build_object('words', c.words, 'is_answered', c.answered_at IS NOT NULL) AS detail
FROM book AS b
JOIN profiles_complaint AS c ON c.member_id = b.member_id
WHERE c.received_at <= %(now)s::timestamptz AND (c.closed_at IS NULL OR c.closed_at > %(now)s::timestamptz)
