-- Along the terms that begin with the text: each member once, at its smallest such term. That is checked for each row of
-- the index, as a condition that the planner expects to hold for one in two: written as a join, or as a comparison that
-- it expects to be rare, it would make the planner read and sort all the terms.
SELECT t.member_id
FROM profiles_searchterm AS t
WHERE (t.term, t.member_id) > (%(last_term)s, %(last_id)s)  -- the only lower bound: beside it another is not used
  AND (%(end)s::text IS NULL OR t.term < %(end)s)
  AND t.member_id <> ALL(%(without)s::bigint[])
  AND (
      SELECT t.term = split_part(substr(m.search_text, strpos(m.search_text, %(line)s) + 1), E'\n', 1)
      FROM profiles_member AS m
      WHERE m.id = t.member_id
  )
ORDER BY t.term, t.member_id
LIMIT %(limit)s
