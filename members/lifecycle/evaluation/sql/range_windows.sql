aum_windows AS (
    SELECT * FROM computed_windows
    UNION ALL
    SELECT member_id, at, current_aum, NULL, window_start, NULL, NULL, NULL, NULL FROM facts WHERE is_simple
)
