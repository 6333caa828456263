-- The assets of the last of the richest ("rows" of them), read off the index by stage and assets.
SELECT min(aum) FROM (
    SELECT of_stage.aum
    FROM unnest(%(stages)s::text[]) AS one (stage)
    CROSS JOIN LATERAL (
        SELECT s.aum FROM lifecycle_standing AS s WHERE s.stage = one.stage ORDER BY s.aum DESC LIMIT %(rows)s
    ) AS of_stage
    ORDER BY of_stage.aum DESC LIMIT %(rows)s
) AS richest
