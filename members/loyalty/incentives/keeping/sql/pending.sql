WITH live AS MATERIALIZED (
    SELECT r.id, r.computed_at, r.failed_at FROM loyalty_keptrule r
    WHERE r.starts_at <= %(now)s AND (r.ends_at IS NULL OR r.ends_at > %(now)s)
)
SELECT EXISTS (SELECT FROM loyalty_incentive_dirty)
    OR EXISTS (SELECT FROM live WHERE computed_at IS NULL AND failed_at IS NULL)
    OR EXISTS (
        SELECT FROM live
        CROSS JOIN LATERAL (
            SELECT FROM loyalty_ruledue d WHERE d.rule_id = live.id AND d.due_at <= %(now)s LIMIT 1
        ) due
        WHERE live.computed_at IS NOT NULL
    )
