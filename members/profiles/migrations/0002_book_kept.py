from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "book_kept.sql"
UNDO = "DROP TRIGGER book_kept ON profiles_book; DROP FUNCTION profiles_book_kept();"


class Migration(migrations.Migration):
    """Who had which member stays on record."""

    dependencies = [("profiles", "0001_initial")]

    operations = [migrations.RunSQL(SQL.read_text(), UNDO)]
