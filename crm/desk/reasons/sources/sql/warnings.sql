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
