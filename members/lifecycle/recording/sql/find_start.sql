-- A rewritten past needs a stage to start from: the transition before from_at, else the beginning of the record.
UPDATE _claim c
SET from_at = CASE
        WHEN c.from_at <= s.recorded_from OR NOT EXISTS (
            SELECT FROM lifecycle_transition t
            WHERE t.member_id = c.member_id AND t.superseded_at IS NULL AND t.effective_at < c.from_at
        ) THEN s.recorded_from
        ELSE c.from_at END
FROM lifecycle_standing s
WHERE s.member_id = c.member_id AND c.is_late AND NOT c.is_new
