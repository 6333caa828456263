DROP TRIGGER count_added ON lifecycle_transition;
DROP TRIGGER count_superseded ON lifecycle_transition;
DROP TRIGGER count_entered ON lifecycle_standing;
DROP TRIGGER count_changed ON lifecycle_standing;
DROP TRIGGER count_left ON lifecycle_standing;
DROP TRIGGER keep_record ON lifecycle_transition;
DROP TRIGGER keep_rows ON lifecycle_transition;
DROP TRIGGER keep_record ON lifecycle_warning;
DROP TRIGGER keep_rows ON lifecycle_warning;
DROP TRIGGER keep_record ON lifecycle_policy;
DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY[
        'profiles_member', 'portfolio_transaction', 'profiles_event', 'profiles_signal', 'portfolio_valuation'
    ] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS lifecycle_added ON %I', watched);
        EXECUTE format('DROP TRIGGER IF EXISTS lifecycle_changed ON %I', watched);
        EXECUTE format('DROP TRIGGER IF EXISTS lifecycle_taken ON %I', watched);
    END LOOP;
END $$;
DROP VIEW lifecycle_ruling;
DROP FUNCTION lifecycle_stages_entered, lifecycle_stages_changed, lifecycle_stages_left,
    lifecycle_moves_added, lifecycle_moves_superseded,
    lifecycle_keep_record, lifecycle_member_added, lifecycle_member_changed,
    lifecycle_transaction_added, lifecycle_transaction_taken, lifecycle_transaction_changed,
    lifecycle_event_added, lifecycle_event_taken, lifecycle_event_changed,
    lifecycle_signal_added, lifecycle_signal_taken, lifecycle_signal_changed,
    lifecycle_valuation_added, lifecycle_valuation_taken, lifecycle_valuation_changed,
    lifecycle_policy_at, lifecycle_policy_since,
    lifecycle_platform_day, lifecycle_day_start, lifecycle_day_of;
