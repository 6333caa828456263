WITH gone AS (
    UPDATE loyalty_badgeaward w SET superseded_at = greatest(%(now)s, w.recorded_at), reason = %(reason)s
    WHERE w.id = ANY(%(wrong)s) AND w.version_id = %(version)s AND w.superseded_at IS NULL
      AND w.member_id IN (SELECT member_id FROM _incentive_claim)
    RETURNING w.member_id, w.id, w.period
),
taken_back AS (
    UPDATE loyalty_incentivereward r
    SET outcome = CASE r.outcome WHEN 'paid' THEN 'to_reverse' ELSE 'reversed' END
    FROM gone
    WHERE r.member_id = gone.member_id AND r.version_id = %(version)s AND r.earned = gone.id
      AND r.outcome IN ('owed', 'paid')
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s, 'badge.superseded', member_id, jsonb_build_object('badge', %(code)s::text, 'period', period)
    FROM gone ORDER BY member_id
)
SELECT count(*) FROM gone
