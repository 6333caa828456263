import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("query", models.JSONField(default=dict)),
                ("shared", models.BooleanField(default=False, verbose_name="for my team too")),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "follows",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="desk.savedview",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "indexes": [models.Index(condition=Q(shared=True), fields=["shared"], name="savedview_shared")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(deleted_at=None), fields=("owner", "name"), name="savedview_one_name"
                    ),
                    models.CheckConstraint(
                        condition=~Q(name="") | Q(shared=False, deleted_at=None), name="savedview_start_is_ones_own"
                    ),
                    models.CheckConstraint(
                        condition=Q(follows=None) | Q(name=""), name="savedview_only_start_follows"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("query", models.JSONField(default=dict)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("rows", models.PositiveIntegerField(null=True)),
                (
                    "begun",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.listexport",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="listexport_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(begun=None, rows=None) | Q(begun__isnull=False, rows__isnull=False),
                        name="listexport_rows_at_the_end",
                    ),
                    models.CheckConstraint(condition=Q(rows__gte=0), name="listexport_rows_not_negative"),
                ],
            },
        ),
    ]
