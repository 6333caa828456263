DROP SEQUENCE loyalty_tierchange_id;
DROP SEQUENCE loyalty_tieroverride_id;
