-- The yardstick: one aggregated read, by member, of the raw valuations and points entries.
SELECT count(*), sum(v.days), max(v.last_on), sum(v.aum), sum(e.entries), sum(e.points)
FROM (
    SELECT member_id, count(*) AS days, max(date) AS last_on, sum(aum) AS aum
    FROM portfolio_valuation GROUP BY member_id
) v
FULL JOIN (
    SELECT member_id, count(*) AS entries, sum(points) AS points FROM loyalty_pointsentry GROUP BY member_id
) e USING (member_id)
