, stored AS (
    INSERT INTO delivery_verdict (
        member_id, call, copy_version_id, template_hash, channel, selection, outcome, row, reasons, decided_at, not_before,
        snapshot
    )
    SELECT * FROM verdict RETURNING outcome, row
)
SELECT outcome, row, count(*) FROM stored GROUP BY outcome, row
