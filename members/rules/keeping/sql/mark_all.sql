
BEGIN
    IF NOT EXISTS (SELECT FROM {keeper}_read WHERE table_name = '{table}') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {keeper}_dirty (member_id, source)
        SELECT NULL, '{table}' WHERE EXISTS (SELECT FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {keeper}_dirty (member_id, source)
        SELECT NULL, '{table}' WHERE EXISTS (SELECT FROM old_rows);
    ELSE
        INSERT INTO {keeper}_dirty (member_id, source)
        SELECT NULL, '{table}' WHERE EXISTS (
            SELECT FROM old_rows o FULL JOIN new_rows n USING ({same_row}) WHERE ({old}) IS DISTINCT FROM ({new})
        );
    END IF;
    RETURN NULL;
END 
