-- The members with the highest assets, first the highest: id, region, registration.
SELECT member.id, member.region, member.registered_at
FROM (
    SELECT DISTINCT ON (member_id) member_id, aum
    FROM portfolio_valuation
    ORDER BY member_id, date DESC
) AS latest
JOIN profiles_member AS member ON member.id = latest.member_id
WHERE latest.aum > 0 AND member.registered_at IS NOT NULL
ORDER BY latest.aum DESC, member.id
LIMIT %(most)s
