"""Which policy version rules when, as rows to join; the records' guards without a call for each row they let by."""

from django.db import migrations

RULING = """
-- Of the versions effective from one instant the latest rules; before the first instant, its first version does.
CREATE VIEW lifecycle_ruling AS
    SELECT max(version) AS version, effective_from AS since,
           lead(effective_from, 1, 'infinity') OVER (ORDER BY effective_from) AS until
    FROM lifecycle_policy GROUP BY effective_from
    UNION ALL
    (SELECT version, '-infinity', effective_from FROM lifecycle_policy ORDER BY effective_from, version LIMIT 1);
"""

GUARDS = """
DROP TRIGGER keep_record ON lifecycle_transition;
DROP TRIGGER keep_record ON lifecycle_warning;
CREATE TRIGGER keep_record BEFORE UPDATE ON lifecycle_transition FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL OR (
        OLD.member_id, OLD.id, OLD.effective_at, OLD.recorded_at, OLD.from_stage, OLD.from_sub_state, OLD.to_stage,
        OLD.to_sub_state, OLD.won_back, OLD.policy_version, OLD.inputs, OLD.dwell
    ) IS DISTINCT FROM (
        NEW.member_id, NEW.id, NEW.effective_at, NEW.recorded_at, NEW.from_stage, NEW.from_sub_state, NEW.to_stage,
        NEW.to_sub_state, NEW.won_back, NEW.policy_version, NEW.inputs, NEW.dwell
    ))
    EXECUTE FUNCTION lifecycle_keep_record('superseded_at');
CREATE TRIGGER keep_record BEFORE UPDATE ON lifecycle_warning FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL OR (
        OLD.member_id, OLD.id, OLD.kind, OLD.raised_at, OLD.recorded_at, OLD.policy_version, OLD.evidence
    ) IS DISTINCT FROM (
        NEW.member_id, NEW.id, NEW.kind, NEW.raised_at, NEW.recorded_at, NEW.policy_version, NEW.evidence
    ))
    EXECUTE FUNCTION lifecycle_keep_record('superseded_at', 'ended_at');
CREATE TRIGGER keep_rows BEFORE DELETE ON lifecycle_transition FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER keep_rows BEFORE DELETE ON lifecycle_warning FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record();
"""

GUARDS_BEFORE = """
DROP TRIGGER keep_rows ON lifecycle_transition;
DROP TRIGGER keep_rows ON lifecycle_warning;
DROP TRIGGER keep_record ON lifecycle_transition;
DROP TRIGGER keep_record ON lifecycle_warning;
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON lifecycle_transition
    FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record('superseded_at');
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON lifecycle_warning
    FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record('superseded_at', 'ended_at');
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0005_daily_counts")]

    operations = [
        migrations.RunSQL(RULING, "DROP VIEW lifecycle_ruling"),
        migrations.RunSQL(GUARDS, GUARDS_BEFORE),
    ]
