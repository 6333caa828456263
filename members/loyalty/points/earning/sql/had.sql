-- What these rules gave since the start of the month of the earliest change, and has not been taken back: against the
-- facts of the claim where `is_claimed`, and for the caps of day and month. `sources` are the tables of the versions.
-- Member by member (OFFSET 0): the planner may believe the ledger to be nearly empty and compare all of it with all claims.
INSERT INTO _earn_had
SELECT e.member_id, e.id, e.rule_version_id, e.source_row, e.at, e.amount, e.points, coalesce(e.at >= l.since, false)
FROM (SELECT member_id, min(since) AS since FROM _earn_claim GROUP BY member_id) c
CROSS JOIN LATERAL (
    SELECT * FROM loyalty_pointsentry e
    WHERE e.member_id = c.member_id AND e.rule_version_id = ANY(%(versions)s) AND e.kind = 'earn'
      -- A day earlier than the month: where its first midnight comes twice, whichever is meant.
      AND e.at >= least(c.since, date_trunc('month', c.since AT TIME ZONE current_setting('perennial.zone'))
                                 AT TIME ZONE current_setting('perennial.zone') - interval '1 day')
      AND NOT EXISTS (
          SELECT FROM loyalty_pointsentry t WHERE t.member_id = e.member_id AND t.key = 'taken:' || e.id
      )
    OFFSET 0
) e
LEFT JOIN unnest(%(versions)s::bigint[], %(sources)s::text[]) AS v(id, source) ON v.id = e.rule_version_id
LEFT JOIN _earn_claim l ON l.member_id = e.member_id AND l.source = v.source
