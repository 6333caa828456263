-- Mark changes superseded that members evaluated from their first day no longer have, and publish that.
WITH superseded AS (
    UPDATE loyalty_tierchange t SET superseded_at = %(now)s
    FROM _tier_claim k
    WHERE k.after IS NULL AND t.member_id = k.member_id AND t.programme_id = %(programme)s AND t.superseded_at IS NULL
      AND NOT EXISTS (
          SELECT FROM _tier_change c
          JOIN loyalty_tier o ON o.programme_id = %(programme)s AND o.rank = c.to_rank
          LEFT JOIN loyalty_tier f ON f.programme_id = %(programme)s AND f.rank = c.from_rank
          WHERE c.member_id = t.member_id
            AND lifecycle_day_start(c.day, %(zone)s, %(stable_from)s, %(offset)s::interval) = t.effective_at
            AND (f.id, o.id, c.reason, c.version, c.inputs)
                IS NOT DISTINCT FROM (t.from_tier_id, t.to_tier_id, t.reason, t.policy_version, t.inputs)
      )
    RETURNING t.member_id, t.effective_at, t.from_tier_id, t.to_tier_id
)
INSERT INTO runtime_change (at, kind, member_id, payload)
SELECT %(now)s, 'tier.change_superseded', s.member_id, jsonb_strip_nulls(jsonb_build_object(
    'programme', %(programme)s::bigint, 'effective_at', s.effective_at, 'from', f.code, 'to', o.code
))
FROM superseded s
JOIN loyalty_tier o ON o.id = s.to_tier_id
LEFT JOIN loyalty_tier f ON f.id = s.from_tier_id
ORDER BY s.member_id, s.effective_at
