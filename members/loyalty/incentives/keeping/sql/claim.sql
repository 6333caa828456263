-- Take the marks of members of the parts that are held, with the pairs that are due; both are decided from facts that are read later.
WITH marked AS (
    SELECT DISTINCT member_id FROM loyalty_incentive_dirty
    WHERE member_id IS NOT NULL AND member_id %% %(parts)s = ANY(%(held)s)
    ORDER BY member_id LIMIT %(batch)s
),
taken AS (
    DELETE FROM loyalty_incentive_dirty d USING marked WHERE d.member_id = marked.member_id
    RETURNING d.member_id, d.source,
        coalesce(greatest(d.at, d.day::timestamp AT TIME ZONE %(zone)s), %(now)s) AS at,
        CASE WHEN d.source = ANY(%(dated)s) THEN greatest(d.at, d.day::timestamp AT TIME ZONE %(zone)s) END AS fact_at
),
due AS (
    SELECT d.member_id, d.rule_id, d.due_at
    FROM unnest(%(kept)s::bigint[]) AS kept (id)
    CROSS JOIN LATERAL (
        SELECT member_id, rule_id, due_at FROM loyalty_ruledue
        WHERE rule_id = kept.id AND due_at <= %(now)s AND member_id %% %(parts)s = ANY(%(held)s)
        LIMIT %(batch)s
    ) d
)
INSERT INTO _incentive_claim (member_id, source, rule_id, at, earliest)
SELECT member_id, source, NULL, least(max(at), %(now)s), min(coalesce(fact_at, '-infinity')) FROM taken GROUP BY member_id, source
UNION ALL
SELECT member_id, NULL, rule_id, due_at, NULL FROM due
