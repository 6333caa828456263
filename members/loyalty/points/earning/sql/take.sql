-- Postings whose fact is gone or another by now are taken back, one call of the ledger each: they are few. `sources`
-- are the tables of the versions.
WITH gone AS MATERIALIZED (
    SELECT e.member_id, e.id, e.points
    FROM unnest(%(versions)s::bigint[], %(sources)s::text[]) AS v(id, source)
    JOIN _earn_claim c ON c.source = v.source
    JOIN loyalty_pointsentry e ON e.member_id = c.member_id AND e.at >= c.since AND e.rule_version_id = v.id
    LEFT JOIN _earn_fact f ON f.member_id = e.member_id AND f.source_row = e.source_row
        AND f.version_id = e.rule_version_id AND f.at = e.at AND f.amount IS NOT DISTINCT FROM e.amount
    WHERE e.kind = 'earn' AND f.member_id IS NULL
      AND NOT EXISTS (
          SELECT FROM loyalty_pointsentry t WHERE t.member_id = e.member_id AND t.key = 'taken:' || e.id
      )
    ORDER BY e.member_id, e.id
), taken AS MATERIALIZED (
    SELECT g.points, loyalty_claw_back(
        %(programme)s, g.member_id, g.id, NULL, 'taken:' || g.id, %(now)s, 'fact_changed'
    ) FROM gone g
)
SELECT count(*), coalesce(sum(points), 0)::bigint FROM taken
