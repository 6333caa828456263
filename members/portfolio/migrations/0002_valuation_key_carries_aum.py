from django.db import migrations


class Migration(migrations.Migration):
    """The stage engine reads (member, date, aum) only: with aum in the key's index it never visits the heap."""

    dependencies = [("portfolio", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE portfolio_valuation DROP CONSTRAINT portfolio_valuation_pkey;
            ALTER TABLE portfolio_valuation
                ADD CONSTRAINT portfolio_valuation_pkey PRIMARY KEY (member_id, date) INCLUDE (aum);
            """,
            """
            ALTER TABLE portfolio_valuation DROP CONSTRAINT portfolio_valuation_pkey;
            ALTER TABLE portfolio_valuation
                ADD CONSTRAINT portfolio_valuation_pkey PRIMARY KEY (member_id, date);
            """,
        )
    ]
