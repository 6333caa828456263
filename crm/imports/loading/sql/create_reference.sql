INSERT INTO {table} ({names})
SELECT DISTINCT ON (p."{code}") {values}
FROM pg_temp.imports_parsed AS p
WHERE p.fault IS NULL AND p."{code}" IS NOT NULL
  AND NOT EXISTS (SELECT FROM {table} AS known WHERE known.code = p."{code}")
ORDER BY p."{code}"
ON CONFLICT (code) DO NOTHING
RETURNING code
