paths AS (
    SELECT * FROM walked
    UNION ALL
    SELECT member_id, at, worth, NULL, window_start, NULL, NULL, NULL, NULL FROM base WHERE plain
)
