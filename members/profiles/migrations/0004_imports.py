from django.db import migrations, models

BROUGHT = ("member", "channel", "channelspend", "touch", "event", "signal", "riskassessment")


class Migration(migrations.Migration):
    """Rows keep the import that last wrote them, a preference the system that told it."""

    dependencies = [("profiles", "0003_search")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="import_id",
                field=models.BigIntegerField(editable=False, null=True),
            )
            for name in BROUGHT
        ),
        migrations.AddField(
            model_name="preference",
            name="source",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
