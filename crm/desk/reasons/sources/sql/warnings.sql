-- A churn signal that is nothing but an open complaint is a reason of its own (complaints).
SELECT b.member_id, w.raised_at AS since, NULL::date AS due,
    CASE
        WHEN w.kind = 'aum_fall' THEN greatest(b.aum, (w.evidence ->> 'peak_aum')::numeric - b.aum)
        ELSE b.aum
    END AS stake,
    CASE w.kind WHEN 'signal' THEN 1.0 WHEN 'aum_fall' THEN 0.8 ELSE 0.5 END AS urgency,
    jsonb_build_object('kind', w.kind, 'evidence', w.evidence, 'aum', b.aum::text) AS detail
FROM book AS b
JOIN lifecycle_warning AS w ON w.member_id = b.member_id
WHERE w.ended_at IS NULL AND w.superseded_at IS NULL
  AND NOT (
      w.kind = 'signal' AND w.evidence ->> 'closing_at' IS NULL
      AND EXISTS (
          SELECT FROM profiles_complaint AS c
          WHERE c.member_id = b.member_id AND c.received_at <= %(now)s::timestamptz
            AND (c.closed_at IS NULL OR c.closed_at > %(now)s::timestamptz)
      )
  )
