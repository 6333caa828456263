-- The yardstick: one aggregated read, by member, of the raw facts.
SELECT count(*), sum(t.trades), sum(t.amount), max(t.first_at), min(t.last_at), sum(v.days), max(v.last_on), sum(v.high),
       sum(e.events), sum(e.logins), min(e.last_at)
FROM (
    SELECT member_id, count(*) AS trades, sum(amount) AS amount, min(at) AS first_at, max(at) AS last_at
    FROM portfolio_transaction GROUP BY member_id
) t
FULL JOIN (
    SELECT member_id, count(*) AS days, max(date) AS last_on, max(aum) AS high
    FROM portfolio_valuation GROUP BY member_id
) v USING (member_id)
FULL JOIN (
    SELECT member_id, count(*) AS events, count(*) FILTER (WHERE name = 'login') AS logins, max(at) AS last_at
    FROM profiles_event GROUP BY member_id
) e USING (member_id)
