DROP TABLE IF EXISTS pg_temp.search_wanted;
CREATE TEMP TABLE search_wanted (member_id bigint, lines text);
ANALYZE pg_temp.search_wanted;
DELETE FROM profiles_searchterm AS t
USING pg_temp.search_wanted AS w
JOIN profiles_member AS m ON m.id = w.member_id AND m.search_text <> w.lines
CROSS JOIN unnest(string_to_array(substr(m.search_text, 2), E'\n')) AS line
WHERE t.term = line AND t.member_id = m.id;
INSERT INTO profiles_searchterm (term, member_id)
SELECT line, w.member_id
FROM pg_temp.search_wanted AS w
CROSS JOIN unnest(string_to_array(substr(w.lines, 2), E'\n')) AS line
ORDER BY line COLLATE "C", w.member_id
ON CONFLICT (term, member_id) DO NOTHING;
UPDATE profiles_member AS m SET search_text = w.lines
FROM pg_temp.search_wanted AS w
WHERE m.id = w.member_id AND m.search_text <> w.lines
