DROP FUNCTION loyalty_keep_tier_policy, loyalty_keep_tier_override, loyalty_keep_tier,
    loyalty_tier_member_inserted, loyalty_tier_member_updated, loyalty_tier_valuation_inserted,
    loyalty_tier_valuation_deleted, loyalty_tier_valuation_updated, loyalty_tier_points_inserted CASCADE;
DROP FUNCTION loyalty_tier_at;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['loyalty_tierpolicy', 'loyalty_tieroverride', 'loyalty_tierchange'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS append_only ON %I', kept);
        EXECUTE format('DROP TRIGGER IF EXISTS not_emptied ON %I', kept);
        EXECUTE format('DROP TRIGGER IF EXISTS approved ON %I', kept);
        EXECUTE format('DROP TRIGGER IF EXISTS keep_record ON %I', kept);
    END LOOP;
END $$;
