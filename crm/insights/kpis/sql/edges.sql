-- The assets of everybody who has invested at the end of some days ("until": the instants at which these end), each day
-- once, for all periods that begin or end there.
INSERT INTO pg_temp.aum_edges (member_id, day, aum)
SELECT standing.member_id, edge.day, summed.aum
FROM unnest(%(days)s::date[], %(untils)s::timestamptz[]) AS edge (day, until)
JOIN lifecycle_standing AS standing ON standing.first_invested_at < edge.until
{aum_at_edge}