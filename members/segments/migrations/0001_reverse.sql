-- The triggers of other tables go with their functions (members.rules.keeping.triggers).
DO $$
DECLARE
    marking regproc;
BEGIN
    FOR marking IN SELECT oid FROM pg_proc WHERE proname ^@ 'segments_mark_' LOOP
        EXECUTE format('DROP FUNCTION %s() CASCADE', marking);
    END LOOP;
END $$;
DROP TRIGGER version_not_emptied ON segments_version;
DROP TRIGGER version_append_only ON segments_version;
