-- Ids of tables that grow, keyed by member.
SELECT;
