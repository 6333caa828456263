-- Insert the changes that are not recorded yet, and publish them; a past that is written afterwards is not published.
WITH found AS (
    SELECT c.member_id, lifecycle_day_start(c.day, %(zone)s, %(stable_from)s, %(offset)s::interval) AS effective_at,
           f.id AS from_id, o.id AS to_id, f.code AS from_code, o.code AS to_code, c.reason, c.version, c.inputs,
           k.is_known OR c.day >= %(today)s::date - 1 AS is_news
    FROM _tier_change c
    JOIN _tier_claim k USING (member_id)
    JOIN loyalty_tier o ON o.programme_id = %(programme)s AND o.rank = c.to_rank
    LEFT JOIN loyalty_tier f ON f.programme_id = %(programme)s AND f.rank = c.from_rank
),
added AS (
    INSERT INTO loyalty_tierchange (
        member_id, programme_id, from_tier_id, to_tier_id, effective_at, recorded_at, reason, policy_version, inputs
    )
    SELECT member_id, %(programme)s, from_id, to_id, effective_at, %(now)s, reason, version, inputs
    FROM found f
    WHERE NOT EXISTS (
        SELECT FROM loyalty_tierchange t
        WHERE t.member_id = f.member_id AND t.programme_id = %(programme)s AND t.effective_at = f.effective_at
          AND t.superseded_at IS NULL
    )
    ORDER BY member_id, effective_at
    RETURNING member_id, effective_at
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s, 'tier.changed', f.member_id, jsonb_strip_nulls(jsonb_build_object(
        'programme', %(programme)s::bigint, 'effective_at', f.effective_at, 'from', f.from_code, 'to', f.to_code,
        'reason', f.reason
    ))
    FROM found f JOIN added USING (member_id, effective_at)
    WHERE f.is_news AND f.from_id IS NOT NULL
    ORDER BY f.member_id, f.effective_at
)
SELECT FROM added
