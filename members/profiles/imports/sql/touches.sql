-- Who says whose a visitor is waits for all who are storing touches of visitors without an owner, and they for it: else
-- neither would see the rows of the other, and those touches would stay without owner. Held until the batch is stored.
SELECT CASE
    WHEN bool_or(member_id IS NOT NULL AND found_visitor_id IS NULL)
        THEN pg_advisory_xact_lock(hashtextextended('visitors of touches', 0))
    WHEN bool_or(member_id IS NULL) THEN pg_advisory_xact_lock_shared(hashtextextended('visitors of touches', 0))
END
FROM pg_temp.imports_parsed WHERE fault IS NULL AND visitor_id <> '';

-- Whom another batch has named in the meantime.
UPDATE pg_temp.imports_parsed AS p SET found_visitor_id = i.member_id
FROM profiles_identity AS i
WHERE p.fault IS NULL AND p.visitor_id <> '' AND p.found_visitor_id IS NULL
  AND i.kind = 'visitor' AND i.source = %(source)s AND i.value = p.visitor_id;

-- A visitor belongs to one member: who the store says, else the first row of the batch that says so.
UPDATE pg_temp.imports_parsed AS p SET fault = %(other)s
WHERE p.fault IS NULL AND p.visitor_id <> '' AND p.member_id <> p.found_visitor_id;

UPDATE pg_temp.imports_parsed AS p SET fault = %(other)s
FROM (
    SELECT DISTINCT ON (visitor_id) visitor_id, member_id
    FROM pg_temp.imports_parsed
    WHERE fault IS NULL AND visitor_id <> '' AND member_id IS NOT NULL
    ORDER BY visitor_id, line
) AS first
WHERE p.fault IS NULL AND p.visitor_id = first.visitor_id AND p.member_id <> first.member_id;

DROP TABLE IF EXISTS pg_temp.imports_joined;

CREATE TEMP TABLE imports_joined AS
SELECT DISTINCT visitor_id, member_id
FROM pg_temp.imports_parsed
WHERE fault IS NULL AND visitor_id <> '' AND member_id IS NOT NULL AND found_visitor_id IS NULL;

-- No ON CONFLICT: where another load says so at the same moment, the batch is taken again.
INSERT INTO profiles_identity (kind, source, value, member_id)
SELECT 'visitor', %(source)s, visitor_id, member_id FROM pg_temp.imports_joined ORDER BY visitor_id;

UPDATE profiles_touch AS t SET member_id = joined.member_id
FROM pg_temp.imports_joined AS joined
WHERE t.visitor_id = %(prefix)s || joined.visitor_id AND t.member_id IS NULL;

UPDATE pg_temp.imports_parsed AS p SET member_id = coalesce(p.found_visitor_id, joined.member_id)
FROM pg_temp.imports_parsed AS q
LEFT JOIN pg_temp.imports_joined AS joined ON joined.visitor_id = q.visitor_id
WHERE p.line = q.line AND p.fault IS NULL AND p.member_id IS NULL
  AND coalesce(p.found_visitor_id, joined.member_id) IS NOT NULL;

-- Stored with the source's prefix, as all ids of a source are.
UPDATE pg_temp.imports_parsed SET visitor_id = %(prefix)s || visitor_id
WHERE fault IS NULL AND visitor_id <> '' AND %(prefix)s <> ''
-- STORE
-- A touch earlier than all that was known of a member moves the day the platform has known it.
WITH earlier AS (
    SELECT m.id, first.at
    FROM (
        SELECT member_id, (SELECT min(t.at) FROM profiles_touch AS t WHERE t.member_id = named.member_id) AS at
        FROM (SELECT DISTINCT member_id FROM pg_temp.imports_parsed WHERE fault IS NULL AND member_id IS NOT NULL)
            AS named
    ) AS first
    JOIN profiles_member AS m ON m.id = first.member_id AND first.at < m.known_at
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
)
UPDATE profiles_member AS m SET known_at = earlier.at, updated_at = %(now)s
FROM earlier WHERE m.id = earlier.id
