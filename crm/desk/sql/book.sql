-- A book, gone through once: its members by stage, those whose stage ends soonest by itself, and those whose assets
-- differ most from those of a day (their last valuation up to then).
WITH book AS MATERIALIZED (
    SELECT s.member_id, s.stage, s.sub_state, s.due_at, s.aum
    FROM ({visible}) AS visible
    JOIN lifecycle_standing AS s USING (member_id)
),
due AS (
    SELECT * FROM book WHERE due_at > %s AND due_at <= %s ORDER BY due_at, member_id LIMIT %s
),
changed AS (
    SELECT book.*, past.aum AS before
    FROM book
    CROSS JOIN LATERAL (
        SELECT v.aum FROM portfolio_valuation AS v
        WHERE v.member_id = book.member_id AND v.date <= %s ORDER BY v.date DESC LIMIT 1
    ) AS past
    WHERE book.aum <> past.aum
    ORDER BY abs(book.aum - past.aum) DESC, book.member_id
    LIMIT %s
)
SELECT 'stage' AS part, count(*) AS number, stage, NULL AS sub_state, NULL::timestamptz AS due_at,
       NULL::numeric AS before, NULL::numeric AS aum
FROM book WHERE stage IS NOT NULL GROUP BY stage
UNION ALL
SELECT 'due', member_id, stage, sub_state, due_at, NULL, NULL FROM due
UNION ALL
SELECT 'changed', member_id, NULL, NULL, NULL, before, aum FROM changed
