-- What imports overwrite is kept as it was, so that an import can be undone; and that somebody changed by hand what
-- an import brought. Statement by statement, from the rows that a statement really changed: unchanged ones cost nothing.

CREATE FUNCTION imports_keep_overwritten() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    keys text; same text;
BEGIN
    IF current_setting('imports.undoing', true) = 'on' THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(format('o.%I', name), ', '), string_agg(format('o.%1$I = n.%1$I', name), ' AND ')
    INTO keys, same FROM unnest(TG_ARGV) AS name;
    EXECUTE format(
        'INSERT INTO imports_overwritten (run_id, was_id, by_hand, table_name, key, row)
         SELECT n.import_id, o.import_id, n.import_id IS NOT DISTINCT FROM o.import_id, %L, jsonb_build_array(%s), to_jsonb(o)
         FROM old_rows AS o JOIN new_rows AS n ON %s
         WHERE n.import_id IS NOT NULL
           AND (n.import_id IS DISTINCT FROM o.import_id OR (NOT %L AND o IS DISTINCT FROM n))',
        TG_TABLE_NAME, keys, same, coalesce(current_setting('imports.loading', true) = 'on', false)
    );
    RETURN NULL;
END $$;

CREATE FUNCTION imports_watch(watched regclass, VARIADIC key text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER imports_overwritten AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
         FOR EACH STATEMENT EXECUTE FUNCTION imports_keep_overwritten(%s)',
        watched, (SELECT string_agg(quote_literal(name), ', ') FROM unnest(key) AS name)
    );
END $$;

CREATE TRIGGER approved BEFORE INSERT ON imports_importundo FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('imports.undo');
