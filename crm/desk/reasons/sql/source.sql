SELECT '{key}'::text AS source, of.* FROM (
{sql}
) AS of
