from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes of the lists of members (docs/decisions/lists.md)."""

    dependencies = [("lifecycle", "0003_first_instants")]

    operations = [
        migrations.RemoveIndex(model_name="standing", name="standing_due"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["due_at", "member"], name="standing_due"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["stage", "aum", "member"], name="standing_by_stage_aum"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["stage", "since", "member"], name="standing_by_stage_since"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["aum", "member"],
                condition=models.Q(warnings__gt=0),
                name="standing_warned_by_aum",
            ),
        ),
    ]
