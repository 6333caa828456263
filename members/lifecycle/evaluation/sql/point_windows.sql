aum_windows AS (
    SELECT * FROM computed_windows
    UNION ALL
    SELECT member_id, at, current_aum, 0, NULL, current_aum_on, NULL, max_aum, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           false, NULL, false, false, false, max_aum, false
    FROM facts WHERE is_simple
)
