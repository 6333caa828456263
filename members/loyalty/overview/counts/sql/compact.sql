-- Replace changes of the counts by adding them to the totals. One statement: a reader sees them before or after it,
-- never twice.
WITH deltas AS (
    DELETE FROM loyalty_loyaltycount WHERE id IN (
        SELECT id FROM loyalty_loyaltycount WHERE NOT is_total ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    RETURNING programme_id, counted, month, key, other, count, amount
),
added AS (
    INSERT INTO loyalty_loyaltycount AS total (programme_id, counted, month, key, other, count, amount, is_total)
    SELECT programme_id, counted, month, key, other, sum(count), sum(amount), true FROM deltas
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (programme_id, counted, month, key, other) WHERE is_total
        DO UPDATE SET count = total.count + excluded.count, amount = total.amount + excluded.amount
)
SELECT FROM deltas
