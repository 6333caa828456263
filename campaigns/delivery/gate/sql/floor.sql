CREATE OR REPLACE FUNCTION delivery_still_allowed(member bigint, version bigint, selection text, instant timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (CASE {contact} ELSE false END) AND CASE
        WHEN c.purpose <> 'product_marketing' THEN true
        ELSE coalesce((
            SELECT {outcome} <> 'forbid'
            FROM (
                SELECT {line} AS line
                FROM (SELECT facts.*, selection <> 'one' AS is_broadcast FROM ({facts}) AS facts OFFSET 0) AS f
                OFFSET 0
            ) AS s
        ), false)
    END
    FROM profiles_member AS m, review_copyversion AS v
    JOIN review_copy AS c ON c.id = v.copy_id
    WHERE m.id = member AND v.id = version
$$
