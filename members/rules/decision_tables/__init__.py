"""Decision tables: one table as data, decided in Python and in SQL alike (docs/decision-tables.md)."""
