SELECT DISTINCT w.recorded_at FROM loyalty_stepdone w
JOIN _incentive_claim c ON c.member_id = w.member_id AND c.source = ANY(%(tables)s) AND c.earliest <= w.recorded_at
WHERE w.version_id = %(version)s AND w.position = %(position)s AND w.superseded_at IS NULL AND w.recorded_at < %(now)s
ORDER BY 1
