-- Decide about the members of an answer: who matches, which awards that brings, when something may change.
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
-- Who matched before has the awards of the periods before: those from the claim's on are missing at most.
matching AS (
    SELECT a.member_id, a.brought_by, greatest(a.at, o.since) AS at
    FROM answer a LEFT JOIN loyalty_rulematch o ON o.member_id = a.member_id AND o.rule_id = %(rule)s
    WHERE a.holds
),
earned AS (
    SELECT m.member_id, m.brought_by, CASE WHEN %(by_period)s THEN to_char(p.begins, %(pattern)s) ELSE '' END AS period,
           greatest(m.at, CASE WHEN %(by_period)s THEN p.begins AT TIME ZONE %(zone)s ELSE m.at END) AS at
    FROM matching m
    CROSS JOIN LATERAL generate_series(
        date_trunc(%(unit)s, m.at AT TIME ZONE %(zone)s), %(now)s::timestamptz AT TIME ZONE %(zone)s,
        %(length)s::interval
    ) AS p (begins)
),
awarded AS (
    INSERT INTO loyalty_badgeaward (member_id, incentive_id, version_id, period, at, brought_by, recorded_at)
    SELECT member_id, %(incentive)s, %(version)s, period, at, brought_by, %(now)s FROM earned
    ON CONFLICT (member_id, incentive_id, period) WHERE superseded_at IS NULL DO NOTHING
    RETURNING member_id, id, period, at
),
owed AS (
    INSERT INTO loyalty_incentivereward (member_id, version_id, earned, points, at, outcome, recorded_at)
    SELECT member_id, %(version)s, id, %(points)s, at, 'owed', %(now)s FROM awarded WHERE %(points)s > 0
),
published AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT at, 'badge.awarded', member_id, jsonb_build_object('badge', %(code)s::text, 'period', period)
    FROM awarded ORDER BY member_id, at
),
coming AS (
    SELECT member_id, least(due_at, CASE WHEN holds AND %(by_period)s THEN (
        date_trunc(%(unit)s, %(now)s::timestamptz AT TIME ZONE %(zone)s) + %(length)s::interval
    ) AT TIME ZONE %(zone)s END) AS due_at
    FROM answer
),
scheduled AS (
    INSERT INTO loyalty_ruledue (member_id, rule_id, due_at)
    SELECT member_id, %(rule)s, due_at FROM coming WHERE due_at IS NOT NULL
    ON CONFLICT (member_id, rule_id) DO UPDATE SET due_at = excluded.due_at
    WHERE loyalty_ruledue.due_at <> excluded.due_at
),
unscheduled AS (
    DELETE FROM loyalty_ruledue d USING coming c
    WHERE d.rule_id = %(rule)s AND d.member_id = c.member_id AND c.due_at IS NULL
)
SELECT (SELECT count(*) FROM awarded), 0
