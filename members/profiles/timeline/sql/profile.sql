-- What is kept by day is placed at the day's beginning.
SELECT a.assessed_on::timestamp AT TIME ZONE %(zone)s AS at, 'assessed ' || a.assessed_on AS id,
       'assessed' AS kind, NULL::numeric AS amount, a.risk_class AS detail, a.import_id
FROM profiles_riskassessment a WHERE a.member_id = %(member)s AND NOT EXISTS (
    SELECT FROM profiles_attempt o WHERE o.member_id = a.member_id AND o.day = a.assessed_on
)
UNION ALL
SELECT b.started_at, 'book ' || b.started_at, 'assigned', NULL,
       jsonb_build_object('to', f.display_name, 'from', before.display_name, 'note', b.reason, 'by', a.display_name)::text,
       NULL
FROM profiles_book b JOIN staff_staff f ON f.id = b.staff_id
LEFT JOIN staff_staff a ON a.id = b.assigned_by_id
LEFT JOIN profiles_book p ON p.member_id = b.member_id AND p.ended_at = b.started_at
LEFT JOIN staff_staff before ON before.id = p.staff_id
WHERE b.member_id = %(member)s
UNION ALL
SELECT b.ended_at, 'booked ' || b.started_at, 'left', NULL, f.display_name, NULL
FROM profiles_book b JOIN staff_staff f ON f.id = b.staff_id
WHERE b.member_id = %(member)s AND b.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM profiles_book n WHERE n.member_id = b.member_id AND n.started_at = b.ended_at
)
UNION ALL
SELECT i.at, i.kind, i.kind, NULL, NULL, i.import_id
FROM profiles_member m,
     LATERAL (VALUES (m.known_at, 'known', NULL), (m.registered_at, 'registered', m.import_id)) i (at, kind, import_id)
WHERE m.id = %(member)s AND i.at IS NOT NULL
