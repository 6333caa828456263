-- The step is open again; a quest that was completed, or earned its points, with it goes on in a row of its own.
WITH gone AS (
    UPDATE loyalty_stepdone w SET superseded_at = greatest(%(now)s, w.recorded_at), reason = %(reason)s
    WHERE w.id = ANY(%(wrong)s) AND w.version_id = %(version)s AND w.superseded_at IS NULL
      AND w.member_id IN (SELECT member_id FROM _incentive_claim)
    RETURNING w.member_id
),
undone AS (
    UPDATE loyalty_questprogress q SET superseded_at = greatest(%(now)s, q.recorded_at), reason = %(reason)s
    FROM gone
    WHERE q.member_id = gone.member_id AND q.version_id = %(version)s AND q.superseded_at IS NULL
      AND (q.completed_at IS NOT NULL OR (q.earned_at IS NOT NULL AND %(position)s::int = ANY(%(rewarded)s::int[])))
    RETURNING q.member_id, q.incentive_id, q.version_id, q.started_at, q.ends_at, q.earned_at, q.completed_at
),
resumed AS (
    INSERT INTO loyalty_questprogress
        (member_id, incentive_id, version_id, started_at, ends_at, earned_at, recorded_at)
    SELECT member_id, incentive_id, version_id, started_at, ends_at,
           CASE WHEN NOT %(position)s::int = ANY(%(rewarded)s::int[]) THEN earned_at END, %(now)s
    FROM undone
),
taken_back AS (
    UPDATE loyalty_incentivereward r
    SET outcome = CASE r.outcome WHEN 'paid' THEN 'to_reverse' ELSE 'reversed' END
    FROM gone
    WHERE r.member_id = gone.member_id AND r.version_id = %(version)s AND r.outcome IN ('owed', 'paid')
      AND %(position)s::int = ANY(%(rewarded)s::int[])
),
asked AS (
    INSERT INTO loyalty_incentive_dirty (member_id, source)
    SELECT member_id, (%(tables)s::text[])[1] FROM gone
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s, 'quest.superseded', member_id, jsonb_build_object('quest', %(code)s::text)
    FROM undone WHERE completed_at IS NOT NULL ORDER BY member_id
)
SELECT count(*) FROM gone
