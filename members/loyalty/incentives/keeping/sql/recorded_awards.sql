SELECT DISTINCT w.recorded_at FROM loyalty_badgeaward w
JOIN _incentive_claim c ON c.member_id = w.member_id AND c.source = ANY(%(tables)s) AND c.earliest <= w.recorded_at
WHERE w.version_id = %(version)s AND w.superseded_at IS NULL AND NOT EXISTS (
    SELECT FROM loyalty_rulematch o WHERE o.member_id = w.member_id AND o.rule_id = %(rule)s
)
ORDER BY 1
