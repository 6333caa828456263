-- Members whose mobile, e-mail or ID number this is in full, then those whose mobile ends so, then those with this name in
-- any outside system. The blind indexes of mobiles that end alike are one range.
-- Kinds and sources are few: step from one to the next in the unique index, and look the value up in each.
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
SELECT member_id
FROM (
    SELECT id AS member_id, 1 AS place
    FROM profiles_member
    WHERE mobile_index = ANY(%(mobile)s::bytea[]) OR email_index = ANY(%(email)s::bytea[])
        OR id_number_index = ANY(%(id_number)s::bytea[])
    UNION ALL
    SELECT id, 2
    FROM profiles_member
    WHERE mobile_index >= %(tail_first)s::bytea AND mobile_index <= %(tail_last)s::bytea
        AND (%(named)s = '' OR strpos(search_text, E'\n' || %(named)s) > 0)
    UNION ALL
    SELECT identity.member_id, 3
    FROM system
    JOIN profiles_identity AS identity USING (kind, source)
    WHERE identity.value = %(value)s
) AS found
GROUP BY member_id
ORDER BY min(place), member_id
LIMIT %(most)s
