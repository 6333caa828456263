-- Ids of tables that grow, keyed by member.
CREATE SEQUENCE loyalty_tierchange_id;
CREATE SEQUENCE loyalty_tieroverride_id;
