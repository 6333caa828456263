-- The role of the application owns nothing, so only a function of the owner lets it gather statistics: of tables that are
-- more than four times as large as when that was last done. What others analyze or vacuum now is left to them. A small
-- sample is enough until the server gathers its own.
CREATE FUNCTION imports_analyze_grown(tables oid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog SET default_statistics_target = 30 AS $$
DECLARE
    grown regclass;
BEGIN
    FOR grown IN
        SELECT oid FROM pg_class
        WHERE oid = ANY (tables) AND relkind = 'r'
          AND pg_relation_size(oid) / current_setting('block_size')::integer > 4 * greatest(relpages, 4)
        ORDER BY oid
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
    END LOOP;
END $$;
