-- The members that the reader sees ("visible"), who are few, by the first of their terms that begins with a text; after a
-- position in that order.
SELECT id FROM (
    SELECT id, split_part(substr(search_text, at + 1), E'\n', 1) COLLATE "C" AS term
    FROM (
        SELECT id, search_text, strpos(search_text, %s::text) AS at
        FROM ({visible}) AS visible JOIN profiles_member USING (id)
    ) AS looked_at
    WHERE at > 0
) AS hit
WHERE (term, id) > (%s::text, %s::bigint) AND id <> ALL(%s::bigint[])
ORDER BY term, id
LIMIT %s
