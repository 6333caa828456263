aum_windows AS (
    SELECT * FROM computed_windows
    UNION ALL
    SELECT member_id, at, current_aum, current_aum_on, NULL, max_aum, NULL, NULL, NULL FROM facts WHERE is_simple
)
