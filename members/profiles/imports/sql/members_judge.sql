UPDATE pg_temp.imports_parsed AS p SET fault = %(back)s
FROM profiles_member AS m
WHERE p.fault IS NULL AND p.registered_at IS NULL AND m.id = p.found_member_id AND m.registered_at IS NOT NULL;
UPDATE pg_temp.imports_parsed AS p SET fault = %(back)s
FROM (
    SELECT outside_id, min(line) AS line FROM pg_temp.imports_parsed
    WHERE fault IS NULL AND registered_at IS NOT NULL GROUP BY outside_id
) AS earlier
WHERE p.fault IS NULL AND p.registered_at IS NULL AND p.outside_id = earlier.outside_id AND p.line > earlier.line;
-- A referrer is known, or comes in this batch and has itself no referrer that is missing.
WITH RECURSIVE lost AS (
    SELECT p.outside_id
    FROM pg_temp.imports_parsed AS p
    WHERE p.fault IS NULL AND p.referrer IS NOT NULL AND p.found_referrer_id IS NULL
      AND NOT EXISTS (SELECT FROM pg_temp.imports_parsed AS q WHERE q.fault IS NULL AND q.outside_id = p.referrer)
    UNION
    SELECT p.outside_id
    FROM lost
    JOIN pg_temp.imports_parsed AS p ON p.referrer = lost.outside_id
    WHERE p.fault IS NULL AND p.found_referrer_id IS NULL
)
UPDATE pg_temp.imports_parsed AS p SET fault = %(unknown)s
FROM lost
WHERE p.outside_id = lost.outside_id AND p.fault IS NULL AND p.referrer IS NOT NULL AND p.found_referrer_id IS NULL
