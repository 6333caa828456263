from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "triggers.sql"
UNDO = """
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
DROP TRIGGER keep_record ON lifecycle_transition;
DROP TRIGGER keep_record ON lifecycle_warning;
DROP TRIGGER keep_record ON lifecycle_policy;
DROP FUNCTION lifecycle_keep_record, lifecycle_member_added, lifecycle_member_changed,
    lifecycle_transaction_added, lifecycle_transaction_taken, lifecycle_transaction_changed,
    lifecycle_event_added, lifecycle_event_taken, lifecycle_event_changed,
    lifecycle_signal_added, lifecycle_signal_taken, lifecycle_signal_changed,
    lifecycle_valuation_added, lifecycle_valuation_taken, lifecycle_valuation_changed,
    lifecycle_policy_at, lifecycle_policy_since;
"""


class Migration(migrations.Migration):
    """Mark members dirty wherever their facts change; keep what was recorded."""

    dependencies = [
        ("lifecycle", "0001_initial"),
        ("portfolio", "0002_valuation_key_carries_aum"),
        ("profiles", "0001_initial"),
    ]

    operations = [migrations.RunSQL(SQL.read_text(), UNDO)]
