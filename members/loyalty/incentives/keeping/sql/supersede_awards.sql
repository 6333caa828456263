WITH gone AS (
    UPDATE loyalty_badgeaward w SET superseded_at = greatest(%(now)s, w.recorded_at), reason = %(reason)s
    WHERE w.id = ANY(%(wrong)s) AND w.version_id = %(version)s AND w.superseded_at IS NULL
      AND w.member_id IN (SELECT member_id FROM _incentive_claim)
    RETURNING w.member_id, w.period
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s, 'badge.superseded', member_id, jsonb_build_object('badge', %(code)s::text, 'period', period)
    FROM gone ORDER BY member_id
)
SELECT count(*) FROM gone
