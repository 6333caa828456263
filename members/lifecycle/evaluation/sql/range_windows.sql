aum_windows AS (
    SELECT * FROM computed_windows
    UNION ALL
    SELECT member_id, at, current_aum, 0, NULL, NULL, window_start, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           false, NULL, false, false, false, NULL, false
    FROM facts WHERE is_simple
)
