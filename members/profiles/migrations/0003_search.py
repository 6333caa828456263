from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).resolve().parent
KEEP = """
UPDATE profiles_member AS m SET search_text = t.lines
FROM (
    SELECT member_id, string_agg(E'\\n' || term, '' ORDER BY term COLLATE "C") AS lines
    FROM profiles_searchterm WHERE strpos(term, E'\\n') = 0 GROUP BY member_id
) AS t
WHERE m.id = t.member_id
"""
PUT_BACK = """
INSERT INTO profiles_searchterm (term, member_id)
SELECT line, m.id FROM profiles_member AS m, unnest(string_to_array(substr(m.search_text, 2), E'\\n')) AS line
ORDER BY line COLLATE "C", m.id
"""
DROP_GUARDS = """
DROP TRIGGER identity_of_a_member ON profiles_identity; DROP TRIGGER identity_moved_to_a_member ON profiles_identity;
DROP FUNCTION profiles_identity_of_a_member(); DROP TRIGGER member_gone ON profiles_member;
DROP FUNCTION profiles_member_gone();
"""


class Migration(migrations.Migration):
    """Search terms beside the name, one index on them, and checks by statement where a row's cost too much."""

    dependencies = [("profiles", "0002_book_kept")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="search_text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.RunSQL(KEEP, PUT_BACK),
        # The columns of a composite key cannot be altered.
        migrations.DeleteModel(name="SearchTerm"),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "term", "member_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("term", models.CharField(db_collation="C", max_length=120)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="profiles.member",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(PUT_BACK, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="identity",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="identities",
                to="profiles.member",
            ),
        ),
        migrations.RunSQL((HERE / "member_guards.sql").read_text(), DROP_GUARDS),
    ]
