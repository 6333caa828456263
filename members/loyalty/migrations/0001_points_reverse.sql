-- The triggers of other tables go with their functions (members.loyalty.points.earning.triggers).
DO $$
DECLARE
    marking regproc;
BEGIN
    FOR marking IN SELECT oid FROM pg_proc WHERE proname ^@ 'loyalty_earn_mark_' LOOP
        EXECUTE format('DROP FUNCTION %s() CASCADE', marking);
    END LOOP;
END $$;
DROP FUNCTION loyalty_points_lapse(timestamptz, text, integer, integer);
DROP FUNCTION loyalty_claw_back(bigint, bigint, bigint, bigint, text, timestamptz, text);
DROP FUNCTION loyalty_reverse(bigint, bigint, bigint, text, timestamptz, text);
DROP FUNCTION loyalty_spend(bigint, bigint, text, bigint, text, timestamptz, text, bigint, integer, bigint);
DROP FUNCTION loyalty_take_from_lots(bigint, bigint, bigint, bigint, bigint);
DROP FUNCTION loyalty_earn(
    bigint, timestamptz, text, bigint[], text[], bigint[], timestamptz[], timestamptz[], timestamptz[], text[],
    bigint[], text[], numeric[], bigint
);
DROP FUNCTION loyalty_settle(bigint, bigint[], timestamptz, boolean);
DROP FUNCTION loyalty_points_due(bigint, bigint);
DROP FUNCTION loyalty_entry_of_key(bigint, text, bigint, text, bigint, bigint);
DROP TRIGGER pointsbudget_as_approved ON loyalty_pointsbudget;
DROP TRIGGER rewardversion_as_approved ON loyalty_rewardversion;
DROP TRIGGER earnruleversion_as_approved ON loyalty_earnruleversion;
DROP FUNCTION loyalty_version_as_approved();
DROP TRIGGER pointsentry_as_approved ON loyalty_pointsentry;
DROP FUNCTION loyalty_adjusted_as_approved();
DROP TRIGGER pointsentry_approved ON loyalty_pointsentry;
DROP TRIGGER pointsbudget_approved ON loyalty_pointsbudget;
DROP TRIGGER rewardversion_approved ON loyalty_rewardversion;
DROP TRIGGER earnruleversion_approved ON loyalty_earnruleversion;
DROP TRIGGER pointsbudget_not_emptied ON loyalty_pointsbudget;
DROP TRIGGER pointsbudget_append_only ON loyalty_pointsbudget;
DROP TRIGGER rewardversion_not_emptied ON loyalty_rewardversion;
DROP TRIGGER rewardversion_append_only ON loyalty_rewardversion;
DROP TRIGGER earnruleversion_not_emptied ON loyalty_earnruleversion;
DROP TRIGGER earnruleversion_append_only ON loyalty_earnruleversion;
DROP TRIGGER pointsaccount_by_verbs ON loyalty_pointsaccount;
DROP TRIGGER pointslot_by_verbs ON loyalty_pointslot;
DROP TRIGGER lotuse_by_verbs ON loyalty_lotuse;
DROP TRIGGER pointsentry_by_verbs ON loyalty_pointsentry;
DROP FUNCTION loyalty_written_by_its_verbs();
DROP TRIGGER pointsaccount_not_emptied ON loyalty_pointsaccount;
DROP TRIGGER pointsaccount_kept ON loyalty_pointsaccount;
DROP TRIGGER pointslot_not_emptied ON loyalty_pointslot;
DROP TRIGGER pointslot_kept ON loyalty_pointslot;
DROP TRIGGER lotuse_not_emptied ON loyalty_lotuse;
DROP TRIGGER lotuse_append_only ON loyalty_lotuse;
DROP TRIGGER pointsentry_not_emptied ON loyalty_pointsentry;
DROP TRIGGER pointsentry_append_only ON loyalty_pointsentry;
