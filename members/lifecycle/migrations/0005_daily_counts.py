from pathlib import Path

from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent / "0005_daily_counts.sql").read_text()
UNDO = """
DROP TRIGGER count_added ON lifecycle_transition;
DROP TRIGGER count_superseded ON lifecycle_transition;
DROP TRIGGER count_entered ON lifecycle_standing;
DROP TRIGGER count_changed ON lifecycle_standing;
DROP TRIGGER count_left ON lifecycle_standing;
DROP FUNCTION lifecycle_moves_added, lifecycle_moves_superseded, lifecycle_stage_counted;
"""
# A trigger knows no settings: the platform's zone is written into the function. After each migrate it is compared
# with the settings (members.lifecycle.tally.keep_zone).
DAY = f"""
CREATE FUNCTION lifecycle_platform_day(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
    SELECT ($1 AT TIME ZONE '{settings.BUSINESS_TIME_ZONE}')::date
$fn$
"""
STAGES = [('acquisition', 'Acquisition'), ('activation', 'Activation'), ('growth', 'Growth'), ('maturity', 'Maturity'), ('decline', 'Decline')]
SUB_STATES = [('stalled', 'Stalled'), ('at_risk', 'At risk'), ('dormant', 'Dormant'), ('churned', 'Churned')]


class Migration(migrations.Migration):
    """Keep the number of members in each stage and the moves of each day."""

    dependencies = [
        ('lifecycle', '0004_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='MoveCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('from_stage', models.CharField(choices=STAGES, max_length=12, null=True)),
                ('from_sub_state', models.CharField(choices=SUB_STATES, max_length=8, null=True)),
                ('to_stage', models.CharField(choices=STAGES, max_length=12, null=True)),
                ('to_sub_state', models.CharField(choices=SUB_STATES, max_length=8, null=True)),
                ('members', models.BigIntegerField()),
                ('folded', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='movecount_by_day'), models.Index(condition=models.Q(('folded', False)), fields=['id'], name='movecount_to_fold')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('folded', True)), fields=('day', 'from_stage', 'from_sub_state', 'to_stage', 'to_sub_state'), name='movecount_one_sum', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='StageCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=STAGES, max_length=12)),
                ('sub_state', models.CharField(choices=SUB_STATES, max_length=8, null=True)),
                ('members', models.BigIntegerField()),
                ('folded', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('folded', False)), fields=['id'], name='stagecount_to_fold')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('folded', True)), fields=('stage', 'sub_state'), name='stagecount_one_sum', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(DAY, "DROP FUNCTION lifecycle_platform_day"),
        migrations.RunSQL(SQL, UNDO),
    ]
