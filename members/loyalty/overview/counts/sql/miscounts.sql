-- Kept counts that differ from the rows they count: (what, key as text, kept, counted, kept amount, counted amount).
SELECT counted, label, sum(kept)::bigint, sum(found)::bigint, sum(kept_amount), sum(found_amount)
FROM (
    SELECT counted, concat_ws(' ', programme_id, month, key, other) AS label, count AS kept, 0 AS found,
        amount AS kept_amount, 0 AS found_amount
    FROM loyalty_loyaltycount
    UNION ALL
    SELECT 'tier', concat_ws(' ', programme_id, tier_id, ''), 0, 1, 0, 0 FROM loyalty_tierstanding
    UNION ALL
    SELECT 'move', concat_ws(' ', programme_id, loyalty_month_of(effective_at), coalesce(from_tier_id::text, ''), to_tier_id),
        0, 1, 0, 0
    FROM loyalty_tierchange WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'points', concat_ws(' ', programme_id, loyalty_month_of(at), kind, ''), 0, 1, 0, points FROM loyalty_pointsentry
    UNION ALL
    SELECT 'benefit', concat_ws(' ', b.programme_id, date_trunc('month', u.day::timestamp)::date, u.benefit_id, ''),
        0, 1, 0, u.cost
    FROM loyalty_benefituse AS u JOIN loyalty_benefit AS b ON b.id = u.benefit_id WHERE u.undone_at IS NULL
    UNION ALL
    SELECT 'badge', concat_ws(' ', i.programme_id, loyalty_month_of(a.at), a.incentive_id, ''), 0, 1, 0, 0
    FROM loyalty_badgeaward AS a JOIN loyalty_incentive AS i ON i.id = a.incentive_id WHERE a.superseded_at IS NULL
    UNION ALL
    SELECT 'quest', concat_ws(' ', i.programme_id, loyalty_month_of(f.at), q.incentive_id, f.what), 0, 1, 0, 0
    FROM loyalty_questprogress AS q JOIN loyalty_incentive AS i ON i.id = q.incentive_id
    CROSS JOIN LATERAL (VALUES ('started', q.started_at), ('completed', q.completed_at)) AS f (what, at)
    WHERE q.superseded_at IS NULL AND f.at IS NOT NULL
) AS both_sides
GROUP BY 1, 2 HAVING sum(kept) <> sum(found) OR sum(kept_amount) <> sum(found_amount)
ORDER BY 1, 2
