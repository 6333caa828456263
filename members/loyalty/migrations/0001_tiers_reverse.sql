DROP FUNCTION loyalty_keep_tier_policy, loyalty_keep_tier_override, loyalty_keep_tier CASCADE;
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
