from django.db import migrations, models

import crm.staff.name_order


def fill(apps, schema_editor):
    """The keys of who is there already: people and teams are few."""
    for name, field in (("Staff", "display_name"), ("Team", "name")):
        model = apps.get_model("staff", name)
        rows = list(model.objects.all())
        for row in rows:
            row.name_key = crm.staff.name_order.name_key(getattr(row, field))
        model.objects.bulk_update(rows, ["name_key"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0003_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='name_key',
            field=crm.staff.name_order.NameKeyField('display_name', default='', editable=False, max_length=120),
        ),
        migrations.AddField(
            model_name='team',
            name='name_key',
            field=crm.staff.name_order.NameKeyField('name', default='', editable=False, max_length=120),
        ),
        migrations.RemoveIndex(
            model_name='staff',
            name='staff_by_name',
        ),
        migrations.AddIndex(
            model_name='staff',
            index=models.Index(fields=['name_key', 'id'], name='staff_by_name'),
        ),
        migrations.AddIndex(
            model_name='team',
            index=models.Index(fields=['name_key', 'id'], name='team_by_name'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
