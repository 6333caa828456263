paths AS (
    SELECT * FROM walked
    UNION ALL
    SELECT member_id, at, worth, worth_on, NULL, most, NULL, NULL, NULL FROM base WHERE plain
)
