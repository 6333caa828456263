-- What these rules gave for facts of the claim, and has not been taken back. `sources` are the tables of the versions.
-- Member by member (OFFSET 0): the planner may believe the ledger to be nearly empty and compare all of it with all claims.
INSERT INTO _earn_had
SELECT e.member_id, e.id, e.rule_version_id, e.source_row, e.at, e.amount, e.points
FROM (SELECT source, array_agg(id) AS ids FROM unnest(%(versions)s::bigint[], %(sources)s::text[]) AS v(id, source)
      GROUP BY source) v
JOIN _earn_claim c ON c.source = v.source
CROSS JOIN LATERAL (
    SELECT * FROM loyalty_pointsentry e
    WHERE e.member_id = c.member_id AND e.at >= c.since AND e.rule_version_id = ANY(v.ids) AND e.kind = 'earn'
      AND NOT EXISTS (
          SELECT FROM loyalty_pointsentry t WHERE t.member_id = e.member_id AND t.key = 'taken:' || e.id
      )
    OFFSET 0
) e
