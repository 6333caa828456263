-- Points given for what was superseded since.
SELECT r.member_id, r.id, r.version_id, r.earned, i.programme_id
FROM loyalty_incentivereward r
JOIN loyalty_incentiveversion v ON v.id = r.version_id
JOIN loyalty_incentive i ON i.id = v.incentive_id
WHERE r.outcome = 'to_reverse'
LIMIT %(batch)s
