SELECT step.at, c.id || ' ' || step.kind AS id, step.kind, NULL::numeric AS amount, step.words AS detail, c.import_id
FROM profiles_complaint c
CROSS JOIN LATERAL (VALUES
    ('complaint_received', c.received_at, c.words),
    ('complaint_answered', c.answered_at, c.answer),
    (CASE WHEN c.lapses AND c.closed_by_id IS NULL THEN 'complaint_lapsed' ELSE 'complaint_closed' END, c.closed_at, c.resolution)
) step (kind, at, words)
WHERE c.member_id = %(member)s AND step.at IS NOT NULL
