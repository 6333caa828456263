-- Members with this name in any outside system. Kinds and sources are few: step from one to the
-- next in the unique index, and look the value up in each.
WITH RECURSIVE system AS (
    (SELECT kind, source FROM profiles_identity ORDER BY kind, source LIMIT 1)
    UNION ALL
    SELECT following.kind, following.source
    FROM system
    CROSS JOIN LATERAL (
        SELECT identity.kind, identity.source
        FROM profiles_identity AS identity
        WHERE (identity.kind, identity.source) > (system.kind, system.source)
        ORDER BY identity.kind, identity.source
        LIMIT 1
    ) AS following
)
SELECT DISTINCT identity.member_id
FROM system
JOIN profiles_identity AS identity USING (kind, source)
WHERE identity.value = %(value)s
ORDER BY identity.member_id
LIMIT %(limit)s
