-- What these rules gave for facts of the claim, and has not been taken back. `sources` are the tables of the versions.
INSERT INTO _earn_had
SELECT e.member_id, e.id, e.rule_version_id, e.source_row, e.at, e.amount, e.points
FROM unnest(%(versions)s::bigint[], %(sources)s::text[]) AS v(id, source)
JOIN _earn_claim c ON c.source = v.source
JOIN loyalty_pointsentry e ON e.member_id = c.member_id AND e.at >= c.since AND e.rule_version_id = v.id
WHERE e.kind = 'earn' AND NOT EXISTS (
    SELECT FROM loyalty_pointsentry t WHERE t.member_id = e.member_id AND t.key = 'taken:' || e.id
)
