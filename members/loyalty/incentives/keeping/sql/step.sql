-- Decide about the members of an answer who are on the quest: who has done the step, and with it all of them.
WITH {answer},
quest AS MATERIALIZED (
    SELECT a.member_id, a.brought_by, a.holds, a.due_at, q.id, q.ends_at, q.earned_at,
           greatest(a.at, q.started_at, CASE WHEN %(in_order)s THEN before.at END) AS at,
           %(position)s = 1 OR NOT %(in_order)s OR before.at IS NOT NULL AS is_its_turn,
           coalesce(done.positions, '{{}}') AS positions, done.last_at, done.last_rewarded_at
    FROM answer a
    JOIN loyalty_questprogress q ON q.member_id = a.member_id AND q.version_id = %(version)s
     AND q.superseded_at IS NULL AND q.completed_at IS NULL
    LEFT JOIN loyalty_stepdone before ON before.member_id = a.member_id AND before.version_id = %(version)s
     AND before.position = %(position)s - 1 AND before.superseded_at IS NULL
    CROSS JOIN LATERAL (
        SELECT array_agg(d.position::int) AS positions, max(d.at) AS last_at,
               max(d.at) FILTER (WHERE d.position = ANY(%(rewarded)s::int[])) AS last_rewarded_at
        FROM loyalty_stepdone d
        WHERE d.member_id = a.member_id AND d.version_id = %(version)s AND d.superseded_at IS NULL
    ) done
),
done AS (
    INSERT INTO loyalty_stepdone (member_id, version_id, position, at, brought_by, recorded_at)
    SELECT member_id, %(version)s, %(position)s, at, brought_by, %(now)s
    FROM quest WHERE holds AND is_its_turn AND (ends_at IS NULL OR at <= ends_at)
    ON CONFLICT (member_id, version_id, position) WHERE superseded_at IS NULL DO NOTHING
    RETURNING member_id, at
),
reached AS (
    SELECT q.member_id, q.id, q.earned_at AS earned_before,
           CASE WHEN cardinality(q.positions) + 1 >= %(steps)s THEN greatest(d.at, q.last_at) END AS completed_at,
           CASE WHEN q.positions || %(position)s::int @> %(rewarded)s::int[] AND cardinality(%(rewarded)s::int[]) > 0
               THEN greatest(q.last_rewarded_at,
                             CASE WHEN %(position)s::int = ANY(%(rewarded)s::int[]) THEN d.at END) END AS earned_at
    FROM done d JOIN quest q ON q.member_id = d.member_id
),
moved AS (
    UPDATE loyalty_questprogress q
    SET completed_at = r.completed_at, earned_at = coalesce(q.earned_at, r.earned_at)
    FROM reached r
    WHERE q.member_id = r.member_id AND q.id = r.id
      AND (r.completed_at IS NOT NULL OR (r.earned_at IS NOT NULL AND q.earned_at IS NULL))
    RETURNING q.member_id, q.completed_at
),
owed AS (
    INSERT INTO loyalty_incentivereward (member_id, version_id, earned, points, at, outcome, recorded_at)
    SELECT member_id, %(version)s, id, %(points)s, earned_at, 'owed', %(now)s
    FROM reached WHERE %(points)s > 0 AND earned_at IS NOT NULL AND earned_before IS NULL
),
asked AS (
    INSERT INTO _incentive_claim (member_id, rule_id, at)
    SELECT d.member_id, step.rule_id, d.at
    FROM done d CROSS JOIN unnest(%(following)s::bigint[]) AS step (rule_id)
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT completed_at, 'quest.completed', member_id, jsonb_build_object('quest', %(code)s::text)
    FROM moved WHERE completed_at IS NOT NULL ORDER BY member_id
),
coming AS (
    SELECT member_id, due_at FROM quest
    WHERE NOT holds AND due_at IS NOT NULL AND (ends_at IS NULL OR due_at <= ends_at)
),
scheduled AS (
    INSERT INTO loyalty_ruledue (member_id, rule_id, due_at)
    SELECT member_id, %(rule)s, due_at FROM coming
    ON CONFLICT (member_id, rule_id) DO UPDATE SET due_at = excluded.due_at
    WHERE loyalty_ruledue.due_at <> excluded.due_at
),
unscheduled AS (
    DELETE FROM loyalty_ruledue d USING (
        SELECT member_id FROM _incentive_claim WHERE rule_id = %(rule)s OR source = ANY(%(tables)s)
    ) c
    WHERE d.rule_id = %(rule)s AND d.member_id = c.member_id
      AND NOT EXISTS (SELECT FROM coming WHERE coming.member_id = d.member_id)
)
SELECT (SELECT count(*) FROM done), (SELECT count(*) FROM done)
