DROP TRIGGER count_inserted ON lifecycle_transition;
DROP TRIGGER count_superseded ON lifecycle_transition;
DROP TRIGGER count_inserted ON lifecycle_standing;
DROP TRIGGER count_updated ON lifecycle_standing;
DROP TRIGGER count_deleted ON lifecycle_standing;
DROP TRIGGER keep_record ON lifecycle_transition;
DROP TRIGGER keep_rows ON lifecycle_transition;
DROP TRIGGER keep_record ON lifecycle_warning;
DROP TRIGGER keep_rows ON lifecycle_warning;
DROP TRIGGER keep_record ON lifecycle_policy;
DROP TRIGGER not_emptied ON lifecycle_transition;
DROP TRIGGER not_emptied ON lifecycle_warning;
DROP TRIGGER not_emptied ON lifecycle_policy;
DROP TRIGGER approved ON lifecycle_policy;
DROP TRIGGER keep_base ON lifecycle_policy;
DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY[
        'profiles_member', 'portfolio_transaction', 'profiles_event', 'profiles_signal', 'profiles_complaint',
        'portfolio_valuation'
    ] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS lifecycle_inserted ON %I', watched);
        EXECUTE format('DROP TRIGGER IF EXISTS lifecycle_updated ON %I', watched);
        EXECUTE format('DROP TRIGGER IF EXISTS lifecycle_deleted ON %I', watched);
    END LOOP;
END $$;
DROP TRIGGER lifecycle_inserted ON lifecycle_newnormal;
DROP TRIGGER keep_record ON lifecycle_newnormal;
DROP TRIGGER not_emptied ON lifecycle_newnormal;
DROP VIEW lifecycle_policy_period;
DROP FUNCTION lifecycle_stages_inserted, lifecycle_stages_updated, lifecycle_stages_deleted,
    lifecycle_count_transitions, lifecycle_uncount_transitions,
    lifecycle_keep_record, lifecycle_policy_keeps_base, lifecycle_member_inserted, lifecycle_member_updated,
    lifecycle_transaction_inserted, lifecycle_transaction_deleted, lifecycle_transaction_updated,
    lifecycle_event_inserted, lifecycle_event_deleted, lifecycle_event_updated,
    lifecycle_signal_inserted, lifecycle_signal_deleted, lifecycle_signal_updated,
    lifecycle_complaint_inserted, lifecycle_complaint_deleted, lifecycle_complaint_updated,
    lifecycle_valuation_inserted, lifecycle_valuation_deleted, lifecycle_valuation_updated,
    lifecycle_newnormal_inserted,
    lifecycle_policy_at, lifecycle_reevaluate_from,
    lifecycle_calm_assets, lifecycle_assets, lifecycle_held, lifecycle_falls, lifecycle_platform_day, lifecycle_day_start,
    lifecycle_day_of;
DROP TYPE lifecycle_assets;
DROP FUNCTION lifecycle_policy_withdrawn(), lifecycle_keep_policy(), lifecycle_keep_withdrawal() CASCADE;
