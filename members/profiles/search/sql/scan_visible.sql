-- The members that the reader sees ("visible"), who are few, by a term that begins with the first text, then by one that
-- begins with the second; each once, after a position in that order.
SELECT id FROM (
    SELECT id, (first = 0)::integer AS number,
           split_part(substr(search_text, CASE WHEN first > 0 THEN first ELSE second END + 1), E'\n', 1)
               COLLATE "C" AS term
    FROM (
        SELECT id, search_text, strpos(search_text, %s::text) AS first, strpos(search_text, %s::text) AS second
        FROM ({visible}) AS visible JOIN profiles_member USING (id)
    ) AS looked_at
    WHERE first > 0 OR second > 0
) AS hit
WHERE (number, term, id) > (%s::integer, %s::text, %s::bigint) AND id <> ALL(%s::bigint[])
ORDER BY number, term, id
LIMIT %s
