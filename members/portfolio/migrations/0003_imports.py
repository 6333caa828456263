from django.db import migrations, models

BROUGHT = ("product", "transaction", "valuation", "savingplan")


class Migration(migrations.Migration):
    """Rows keep the import that last wrote them."""

    dependencies = [("portfolio", "0002_valuation_key_carries_aum")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="import_id",
            field=models.BigIntegerField(editable=False, null=True),
        )
        for name in BROUGHT
    ]
