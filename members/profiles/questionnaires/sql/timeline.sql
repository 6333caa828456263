SELECT a.at, 'attempt ' || a.number AS id, 'attempt' AS kind, NULL::numeric AS amount, a.risk_class::text AS detail,
       NULL::bigint AS import_id
FROM profiles_attempt a WHERE a.member_id = %(member)s
UNION ALL
SELECT w.at, 'withdrawal ' || w.number, 'withdrawal', NULL, w.reason, NULL
FROM profiles_assessmentwithdrawal w WHERE w.member_id = %(member)s
UNION ALL
SELECT l.created_at, 'link ' || l.number, 'link', NULL, f.display_name, NULL
FROM profiles_questionnairelink l LEFT JOIN staff_staff f ON f.id = l.requested_by_id
WHERE l.member_id = %(member)s
