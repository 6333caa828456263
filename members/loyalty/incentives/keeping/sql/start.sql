-- Decide about the members of an answer: for whom the quest starts. Its first steps come into question at once.
WITH {answer},
opened AS (
    INSERT INTO loyalty_rulematch (member_id, rule_id, since)
    SELECT member_id, %(rule)s, at FROM answer WHERE holds
    ON CONFLICT (member_id, rule_id) DO NOTHING
    RETURNING member_id
),
closed AS (
    DELETE FROM loyalty_rulematch o USING answer a
    WHERE o.rule_id = %(rule)s AND o.member_id = a.member_id AND NOT a.holds
    RETURNING o.member_id
),
started AS (
    INSERT INTO loyalty_questprogress (member_id, incentive_id, version_id, started_at, ends_at, recorded_at)
    SELECT a.member_id, %(incentive)s, %(version)s, a.at, a.at + %(limit_days)s * interval '24 hours', %(now)s
    FROM answer a WHERE a.holds
    ON CONFLICT (member_id, incentive_id) WHERE superseded_at IS NULL DO NOTHING
    RETURNING member_id, started_at
),
asked AS (
    INSERT INTO _incentive_claim (member_id, rule_id, at)
    SELECT s.member_id, step.rule_id, s.started_at
    FROM started s CROSS JOIN unnest(%(following)s::bigint[]) AS step (rule_id)
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT started_at, 'quest.started', member_id, jsonb_build_object('quest', %(code)s::text)
    FROM started ORDER BY member_id
),
scheduled AS (
    INSERT INTO loyalty_ruledue (member_id, rule_id, due_at)
    SELECT member_id, %(rule)s, due_at FROM answer WHERE due_at IS NOT NULL
    ON CONFLICT (member_id, rule_id) DO UPDATE SET due_at = excluded.due_at
    WHERE loyalty_ruledue.due_at <> excluded.due_at
),
unscheduled AS (
    DELETE FROM loyalty_ruledue d USING answer a
    WHERE d.rule_id = %(rule)s AND d.member_id = a.member_id AND a.due_at IS NULL
)
SELECT (SELECT count(*) FROM started), (SELECT count(*) FROM started)
