-- Members with assets, the highest first: id, the id given in the files, region, registration.
SELECT member.id, identity.value, member.region, member.registered_at
FROM (
    SELECT DISTINCT ON (member_id) member_id, aum
    FROM portfolio_valuation
    ORDER BY member_id, date DESC
) AS latest
JOIN profiles_member AS member ON member.id = latest.member_id
JOIN profiles_identity AS identity
    ON identity.member_id = member.id AND identity.kind = 'member' AND identity.source = %(source)s
WHERE latest.aum > 0 AND member.registered_at IS NOT NULL
ORDER BY latest.aum DESC, member.id
