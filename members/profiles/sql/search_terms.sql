DROP TABLE IF EXISTS pg_temp.search_term_wanted;
CREATE TEMP TABLE search_term_wanted (member_id bigint, term text COLLATE "C");
DELETE FROM profiles_searchterm AS t
USING (SELECT DISTINCT member_id FROM pg_temp.search_term_wanted) AS named
WHERE t.member_id = named.member_id
  AND NOT EXISTS (
      SELECT FROM pg_temp.search_term_wanted AS w WHERE w.member_id = t.member_id AND w.term = t.term
  );
INSERT INTO profiles_searchterm (member_id, term)
SELECT member_id, term FROM pg_temp.search_term_wanted
ORDER BY member_id, term
ON CONFLICT (member_id, term) DO NOTHING
