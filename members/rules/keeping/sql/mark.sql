
BEGIN
    IF NOT EXISTS (SELECT FROM {keeper}_read WHERE table_name = '{table}') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {keeper}_dirty (member_id, source, at, day)
        SELECT {key}, '{table}', max({at}), max({day}) FROM new_rows a WHERE {key} IS NOT NULL GROUP BY {key};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {keeper}_dirty (member_id, source, at, day)
        SELECT {key}, '{table}', max({at}), max({day}) FROM old_rows a WHERE {key} IS NOT NULL GROUP BY {key};
    ELSE
        INSERT INTO {keeper}_dirty (member_id, source, at, day)
        SELECT k.member_id, '{table}', max(k.at), max(k.day)
        FROM old_rows o
        FULL JOIN new_rows n USING ({same_row})
        CROSS JOIN LATERAL (
            SELECT {key} AS member_id, {at_update} AS at, {day} AS day FROM (SELECT o.*) a
            UNION ALL
            SELECT {key}, {at_update}, {day} FROM (SELECT n.*) a
        ) k
        WHERE ({old}) IS DISTINCT FROM ({new}) AND k.member_id IS NOT NULL
        GROUP BY k.member_id;
    END IF;
    RETURN NULL;
END 
