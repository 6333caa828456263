-- All members that match, counted, and the latest of them. "seen" are those whom the reader may see.
WITH matching AS MATERIALIZED (
    SELECT m.id FROM {source} WHERE {condition} {seen}
)
SELECT (SELECT count(*) FROM matching), ARRAY(SELECT id FROM matching ORDER BY id DESC LIMIT %(preview_shown)s)
