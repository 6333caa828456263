-- The triggers of other tables go with their functions (members.rules.keeping.triggers).
DO $$
DECLARE
    marking regproc;
BEGIN
    FOR marking IN SELECT oid FROM pg_proc WHERE proname ^@ 'loyalty_incentive_mark_' LOOP
        EXECUTE format('DROP FUNCTION %s() CASCADE', marking);
    END LOOP;
END $$;
DROP FUNCTION loyalty_keep_earned() CASCADE;
DROP FUNCTION loyalty_incentive_as_approved() CASCADE;
DROP TRIGGER approved ON loyalty_incentiveversion;
DROP TRIGGER incentiveversion_not_emptied ON loyalty_incentiveversion;
DROP TRIGGER incentiveversion_append_only ON loyalty_incentiveversion;
